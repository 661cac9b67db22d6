//! Sums, means, extremes and their indices along axes.
//!
//! Every function reduces the middle axis, with `len` elements, of `[outer, len, inner]`. Sums and products are in double
//! precision and in a fixed order.

mod backward;
mod extreme;

pub use backward::{extreme_backward, product_backward};
pub use extreme::{Extreme, arg_extreme};

use crate::fours::sum;
use gradstep_core::{pool, reduce};

/// The reduction of the elements along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reduction {
    /// The sum.
    Sum,
    /// The mean; NaN without elements.
    Mean,
    /// The product.
    Product,
    /// The largest element; NaN if any is NaN.
    Max,
    /// The smallest element; NaN if any is NaN.
    Min,
}

impl Reduction {
    /// All reductions; the index of a reduction is its number in the exports.
    pub const ALL: [Reduction; 5] = {
        use Reduction::*;
        [Sum, Mean, Product, Max, Min]
    };
}

/// Reduces `x`, of shape `[outer, len, inner]`, to `out`, of shape `[outer, inner]`.
///
/// # Panics
/// If the lengths do not fit.
pub fn reduce(op: Reduction, x: &[f32], len: usize, inner: usize, out: &mut [f32]) {
    if len * inner == 0 {
        out.fill(match op {
            Reduction::Sum => 0.0,
            Reduction::Product => 1.0,
            Reduction::Mean => f32::NAN,
            Reduction::Max => f32::NEG_INFINITY,
            Reduction::Min => f32::INFINITY,
        });
        return;
    }
    let divisor = if op == Reduction::Mean { len as f64 } else { 1.0 };
    for (block, out) in x.chunks_exact(len * inner).zip(out.chunks_exact_mut(inner)) {
        match op {
            Reduction::Sum | Reduction::Mean if inner == 1 => {
                out[0] = (sum(block) / divisor) as f32;
            }
            Reduction::Sum | Reduction::Mean => column_sums(block, divisor, out),
            Reduction::Product => products(block, inner, out),
            Reduction::Max => extreme::columns(Extreme::Max, block, out),
            Reduction::Min => extreme::columns(Extreme::Min, block, out),
        }
    }
}

/// The maximum number of chunks of columns for threads.
const CHUNKS: usize = 8;

/// The sum of each column of a matrix, from top to bottom, divided by `divisor`; the matrix has as many columns as `out` has
/// numbers.
///
/// # Panics
/// If `out` is empty.
#[inline(never)]
pub fn column_sums(matrix: &[f32], divisor: f64, out: &mut [f32]) {
    let cols = out.len();
    let rows = matrix.len() / cols;
    pool::in_items(out, [1, rows, CHUNKS], (&mut [], 0), &|columns, out, _| {
        reduce::means_of_columns(matrix, cols, columns, divisor, 0.0, out);
    });
}

#[inline(never)]
fn products(block: &[f32], inner: usize, out: &mut [f32]) {
    for (i, out) in out.iter_mut().enumerate() {
        let column = block[i..].iter().step_by(inner);
        *out = column.fold(1.0, |product, x| product * f64::from(*x)) as f32;
    }
}
