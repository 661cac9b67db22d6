//! Copying and adding: what the tape itself needs.

use super::{values, values_mut};
use gradstep_core::lanes::{add, fill};
use wasm_bindgen::prelude::wasm_bindgen;

/// `to = from`
#[wasm_bindgen]
pub unsafe fn copy_values(from: u32, len: u32, to: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        values_mut(to, len).copy_from_slice(values(from, len));
    }
}

/// `to = to + from`
#[wasm_bindgen]
pub unsafe fn add_values(from: u32, len: u32, to: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        add(values_mut(to, len), values(from, len));
    }
}

/// Every number becomes `value`.
#[wasm_bindgen]
pub unsafe fn fill_values(to: u32, len: u32, value: f32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        fill(values_mut(to, len), value);
    }
}
