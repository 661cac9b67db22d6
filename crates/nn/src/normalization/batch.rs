//! Batch normalization: statistics for each column.

use super::{Centre, column_sums, inverse_deviation};
use crate::fours::{at, divide, put};
use crate::products;
use gradstep_core::lanes::WIDTH;

/// Mean and population variance of each column.
pub fn batch_statistics(x: &[f32], mean: &mut [f32], variance: &mut [f32]) {
    let rows = (x.len() / mean.len()) as f32;
    products::column_sums(x, mean);
    divide(mean, rows);
    column_sums(x, None, Centre::Columns(mean), variance);
    divide(variance, rows);
}

/// `y = (x - mean) a + dy b + c`, with a mean, a, b and c for each column.
#[inline(never)]
fn combined(x: &[f32], dy: &[f32], [mean, a, b, c]: [&[f32]; 4], out: &mut [f32]) {
    let cols = mean.len();
    let rows = x.chunks_exact(cols).zip(dy.chunks_exact(cols)).zip(out.chunks_exact_mut(cols));
    for ((x, dy), out) in rows {
        for (i, four) in out.chunks_mut(WIDTH).enumerate() {
            let i = i * WIDTH;
            let value = (at(x, i) - at(mean, i)) * at(a, i) + at(dy, i) * at(b, i) + at(c, i);
            put(value, four);
        }
    }
}

/// Normalizes with the given statistics. `work`: two numbers for each column.
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

/// Gradients of gamma and beta: the sums of `dy (x - mean) / deviation` and of `dy` down each column.
pub fn batch_sums(
    x: &[f32],
    dy: &[f32],
    mean: &[f32],
    variance: &[f32],
    epsilon: f32,
    dgamma: &mut [f32],
    dbeta: &mut [f32],
) {
    products::column_sums(dy, dbeta);
    column_sums(x, Some(dy), Centre::Columns(mean), dgamma);
    for (dgamma, variance) in dgamma.iter_mut().zip(variance) {
        *dgamma *= inverse_deviation(*variance, epsilon);
    }
}

/// Gradient of `x`, from [`batch_sums`]: `gamma inv (dy - (dbeta + x^ dgamma) / n)`, where the statistics
/// are those of `x` itself (`training`), else `gamma inv dy`. `work`: three numbers for each column.
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
