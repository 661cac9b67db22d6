//! Sums, means, extremes and their indices along axes.
//!
//! Every export takes an `x` of shape `[outer, len, inner]`; results have the shape `[outer, inner]`.

use super::{ints_mut, values, values_mut};
use gradstep_nn::reduce::{self, Extreme, Reduction};
use wasm_bindgen::prelude::wasm_bindgen;

/// Reduces the middle axis; `op` is the index of the reduction in `Reduction::ALL`.
#[wasm_bindgen]
pub unsafe fn reduce(op: u32, x: u32, outer: u32, len: u32, inner: u32, out: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let x = values(x, outer * len * inner);
        let out = values_mut(out, outer * inner);
        reduce::reduce(Reduction::ALL[op as usize], x, len as usize, inner as usize, out);
    }
}

/// Gradient of the maximum or minimum; equal elements share it equally.
#[wasm_bindgen]
pub unsafe fn extreme_backward(x: u32, y: u32, dy: u32, outer: u32, len: u32, inner: u32, dx: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (size, results) = (outer * len * inner, outer * inner);
        let (y, dy) = (values(y, results), values(dy, results));
        let (len, inner) = (len as usize, inner as usize);
        reduce::extreme_backward(values(x, size), y, dy, len, inner, values_mut(dx, size));
    }
}

/// Gradient of the product.
#[wasm_bindgen]
pub unsafe fn product_backward(x: u32, dy: u32, outer: u32, len: u32, inner: u32, dx: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (size, dy) = (outer * len * inner, values(dy, outer * inner));
        let (len, inner) = (len as usize, inner as usize);
        reduce::product_backward(values(x, size), dy, len, inner, values_mut(dx, size));
    }
}

/// Index of the largest element, or of the smallest; the first one of equal elements. `len` is not 0.
#[wasm_bindgen]
pub unsafe fn arg_extreme(smallest: bool, x: u32, outer: u32, len: u32, inner: u32, out: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let which = if smallest { Extreme::Min } else { Extreme::Max };
        let x = values(x, outer * len * inner);
        let out = ints_mut(out, outer * inner);
        reduce::arg_extreme(which, x, len as usize, inner as usize, out);
    }
}
