//! Products of matrices.

use super::{values, values_mut};
use crate::fault::or_zero;
use gradstep_nn::products::{self, Product};
use wasm_bindgen::prelude::wasm_bindgen;

/// `out = a b + beta out` for `count` contiguous matrices. Returns 0 on error; then nothing was written.
#[wasm_bindgen]
pub unsafe fn matmul_batched(
    a: u32,
    b: u32,
    count: u32,
    m: u32,
    k: u32,
    n: u32,
    transpose_a: bool,
    transpose_b: bool,
    beta: f32,
    out: u32,
) -> u32 {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let product =
            Product { m: m as usize, k: k as usize, n: n as usize, transpose_a, transpose_b };
        let (a, b) = (values(a, count * m * k), values(b, count * k * n));
        or_zero(products::batched(product, a, b, beta, values_mut(out, count * m * n)).map(|()| 1))
    }
}

/// `z = z + bias` row by row, in place, then relu if requested.
#[wasm_bindgen]
pub unsafe fn add_bias(z: u32, rows: u32, cols: u32, bias: u32, relu: bool) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        products::add_bias(values_mut(z, rows * cols), values(bias, cols), relu);
    }
}

/// `out = dy` where `y > 0`, else 0.
#[wasm_bindgen]
pub unsafe fn relu_gate(y: u32, dy: u32, len: u32, out: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        products::relu_gate(values(y, len), values(dy, len), values_mut(out, len));
    }
}

/// The sum of each column of a matrix.
#[wasm_bindgen]
pub unsafe fn column_sums(matrix: u32, rows: u32, cols: u32, out: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        products::column_sums(values(matrix, rows * cols), values_mut(out, cols));
    }
}
