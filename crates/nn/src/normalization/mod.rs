//! Batch and layer normalization.
//!
//! Both work on rows: `y = (x - mean) / sqrt(variance + epsilon) * gamma + beta`, where batch normalization
//! has a mean and a variance for each column, layer normalization for each row. Sums are in double
//! precision and in a fixed order; the variance is a second pass, over squares of `x - mean`, and divides
//! by the number of elements. An empty `gamma` stands for ones, an empty `beta` for zeros.

mod batch;
mod layer;

pub use batch::{batch_input_gradient, batch_normalize, batch_statistics, batch_sums};
pub use layer::{layer_input_gradient, layer_normalize, layer_sums};

use crate::fours::at;
use gradstep_core::lanes::{Lanes, Native, WIDTH};

/// `1 / sqrt(variance + epsilon)`
fn inverse_deviation(variance: f32, epsilon: f32) -> f32 {
    (1.0 / (f64::from(variance) + f64::from(epsilon)).sqrt()) as f32
}

/// Sums `f(row, col, a, b)` down the columns of two matrices, from top to bottom, four columns at a time;
/// `put` gets the column and its sum.
#[inline(always)]
fn column_sums(
    a: &[f32],
    b: &[f32],
    cols: usize,
    f: impl Fn(usize, usize, Native, Native) -> Native,
    mut put: impl FnMut(usize, f64),
) {
    for left in (0..cols).step_by(WIDTH) {
        let mut sums = [0.0; WIDTH];
        for (row, (a, b)) in a.chunks_exact(cols).zip(b.chunks_exact(cols)).enumerate() {
            sums = f(row, left, at(a, left), at(b, left)).add_to(sums);
        }
        for (i, sum) in sums.into_iter().take(cols - left).enumerate() {
            put(left + i, sum);
        }
    }
}

/// The four of `x` at `start`, or `default` where `x` is empty.
#[inline(always)]
fn at_or(x: &[f32], start: usize, default: f32) -> Native {
    if x.is_empty() { Native::splat(default) } else { at(x, start) }
}
