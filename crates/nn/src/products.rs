//! Products of matrices.

use crate::reduce;
use gradstep_core::error::Error;
use gradstep_core::lanes::{Lanes, Native, zip_in_place};
use gradstep_core::matmul::{Matrix, matmul, packing};
use gradstep_core::memory::probe;
use gradstep_core::pool;

/// The shape of each product in a batch: `m` x `k` times `k` x `n`, after transposition.
#[derive(Clone, Copy)]
pub struct Product {
    /// Rows of the result.
    pub m: usize,
    /// Columns of the first factor, rows of the second.
    pub k: usize,
    /// Columns of the result.
    pub n: usize,
    /// Whether the first factor is stored as `k` x `m`.
    pub transpose_a: bool,
    /// Whether the second factor is stored as `n` x `k`.
    pub transpose_b: bool,
}

impl Product {
    fn matrices<'a>(self, a: &'a [f32], b: &'a [f32]) -> (Matrix<'a>, Matrix<'a>) {
        let Self { m, k, n, .. } = self;
        let a = if self.transpose_a { Matrix::new(a, k, m).t() } else { Matrix::new(a, m, k) };
        let b = if self.transpose_b { Matrix::new(b, n, k).t() } else { Matrix::new(b, k, n) };
        (a, b)
    }
}

/// `out[i] = a[i] b[i] + beta out[i]` for each of the contiguous matrices. Without memory for packing, it returns an error, and
/// `out` does not change.
///
/// # Panics
/// If the lengths do not fit.
pub fn batched(
    product: Product,
    a: &[f32],
    b: &[f32],
    beta: f32,
    out: &mut [f32],
) -> Result<(), Error> {
    let Product { m, k, n, .. } = product;
    if m * n == 0 {
        return Ok(());
    }
    if k == 0 {
        if beta == 0.0 {
            out.fill(0.0);
        }
        return Ok(());
    }
    probe(packing(m, k, n))?;
    let factors = a.chunks_exact(m * k).zip(b.chunks_exact(k * n));
    for ((a, b), out) in factors.zip(out.chunks_exact_mut(m * n)) {
        let (a, b) = product.matrices(a, b);
        matmul(1.0, a, b, beta, out);
    }
    Ok(())
}

/// `z = z + bias` for each row of a matrix, then `max(z, 0)` if `relu`.
///
/// # Panics
/// If `z` is not a whole number of rows.
pub fn add_bias(z: &mut [f32], bias: &[f32], relu: bool) {
    if bias.is_empty() {
        return;
    }
    // A lower bound; `max` propagates NaN.
    let floor = Native::splat(if relu { 0.0 } else { f32::NEG_INFINITY });
    let cols = bias.len();
    let whole = z.len() / cols * cols;
    pool::in_items(&mut z[..whole], [cols, cols, usize::MAX], (&mut [], 0), &|_, z, _| {
        for row in z.chunks_exact_mut(cols) {
            zip_in_place(row, bias, |z, b| (z + b).max(floor));
        }
    });
}

/// Gradient of the input of a relu, from its result `y`: `dy` where `y > 0`, 0 elsewhere.
///
/// # Panics
/// If the lengths differ.
pub fn relu_gate(y: &[f32], dy: &[f32], out: &mut [f32]) {
    assert!(y.len() == out.len() && dy.len() == out.len());
    pool::in_pieces(out, [], &|part, out, []| {
        out.copy_from_slice(&dy[part.clone()]);
        zip_in_place(out, &y[part], |dy, y| dy.where_positive(y, Native::splat(0.0)));
    });
}

/// The sum of each column of a matrix, in double precision, from top to bottom.
///
/// # Panics
/// If `matrix` is not a whole number of rows.
pub fn column_sums(matrix: &[f32], out: &mut [f32]) {
    if !out.is_empty() {
        reduce::column_sums(matrix, 1.0, out);
    }
}
