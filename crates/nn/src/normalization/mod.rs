//! Batch and layer normalization.
//!
//! Both work on rows: `y = (x - mean) / sqrt(variance + epsilon) * gamma + beta`, where batch normalization
//! has a mean and a variance for each column, layer normalization for each row. Sums are in double
//! precision and in a fixed order; the variance is a second pass, over squares of `x - mean`, and divides
//! by the number of elements.

mod batch;
mod layer;

pub use batch::{batch_input_gradient, batch_normalize, batch_statistics, batch_sums};
pub use layer::{layer_input_gradient, layer_normalize, layer_sums};

use crate::fours::at;
use gradstep_core::lanes::{Lanes, Native, WIDTH};

/// `1 / sqrt(variance + epsilon)`
#[inline(never)]
fn inverse_deviation(variance: f32, epsilon: f32) -> f32 {
    (1.0 / (f64::from(variance) + f64::from(epsilon)).sqrt()) as f32
}

/// What is subtracted from an element.
#[derive(Clone, Copy)]
enum Centre<'a> {
    /// A mean for each column.
    Columns(&'a [f32]),
    /// A mean for each row, and the inverse deviation to multiply with.
    Rows(&'a [[f32; 2]]),
}

/// Sums of `(x - mean) inverse dy` down each column, from top to bottom, four columns at a time. Without a
/// `dy`, of `(x - mean)^2`.
#[inline(never)]
fn column_sums(x: &[f32], dy: Option<&[f32]>, centre: Centre, out: &mut [f32]) {
    let cols = out.len();
    for (strip, out) in out.chunks_mut(WIDTH).enumerate() {
        let left = strip * WIDTH;
        let mut sums = [0.0; WIDTH];
        for (row, x) in x.chunks_exact(cols).enumerate() {
            let (mean, inverse) = match centre {
                Centre::Columns(mean) => (at(mean, left), Native::splat(1.0)),
                Centre::Rows(rows) => (Native::splat(rows[row][0]), Native::splat(rows[row][1])),
            };
            let centred = at(x, left) - mean;
            let other = dy.map_or(centred, |dy| at(&dy[row * cols..][..cols], left));
            sums = (centred * inverse * other).add_to(sums);
        }
        for (to, sum) in out.iter_mut().zip(sums) {
            *to = sum as f32;
        }
    }
}
