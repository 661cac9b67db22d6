//! Functions that copy, add and average memory by address, for tapes and for copies of weights.

use super::{values, values_mut};
use gradstep_core::lanes::{add, blend, cross, fill};
use gradstep_core::reduce::sums_of_changes;
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

/// `to = to + (from - to) * share`
#[wasm_bindgen]
pub unsafe fn blend_values(from: u32, len: u32, to: u32, share: f32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        blend(values_mut(to, len), values(from, len), share);
    }
}

/// `a, b = b, a + (b - a) * share`; both have `len` numbers.
#[wasm_bindgen]
pub unsafe fn cross_values(a: u32, len: u32, b: u32, share: f32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        cross(values_mut(a, len), values_mut(b, len), share);
    }
}

/// Writes two sums in double precision to `to`, the start of a cache line: the sum of the squared changes from `before` to `now`,
/// and that of the squares of `before`.
#[wasm_bindgen]
pub unsafe fn change_sums(now: u32, before: u32, len: u32, to: u32) {
    // SAFETY: the contract in lib.rs, and `to` is aligned for doubles.
    unsafe {
        *(to as *mut [f64; 2]) = sums_of_changes(values(now, len), values(before, len));
    }
}

/// Sets every number to `value`.
#[wasm_bindgen]
pub unsafe fn fill_values(to: u32, len: u32, value: f32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        fill(values_mut(to, len), value);
    }
}
