//! Normalization compared with its formula in `f64`, and gradients with central differences of the formula.

mod finite_differences;

use finite_differences::{assert_close, differences, weighted};
use gradstep_nn::normalization::{
    batch_input_gradient, batch_normalize, batch_statistics, batch_sums, layer_input_gradient,
    layer_normalize, layer_sums,
};

const EPSILON: f32 = 1e-3;
const SHAPES: [(usize, usize); 6] = [(1, 1), (5, 1), (7, 3), (6, 8), (4, 17), (33, 20)];

fn numbers(len: usize, salt: f32) -> Vec<f32> {
    (0..len).map(|i| ((i as f32 + salt) * 12.9898).sin() * 2.0 + 0.3).collect()
}

fn widened(x: &[f32]) -> Vec<f64> {
    x.iter().map(|x| f64::from(*x)).collect()
}

/// Mean and population variance.
fn moments(x: &[f64]) -> [f64; 2] {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    [mean, x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64]
}

fn transposed(x: &[f64], cols: usize) -> Vec<f64> {
    (0..cols).flat_map(|col| x.iter().skip(col).step_by(cols).copied()).collect()
}

/// Rows normalized without gamma and beta.
fn exact_rows(x: &[f64], cols: usize) -> Vec<f64> {
    let normal = |row: &[f64]| -> Vec<f64> {
        let [mean, variance] = moments(row);
        row.iter().map(|x| (x - mean) / (variance + f64::from(EPSILON)).sqrt()).collect()
    };
    x.chunks(cols).flat_map(normal).collect()
}

fn exact_columns(x: &[f64], cols: usize) -> Vec<f64> {
    let rows = x.len() / cols;
    transposed(&exact_rows(&transposed(x, cols), rows), rows)
}

fn affine(x: &[f64], gamma: &[f64], beta: &[f64]) -> Vec<f64> {
    let cols = gamma.len();
    x.iter().enumerate().map(|(i, x)| x * gamma[i % cols] + beta[i % cols]).collect()
}

#[test]
fn batches() {
    for (rows, cols) in SHAPES {
        let (x, dy) = (numbers(rows * cols, 1.0), numbers(rows * cols, 5.0));
        let gamma = numbers(cols, 2.0);
        let wide_gamma = widened(&gamma);
        let beta = numbers(cols, 3.0);
        let wide_beta = widened(&beta);
        let (mut mean, mut variance) = (vec![f32::NAN; cols], vec![f32::NAN; cols]);
        let (mut work, mut y) = (vec![f32::NAN; 3 * cols], vec![f32::NAN; x.len()]);
        batch_statistics(&x, &mut y, &mut mean, &mut variance);
        for (col, column) in transposed(&widened(&x), cols).chunks(rows).enumerate() {
            assert_close(&[mean[col], variance[col]], &moments(column), 1e-6);
        }
        batch_normalize(
            &x,
            &mean,
            &variance,
            &gamma,
            &beta,
            EPSILON,
            &mut work[..2 * cols],
            &mut y,
        );
        let f = |x: &[f64]| affine(&exact_columns(x, cols), &wide_gamma, &wide_beta);
        assert_close(&y, &f(&widened(&x)), 5e-6);

        let (mut dgamma, mut dbeta) = (vec![f32::NAN; cols], vec![f32::NAN; cols]);
        let mut dx = vec![f32::NAN; x.len()];
        batch_sums(&x, &dy, &mean, &variance, EPSILON, &mut dx, &mut dgamma, &mut dbeta);
        batch_input_gradient(
            true, &x, &dy, &mean, &variance, &gamma, EPSILON, &dgamma, &dbeta, &mut work, &mut dx,
        );
        assert_close(&dx, &differences(&x, |x| weighted(&dy, &f(x))), 1e-4);
        let normal = exact_columns(&widened(&x), cols);
        let of_gamma = |gamma: &[f64]| weighted(&dy, &affine(&normal, gamma, &wide_beta));
        let of_beta = |beta: &[f64]| weighted(&dy, &affine(&normal, &wide_gamma, beta));
        assert_close(&dgamma, &differences(&numbers(cols, 2.0), of_gamma), 1e-4);
        assert_close(&dbeta, &differences(&numbers(cols, 3.0), of_beta), 1e-4);
    }
}

