//! Rows made orthonormal, for the initializer.

use crate::fours::divide;

/// Subtracts from each row its share of the rows before it, and scales it to length 1: the Q of a QR
/// decomposition of the transposed matrix whose R has a positive diagonal (Gram and Schmidt, each row
/// twice: "twice is enough", Giraud and Langou 2005). At most as many rows as columns.
pub fn orthonormalize_rows(matrix: &mut [f32], cols: usize) {
    for end in (cols..=matrix.len()).step_by(cols) {
        let (done, row) = matrix[..end].split_at_mut(end - cols);
        for _ in 0..2 {
            for before in done.chunks_exact(cols) {
                subtract(row, before, dot(before, row));
            }
            divide(row, dot(row, row).sqrt() as f32);
        }
    }
}

#[inline(never)]
fn subtract(row: &mut [f32], other: &[f32], share: f64) {
    for (x, y) in row.iter_mut().zip(other) {
        *x = (f64::from(*x) - share * f64::from(*y)) as f32;
    }
}

#[inline(never)]
fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}
