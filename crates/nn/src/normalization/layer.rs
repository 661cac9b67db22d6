//! Layer normalization: statistics for each row.

use super::{at_or, column_sums, inverse_deviation};
use crate::fours::{at, combine, put, sum};
use crate::products;
use gradstep_core::lanes::{Lanes, Native, WIDTH};

/// Normalizes each row; `statistics` gets its mean and the inverse of its deviation.
pub fn layer_normalize(
    x: &[f32],
    cols: usize,
    gamma: &[f32],
    beta: &[f32],
    epsilon: f32,
    statistics: &mut [f32],
    y: &mut [f32],
) {
    let (statistics, _) = statistics.as_chunks_mut::<2>();
    let rows = x.chunks_exact(cols).zip(y.chunks_exact_mut(cols));
    for ((x, y), statistics) in rows.zip(statistics) {
        let mean = mean_of(x);
        let centre = Native::splat(mean);
        combine([x], y, |[x]| (x - centre) * (x - centre));
        let inverse = inverse_deviation(mean_of(y), epsilon);
        *statistics = [mean, inverse];
        let scale = Native::splat(inverse);
        for (i, four) in y.chunks_mut(WIDTH).enumerate() {
            let i = i * WIDTH;
            let normal = (at(x, i) - centre) * scale;
            put(normal * at_or(gamma, i, 1.0) + at_or(beta, i, 0.0), four);
        }
    }
}

fn mean_of(row: &[f32]) -> f32 {
    (sum(row) / row.len() as f64) as f32
}

/// Gradients of gamma and beta: the sums of `dy x^` and of `dy` down each column.
pub fn layer_sums(
    x: &[f32],
    dy: &[f32],
    statistics: &[f32],
    dgamma: &mut [f32],
    dbeta: &mut [f32],
) {
    products::column_sums(dy, dbeta);
    let (statistics, _) = statistics.as_chunks::<2>();
    let terms = |row: usize, _, x, dy| {
        let [mean, inverse] = statistics[row].map(Native::splat);
        (x - mean) * inverse * dy
    };
    column_sums(x, dy, dgamma.len(), terms, |col, sum| dgamma[col] = sum as f32);
}

/// Gradient of `x`: `inv (g - mean(g) - x^ mean(g x^))` for each row, with `g = dy gamma`. `work`: one row.
pub fn layer_input_gradient(
    x: &[f32],
    dy: &[f32],
    gamma: &[f32],
    statistics: &[f32],
    work: &mut [f32],
    dx: &mut [f32],
) {
    let cols = work.len();
    let (statistics, _) = statistics.as_chunks::<2>();
    let rows = x.chunks_exact(cols).zip(dy.chunks_exact(cols)).zip(dx.chunks_exact_mut(cols));
    for (((x, dy), dx), statistics) in rows.zip(statistics) {
        let [mean, inverse] = statistics.map(Native::splat);
        for (i, four) in dx.chunks_mut(WIDTH).enumerate() {
            let i = i * WIDTH;
            let g = at(dy, i) * at_or(gamma, i, 1.0);
            put(g * (at(x, i) - mean) * inverse, &mut work[i..cols.min(i + WIDTH)]);
            put(g, four);
        }
        let [of_g, of_x] = [mean_of(dx), mean_of(work)].map(Native::splat);
        for (i, four) in dx.chunks_mut(WIDTH).enumerate() {
            let normal = (at(x, i * WIDTH) - mean) * inverse;
            put(inverse * (at(four, 0) - of_g - normal * of_x), four);
        }
    }
}