#[test]
fn batches_with_statistics_from_elsewhere() {
    let (rows, cols) = (5, 6);
    let (x, dy) = (numbers(rows * cols, 1.0), numbers(rows * cols, 5.0));
    let (gamma, mean) = (numbers(cols, 2.0), numbers(cols, 3.0));
    let variance: Vec<f32> = numbers(cols, 4.0).iter().map(|v| v.abs()).collect();
    let f = |x: &[f64]| -> Vec<f64> {
        let deviation = |col| (f64::from(variance[col]) + f64::from(EPSILON)).sqrt();
        let normal = |(i, x): (usize, &f64)| {
            let col = i % cols;
            (x - f64::from(mean[col])) / deviation(col) * f64::from(gamma[col])
        };
        x.iter().enumerate().map(normal).collect()
    };
    let (mut work, mut y) = (vec![0.0; 3 * cols], vec![f32::NAN; x.len()]);
    batch_normalize(&x, &mean, &variance, &gamma, &[0.0; 6], EPSILON, &mut work[..12], &mut y);
    assert_close(&y, &f(&widened(&x)), 5e-6);
    let (mut sums, mut dbeta, mut dx) = (vec![0.0; cols], vec![0.0; cols], vec![0.0; x.len()]);
    batch_sums(&x, &dy, &mean, &variance, EPSILON, &mut dx, &mut sums, &mut dbeta);
    batch_input_gradient(
        false, &x, &dy, &mean, &variance, &gamma, EPSILON, &sums, &dbeta, &mut work, &mut dx,
    );
    assert_close(&dx, &differences(&x, |x| weighted(&dy, &f(x))), 1e-4);
}

#[test]
fn a_large_mean_does_not_drown_the_variance() {
    let x: Vec<f32> = (0..64).map(|i| 10_000.0 + (i % 2) as f32).collect();
    let (mut mean, mut variance) = ([0.0], [0.0]);
    batch_statistics(&x, &mut [f32::NAN; 64], &mut mean, &mut variance);
    assert_eq!((mean, variance), ([10_000.5], [0.25]));
}

#[test]
fn layers() {
    for (rows, cols) in SHAPES {
        let (x, dy) = (numbers(rows * cols, 1.0), numbers(rows * cols, 5.0));
        let gamma = numbers(cols, 2.0);
        let wide_gamma = widened(&gamma);
        let beta = numbers(cols, 3.0);
        let wide_beta = widened(&beta);
        let (mut statistics, mut y) = (vec![f32::NAN; 2 * rows], vec![f32::NAN; x.len()]);
        layer_normalize(&x, &gamma, &beta, EPSILON, &mut statistics, &mut y);
        let f = |x: &[f64]| affine(&exact_rows(x, cols), &wide_gamma, &wide_beta);
        assert_close(&y, &f(&widened(&x)), 5e-6);

        let (mut work, mut dx) = (vec![f32::NAN; cols], vec![f32::NAN; x.len()]);
        layer_input_gradient(&x, &dy, &gamma, &statistics, &mut work, &mut dx);
        assert_close(&dx, &differences(&x, |x| weighted(&dy, &f(x))), 1e-4);

        let (mut dgamma, mut dbeta) = (vec![f32::NAN; cols], vec![f32::NAN; cols]);
        layer_sums(&x, &dy, &statistics, &mut y, &mut dgamma, &mut dbeta);
        let normal = exact_rows(&widened(&x), cols);
        let of_gamma = |gamma: &[f64]| weighted(&dy, &affine(&normal, gamma, &wide_beta));
        let of_beta = |beta: &[f64]| weighted(&dy, &affine(&normal, &wide_gamma, beta));
        assert_close(&dgamma, &differences(&numbers(cols, 2.0), of_gamma), 1e-4);
        assert_close(&dbeta, &differences(&numbers(cols, 3.0), of_beta), 1e-4);
    }
}
