//! Layer normalization: statistics for each row.

use super::inverse_deviation;
use crate::fours::{combine, sum, update};
use crate::products::column_sums;
use gradstep_core::lanes::{Lanes, Native};

/// Normalizes each row, and writes its mean and its inverse deviation to `statistics`.
pub fn layer_normalize(
    x: &[f32],
    gamma: &[f32],
    beta: &[f32],
    epsilon: f32,
    statistics: &mut [f32],
    y: &mut [f32],
) {
    let cols = gamma.len();
    let (statistics, _) = statistics.as_chunks_mut::<2>();
    let rows = x.chunks_exact(cols).zip(y.chunks_exact_mut(cols));
    for ((x, y), statistics) in rows.zip(statistics) {
        let mean = mean_of(x);
        let centre = Native::splat(mean);
        combine([x], y, |[x]| (x - centre) * (x - centre));
        let inverse = inverse_deviation(mean_of(y), epsilon);
        *statistics = [mean, inverse];
        let scale = Native::splat(inverse);
        combine([x, gamma, beta], y, |[x, gamma, beta]| (x - centre) * scale * gamma + beta);
    }
}

fn mean_of(row: &[f32]) -> f32 {
    (sum(row) / row.len() as f64) as f32
}

/// Gradients of gamma and beta: the sums over each column of `dy x^`, with the normalized `x^`, and of `dy`. `work` is as large
/// as `x`.
pub fn layer_sums(
    x: &[f32],
    dy: &[f32],
    statistics: &[f32],
    work: &mut [f32],
    dgamma: &mut [f32],
    dbeta: &mut [f32],
) {
    let cols = dgamma.len();
    let (statistics, _) = statistics.as_chunks::<2>();
    let rows = x.chunks_exact(cols).zip(dy.chunks_exact(cols)).zip(work.chunks_exact_mut(cols));
    for (((x, dy), work), statistics) in rows.zip(statistics) {
        normalized_times(x, dy, statistics, work);
    }
    column_sums(work, dgamma);
    column_sums(dy, dbeta);
}

/// `out = x^ g` for one row.
#[inline(never)]
fn normalized_times(x: &[f32], g: &[f32], statistics: &[f32; 2], out: &mut [f32]) {
    let [mean, inverse] = statistics.map(Native::splat);
    combine([x, g], out, |[x, g]| (x - mean) * inverse * g);
}

/// Gradient of `x`: `inv (g - mean(g) - x^ mean(g x^))` for each row, with `g = dy gamma`, the normalized `x^` and the inverse
/// deviation `inv`. `work` has the length of a row.
pub fn layer_input_gradient(
    x: &[f32],
    dy: &[f32],
    gamma: &[f32],
    statistics: &[f32],
    work: &mut [f32],
    dx: &mut [f32],
) {
    let cols = gamma.len();
    let (statistics, _) = statistics.as_chunks::<2>();
    let rows = x.chunks_exact(cols).zip(dy.chunks_exact(cols)).zip(dx.chunks_exact_mut(cols));
    for (((x, dy), dx), statistics) in rows.zip(statistics) {
        let [mean, inverse] = statistics.map(Native::splat);
        combine([dy, gamma], dx, |[dy, gamma]| dy * gamma);
        normalized_times(x, dx, statistics, work);
        let [of_g, of_x] = [mean_of(dx), mean_of(work)].map(Native::splat);
        update(dx, [x], |g, [x]| inverse * (g - of_g - (x - mean) * inverse * of_x));
    }
}
