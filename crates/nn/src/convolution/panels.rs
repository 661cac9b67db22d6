//! The weights of a kernel in the order in which tiles read them.

use super::phase::Phase;
use gradstep_core::lanes::WIDTH;

/// Output channels of a tile.
pub(super) const PANEL: usize = 2 * WIDTH;

/// A kernel as a matrix, with a row for each number of a window and a column for each channel of the result.
pub(super) struct Weights<'a> {
    pub kernel: &'a [f32],
    /// The number of taps in a row of the kernel.
    pub taps_in_row: usize,
    /// The count of numbers of a tap.
    pub tap: usize,
    /// The number of rows within a tap, and the distance between them.
    pub inner: [usize; 2],
    /// The number of columns, and the distance between them.
    pub columns: [usize; 2],
}

/// Packs a panel for every eight columns: all rows that belong to the phase, with zeros for missing columns.
#[inline(never)]
pub(super) fn pack(weights: &Weights, [v, h]: &[Phase; 2], panels: &mut [f32]) {
    let Weights { kernel, taps_in_row, tap, inner, columns } = *weights;
    let len = v.taps * h.taps * inner[0] * PANEL;
    for (index, panel) in panels.chunks_exact_mut(len.max(1)).enumerate() {
        panel.fill(0.0);
        let first = index * PANEL;
        let width = columns[0].saturating_sub(first).min(PANEL);
        let mut rows = panel.chunks_exact_mut(PANEL);
        for at in 0..v.taps * h.taps {
            let base =
                (v.tap(at / h.taps) * taps_in_row + h.tap(at % h.taps)) * tap + first * columns[1];
            for (row, to) in rows.by_ref().take(inner[0]).enumerate() {
                for (column, to) in to[..width].iter_mut().enumerate() {
                    *to = kernel[base + row * inner[1] + column * columns[1]];
                }
            }
        }
    }
}
