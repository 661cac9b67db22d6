//! Rows by index: gather and scatter-add.

use super::{ints, values, values_mut};
use gradstep_nn::index;
use wasm_bindgen::prelude::wasm_bindgen;

/// The position of the first index that is not between 0 and `bound - 1`; -1 if all are.
#[wasm_bindgen]
pub unsafe fn first_out_of_range(indices: u32, len: u32, bound: u32) -> i32 {
    // SAFETY: the contract in lib.rs.
    unsafe {
        index::first_out_of_range(ints(indices, len), bound as usize).map_or(-1, |at| at as i32)
    }
}

/// Row `i` of the result is row `indices[i]` of the `count` rows of `params`. Indices are in range.
#[wasm_bindgen]
pub unsafe fn take_rows(params: u32, count: u32, cols: u32, indices: u32, len: u32, out: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (params, indices) = (values(params, count * cols), ints(indices, len));
        index::take_rows(params, indices, cols as usize, values_mut(out, len * cols));
    }
}

/// Adds row `i` of `dy` to row `indices[i]` of the `count` rows of `out`.
#[wasm_bindgen]
pub unsafe fn add_rows(dy: u32, indices: u32, len: u32, count: u32, cols: u32, out: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (dy, indices) = (values(dy, len * cols), ints(indices, len));
        index::add_rows(dy, indices, cols as usize, values_mut(out, count * cols));
    }
}
