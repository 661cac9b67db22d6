//! Batch normalization: statistics for each column.

use super::inverse_deviation;
use crate::fours::{at, divide, put};
use crate::products::column_sums;
use gradstep_core::lanes::WIDTH;

/// Mean and population variance of each column. `work` is as large as `x`.
pub fn batch_statistics(x: &[f32], work: &mut [f32], mean: &mut [f32], variance: &mut [f32]) {
    let rows = (x.len() / mean.len()) as f32;
    column_sums(x, mean);
    divide(mean, rows);
    centred_products(x, mean, x, mean, work);
    column_sums(work, variance);
    divide(variance, rows);
}

/// `out = (x - mean) (dy - shift)`, with a mean and a shift for each column.
#[inline(never)]
fn centred_products(x: &[f32], mean: &[f32], dy: &[f32], shift: &[f32], out: &mut [f32]) {
    let cols = mean.len();
    // Four columns at a time, which keeps the numbers of a column in registers.
    for i in (0..cols).step_by(WIDTH) {
        let (mean, shift) = (at(mean, i), at(shift, i));
        let end = cols.min(i + WIDTH);
        let rows = x.chunks_exact(cols).zip(dy.chunks_exact(cols)).zip(out.chunks_exact_mut(cols));
        for ((x, dy), out) in rows {
            put((at(x, i) - mean) * (at(dy, i) - shift), &mut out[i..end]);
        }
    }
}

/// `y = (x - mean) a + dy b + c`, with a mean, a, b and c for each column.
#[inline(never)]
fn combined(x: &[f32], dy: &[f32], [mean, a, b, c]: [&[f32]; 4], out: &mut [f32]) {
    let cols = mean.len();
    for i in (0..cols).step_by(WIDTH) {
        let [mean, a, b, c] = [mean, a, b, c].map(|of_columns| at(of_columns, i));
        let end = cols.min(i + WIDTH);
        let rows = x.chunks_exact(cols).zip(dy.chunks_exact(cols)).zip(out.chunks_exact_mut(cols));
        for ((x, dy), out) in rows {
            put((at(x, i) - mean) * a + at(dy, i) * b + c, &mut out[i..end]);
        }
    }
}

/// Normalizes with the given statistics. `work` has two numbers for each column.
pub fn batch_normalize(
    x: &[f32],
    mean: &[f32],
    variance: &[f32],
    gamma: &[f32],
    beta: &[f32],
    epsilon: f32,
    work: &mut [f32],
    y: &mut [f32],
) {
    let (scale, zeros) = work.split_at_mut(mean.len());
    zeros.fill(0.0);
    for ((scale, variance), gamma) in scale.iter_mut().zip(variance).zip(gamma) {
        *scale = inverse_deviation(*variance, epsilon) * gamma;
    }
    combined(x, x, [mean, scale, zeros, beta], y);
}

/// Gradients of gamma and beta: the sums over each column of `dy (x - mean) / deviation`, and of `dy`. `work` is as large as
/// `x`.
pub fn batch_sums(
    x: &[f32],
    dy: &[f32],
    mean: &[f32],
    variance: &[f32],
    epsilon: f32,
    work: &mut [f32],
    dgamma: &mut [f32],
    dbeta: &mut [f32],
) {
    // `dbeta` serves as zero shifts, before it gets its sums.
    dbeta.fill(0.0);
    centred_products(x, mean, dy, dbeta, work);
    column_sums(work, dgamma);
    column_sums(dy, dbeta);
    for (dgamma, variance) in dgamma.iter_mut().zip(variance) {
        *dgamma *= inverse_deviation(*variance, epsilon);
    }
}

/// Gradient of `x`, from [`batch_sums`]: `gamma inv (dy - (dbeta + x^ dgamma) / n)` if the statistics are those of `x`
/// (`training`), else `gamma inv dy`. `x^` is the normalized `x`, `inv` the inverse deviation. `work` has three numbers for
/// each column.
pub fn batch_input_gradient(
    training: bool,
    x: &[f32],
    dy: &[f32],
    mean: &[f32],
    variance: &[f32],
    gamma: &[f32],
    epsilon: f32,
    dgamma: &[f32],
    dbeta: &[f32],
    work: &mut [f32],
    dx: &mut [f32],
) {
    let cols = mean.len();
    let share = if training { (cols as f64 / x.len() as f64) as f32 } else { 0.0 };
    let (of_x, work) = work.split_at_mut(cols);
    let (of_dy, constant) = work.split_at_mut(cols);
    for col in 0..cols {
        let inverse = inverse_deviation(variance[col], epsilon);
        let scale = inverse * gamma[col];
        of_dy[col] = scale;
        of_x[col] = -scale * inverse * dgamma[col] * share;
        constant[col] = -scale * dbeta[col] * share;
    }
    combined(x, dy, [mean, of_x, of_dy, constant], dx);
}
