//! Pooling over images in NHWC order, for each channel. Pixels outside the image are ignored.

use crate::convolution::Geometry;
use crate::fours::{at, put};
use core::ops::Range;
use gradstep_core::lanes::{Lanes, Native, WIDTH};

/// `WIDTH` channels, or the remaining ones, of one output pixel.
struct Cell {
    /// The place of these channels in the output, and their number.
    to: usize,
    lanes: usize,
    /// The place of these channels in the input, at the image's first pixel.
    from: usize,
    rows: Range<usize>,
    cols: Range<usize>,
    /// The strides between rows and between columns of the input.
    step: [usize; 2],
}

impl Cell {
    /// Calls `f` with the places of the window's pixels in the input, row by row.
    #[inline(always)]
    fn each(&self, mut f: impl FnMut(usize)) {
        for row in self.rows.clone() {
            for col in self.cols.clone() {
                f(self.from + row * self.step[0] + col * self.step[1]);
            }
        }
    }
}

/// Calls `f` with the cells of all output pixels of a batch.
#[inline(always)]
fn each_cell(g: &Geometry, mut f: impl FnMut(Cell)) {
    let [height, width, channels] = g.input;
    let [to_rows, to_cols, _] = g.output;
    let step = [width * channels, channels];
    let mut to = 0;
    for image in 0..g.batch {
        for pixel in 0..to_rows * to_cols {
            let [rows, cols] = [(0, pixel / to_cols), (1, pixel % to_cols)].map(|(axis, to)| {
                let start = to * g.stride[axis];
                let end = (start + g.kernel[axis]).saturating_sub(g.padding[axis]);
                start.saturating_sub(g.padding[axis])..end.min(g.input[axis])
            });
            for channel in (0..channels).step_by(WIDTH) {
                let lanes = WIDTH.min(channels - channel);
                let from = image * height * step[0] + channel;
                f(Cell { to, lanes, from, rows: rows.clone(), cols: cols.clone(), step });
                to += lanes;
            }
        }
    }
}

/// Max pooling, or average pooling without `indices`: writes the largest number of each window, or the mean, to `y`, and the
/// index in `x` of the largest number, the first of equal ones, to `indices`. The maximum of a window with a NaN is NaN.
///
/// # Panics
/// If a length does not fit.
pub fn pool(g: &Geometry, x: &[f32], y: &mut [f32], mut indices: Option<&mut [i32]>) {
    each_cell(g, |cell| {
        let first = cell.from + cell.rows.start * cell.step[0] + cell.cols.start * cell.step[1];
        // Lanes carry indices as bits.
        let bits = |place: usize| Native::splat(f32::from_bits(place as u32));
        let (mut largest, mut place) = (Native::splat(f32::NEG_INFINITY), bits(first));
        let mut sum = Native::splat(0.0);
        cell.each(|tap| {
            let x = at(x, tap);
            place = bits(tap).where_positive(x - largest, place);
            largest = largest.max(x);
            sum = sum + x;
        });
        let y = &mut y[cell.to..][..cell.lanes];
        let Some(indices) = &mut indices else { return put(sum / count(&cell), y) };
        put(largest, y);
        let mut places = [0.0; WIDTH];
        place.store(&mut places);
        let indices = &mut indices[cell.to..][..cell.lanes];
        for (lane, (index, place)) in indices.iter_mut().zip(places).enumerate() {
            *index = place.to_bits() as i32 + lane as i32;
        }
    });
}

/// Gradient of the input of max pooling: each number of `dy` is added at the index of the largest number.
///
/// # Panics
/// If an index is outside `dx`.
pub fn max_pool_backward(indices: &[i32], dy: &[f32], dx: &mut [f32]) {
    dx.fill(0.0);
    for (index, dy) in indices.iter().zip(dy) {
        dx[*index as usize] += dy;
    }
}

/// Gradient of the input of average pooling.
///
/// # Panics
/// If a length does not fit.
pub fn average_pool_backward(g: &Geometry, dy: &[f32], dx: &mut [f32]) {
    dx.fill(0.0);
    each_cell(g, |cell| {
        let share = at(dy, cell.to) / count(&cell);
        cell.each(|tap| {
            let dx = &mut dx[tap..][..cell.lanes];
            put(at(dx, 0) + share, dx);
        });
    });
}

fn count(cell: &Cell) -> Native {
    Native::splat((cell.rows.len() * cell.cols.len()) as f32)
}
