//! Batch and layer normalization.

use super::{values, values_mut};
use gradstep_nn::normalization;
use wasm_bindgen::prelude::wasm_bindgen;

/// Mean and population variance of each column. `work` has `rows * cols` numbers.
#[wasm_bindgen]
pub unsafe fn batch_statistics(x: u32, rows: u32, cols: u32, work: u32, mean: u32, variance: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (mean, variance) = (values_mut(mean, cols), values_mut(variance, cols));
        let (x, work) = (values(x, rows * cols), values_mut(work, rows * cols));
        normalization::batch_statistics(x, work, mean, variance);
    }
}

/// Normalizes the columns. `work` has `2 * cols` numbers.
#[wasm_bindgen]
pub unsafe fn batch_normalize(
    x: u32,
    rows: u32,
    cols: u32,
    mean: u32,
    variance: u32,
    gamma: u32,
    beta: u32,
    epsilon: f32,
    work: u32,
    y: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        normalization::batch_normalize(
            values(x, rows * cols),
            values(mean, cols),
            values(variance, cols),
            values(gamma, cols),
            values(beta, cols),
            epsilon,
            values_mut(work, 2 * cols),
            values_mut(y, rows * cols),
        );
    }
}

/// Gradients of gamma and beta. `work` has `rows * cols` numbers.
#[wasm_bindgen]
pub unsafe fn batch_sums(
    x: u32,
    dy: u32,
    rows: u32,
    cols: u32,
    mean: u32,
    variance: u32,
    epsilon: f32,
    work: u32,
    dgamma: u32,
    dbeta: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        normalization::batch_sums(
            values(x, rows * cols),
            values(dy, rows * cols),
            values(mean, cols),
            values(variance, cols),
            epsilon,
            values_mut(work, rows * cols),
            values_mut(dgamma, cols),
            values_mut(dbeta, cols),
        );
    }
}

/// Gradient of the input, from the gradients of gamma and beta. `work` has `3 * cols` numbers.
#[wasm_bindgen]
pub unsafe fn batch_input_gradient(
    training: bool,
    x: u32,
    dy: u32,
    rows: u32,
    cols: u32,
    mean: u32,
    variance: u32,
    gamma: u32,
    epsilon: f32,
    dgamma: u32,
    dbeta: u32,
    work: u32,
    dx: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        normalization::batch_input_gradient(
            training,
            values(x, rows * cols),
            values(dy, rows * cols),
            values(mean, cols),
            values(variance, cols),
            values(gamma, cols),
            epsilon,
            values(dgamma, cols),
            values(dbeta, cols),
            values_mut(work, 3 * cols),
            values_mut(dx, rows * cols),
        );
    }
}

/// Normalizes the rows, and writes two numbers for each row to `statistics`.
#[wasm_bindgen]
pub unsafe fn layer_normalize(
    x: u32,
    rows: u32,
    cols: u32,
    gamma: u32,
    beta: u32,
    epsilon: f32,
    statistics: u32,
    y: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        normalization::layer_normalize(
            values(x, rows * cols),
            values(gamma, cols),
            values(beta, cols),
            epsilon,
            values_mut(statistics, 2 * rows),
            values_mut(y, rows * cols),
        );
    }
}

/// Gradients of gamma and beta. `work` has `rows * cols` numbers.
#[wasm_bindgen]
pub unsafe fn layer_sums(
    x: u32,
    dy: u32,
    rows: u32,
    cols: u32,
    statistics: u32,
    work: u32,
    dgamma: u32,
    dbeta: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        normalization::layer_sums(
            values(x, rows * cols),
            values(dy, rows * cols),
            values(statistics, 2 * rows),
            values_mut(work, rows * cols),
            values_mut(dgamma, cols),
            values_mut(dbeta, cols),
        );
    }
}

/// Gradient of the input. `work` has `cols` numbers.
#[wasm_bindgen]
pub unsafe fn layer_input_gradient(
    x: u32,
    dy: u32,
    rows: u32,
    cols: u32,
    gamma: u32,
    statistics: u32,
    work: u32,
    dx: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        normalization::layer_input_gradient(
            values(x, rows * cols),
            values(dy, rows * cols),
            values(gamma, cols),
            values(statistics, 2 * rows),
            values_mut(work, cols),
            values_mut(dx, rows * cols),
        );
    }
}
