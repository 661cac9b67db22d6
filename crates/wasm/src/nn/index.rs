//! Rows by index: gather, scatter-add, one-hot.

use super::ints;
use gradstep_nn::index;
use wasm_bindgen::prelude::wasm_bindgen;

/// The first place whose index is not from 0 to `bound - 1`, or -1.
#[wasm_bindgen]
pub fn first_out_of_range(indices: u32, len: u32, bound: u32) -> i32 {
    index::first_out_of_range(ints(indices, len), bound as usize).map_or(-1, |at| at as i32)
}
