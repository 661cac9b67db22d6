//! Softmax and the cross-entropies.
//!
//! All functions process rows: the last axis is that of the classes. Sums over a row are in double precision, in the fixed
//! order of `gradstep_core::reduce`.

mod binary;
mod cross_entropy;
mod target;

pub use binary::{binary_cross_entropy, binary_cross_entropy_backward};
pub use cross_entropy::{categorical_cross_entropy, categorical_cross_entropy_backward};
pub use target::Labels;

use crate::exponential::{exp_shifted, ln};
use crate::fours::{combine, divide, largest, sum, update};
use gradstep_core::lanes::{Lanes, Native};

/// The minimum distance of a probability from 0 and 1 before its logarithm is computed: Keras's `epsilon()`.
const EPSILON: f32 = 1e-7;

/// `p`, clipped to between [`EPSILON`] and `1 - EPSILON`; NaN stays NaN.
fn clip(p: f32) -> f32 {
    p.clamp(EPSILON, 1.0 - EPSILON)
}

/// `row = e^(row - max)`. Returns the maximum, and the sum of the new row.
#[inline(never)]
fn exponentials(row: &mut [f32]) -> (f32, f32) {
    let max = largest(1.0, row);
    exp_shifted(row, max);
    (max, sum(row) as f32)
}

/// `row = e^(row - max) / sum`, or `row = row - max - log(sum)`.
#[inline(never)]
fn softmax_row(log: bool, row: &mut [f32], work: &mut [f32]) {
    if log {
        work.copy_from_slice(row);
        let (max, total) = exponentials(work);
        let (max, log) = (Native::splat(max), Native::splat(ln(total)));
        update(row, [], |x, []| x - max - log);
    } else {
        let (_, total) = exponentials(row);
        divide(row, total);
    }
}

/// Softmax of each row, or its logarithm if `log`. `work` has the length of a row.
pub fn softmax(log: bool, x: &[f32], work: &mut [f32], out: &mut [f32]) {
    out.copy_from_slice(x);
    for row in out.chunks_exact_mut(work.len()) {
        softmax_row(log, row, work);
    }
}

/// Softmax: `dx = y (dy - sum(y dy))`. Its logarithm: `dx = dy - e^y sum(dy)`.
#[inline(never)]
fn backward_row(log: bool, y: &[f32], dy: &[f32], dx: &mut [f32]) {
    if log {
        let total = Native::splat(sum(dy) as f32);
        dx.copy_from_slice(y);
        exp_shifted(dx, 0.0);
        update(dx, [dy], |p, [dy]| dy - p * total);
    } else {
        combine([y, dy], dx, |[y, dy]| y * dy);
        let total = Native::splat(sum(dx) as f32);
        combine([y, dy], dx, |[y, dy]| y * (dy - total));
    }
}

/// Gradient of [`softmax`] from its result `y`, for rows of `cols`.
pub fn softmax_backward(log: bool, y: &[f32], dy: &[f32], cols: usize, dx: &mut [f32]) {
    let rows = y.chunks_exact(cols).zip(dy.chunks_exact(cols)).zip(dx.chunks_exact_mut(cols));
    for ((y, dy), dx) in rows {
        backward_row(log, y, dy, dx);
    }
}
