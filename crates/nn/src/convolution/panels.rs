//! The weights of a kernel in the order in which tiles read them.

use gradstep_core::lanes::WIDTH;

/// Output channels of a tile.
pub(super) const PANEL: usize = 2 * WIDTH;

/// For every eight columns of the kernel, as a matrix with a row for each number of a window, a panel of all
/// rows. The last one is four wide if that is enough, and filled up with zeros.
///
/// `bases` has the start of each tap in the kernel; `inner` and `columns` are (count, distance) of the rows of
/// a tap and of the columns.
pub(super) fn pack(
    kernel: &[f32],
    bases: impl Iterator<Item = usize> + Clone,
    inner: [usize; 2],
    columns: [usize; 2],
    panels: &mut [f32],
) {
    let mut to = panels.iter_mut();
    for first in (0..columns[0]).step_by(PANEL) {
        let width = (columns[0] - first).min(PANEL);
        for base in bases.clone() {
            for row in 0..inner[0] {
                let start = base + row * inner[1] + first * columns[1];
                for (column, to) in to.by_ref().take(width.next_multiple_of(WIDTH)).enumerate() {
                    *to = if column < width { kernel[start + column * columns[1]] } else { 0.0 };
                }
            }
        }
    }
}
