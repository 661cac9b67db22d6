//! Softmax and the cross-entropies.
//!
//! Every function works on rows: the axis of the classes is the last one. Softmax and its logarithm also
//! work along an inner axis, whose elements they copy into working memory, row by row.
//! Sums over a row are in double precision, in the fixed order of `gradstep_core::reduce`.

mod binary;
mod cross_entropy;
mod target;

pub use binary::{
    binary_cross_entropy, binary_cross_entropy_backward, binary_cross_entropy_of_labels,
};
pub use cross_entropy::{
    categorical_cross_entropy, categorical_cross_entropy_backward,
    categorical_cross_entropy_of_labels,
};
pub use target::Labels;

use crate::exponential::{exp_shifted, ln};
use crate::fours::{combine, divide, largest, sum, update};
use gradstep_core::lanes::{Lanes, Native};

/// Distance of a probability from 0 and 1 before its logarithm is taken: Keras's `epsilon()`.
const EPSILON: f32 = 1e-7;

/// Between [`EPSILON`] and 1 less that; NaN stays NaN.
fn clip(p: f32) -> f32 {
    p.clamp(EPSILON, 1.0 - EPSILON)
}

/// `row = e^(row - max)`; that maximum, and the sum of the new row.
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

/// Element `i` of `row` is `x[i * stride]`.
#[inline(never)]
fn gather(x: &[f32], stride: usize, row: &mut [f32]) {
    for (to, from) in row.iter_mut().zip(x.iter().step_by(stride)) {
        *to = *from;
    }
}

#[inline(never)]
fn scatter(row: &[f32], stride: usize, out: &mut [f32]) {
    for (from, to) in row.iter().zip(out.iter_mut().step_by(stride)) {
        *to = *from;
    }
}

/// Softmax, or its logarithm if `log`, along the middle axis of `[outer, len, inner]`.
///
/// `work` has `2 * len` elements.
pub fn softmax(log: bool, x: &[f32], len: usize, inner: usize, work: &mut [f32], out: &mut [f32]) {
    let (row, work) = work[..2 * len].split_at_mut(len);
    for (x, out) in x.chunks_exact(len * inner).zip(out.chunks_exact_mut(len * inner)) {
        if inner == 1 {
            out.copy_from_slice(x);
            softmax_row(log, out, work);
            continue;
        }
        for i in 0..inner {
            gather(&x[i..], inner, row);
            softmax_row(log, row, work);
            scatter(row, inner, &mut out[i..]);
        }
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

/// Gradient of [`softmax`] from its result `y`. `work` has `3 * len` elements.
pub fn softmax_backward(
    log: bool,
    y: &[f32],
    dy: &[f32],
    len: usize,
    inner: usize,
    work: &mut [f32],
    dx: &mut [f32],
) {
    let (row, work) = work[..3 * len].split_at_mut(len);
    let (row_dy, row_dx) = work.split_at_mut(len);
    let block = len * inner;
    for ((y, dy), dx) in
        y.chunks_exact(block).zip(dy.chunks_exact(block)).zip(dx.chunks_exact_mut(block))
    {
        if inner == 1 {
            backward_row(log, y, dy, dx);
            continue;
        }
        for i in 0..inner {
            gather(&y[i..], inner, row);
            gather(&dy[i..], inner, row_dy);
            backward_row(log, row, row_dy, row_dx);
            scatter(row_dx, inner, &mut dx[i..]);
        }
    }
}
