//! Buffers for the caller.

use crate::fault::or_zero;
use gradstep_core::memory::{self, Buffer};
use wasm_bindgen::prelude::wasm_bindgen;

/// Allocates `len` zeroed `f32`, aligned to a cache line, and returns their address; 0 if memory is full.
#[wasm_bindgen]
pub fn alloc(len: u32) -> u32 {
    or_zero(Buffer::zeroed(len as usize).map(|buffer| buffer.into_address() as u32))
}

/// Frees memory that [`alloc`] has allocated with the same `len`.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn free(address: u32, len: u32) {
    // SAFETY: each address is freed once, with its length.
    drop(unsafe { Buffer::from_address(address as usize, len as usize) });
}

/// The bytes in live buffers.
#[wasm_bindgen]
pub fn bytes_in_use() -> f64 {
    memory::in_use() as f64
}

/// Whether this build uses SIMD128; the scalar build is for tests.
#[wasm_bindgen]
pub fn has_simd() -> bool {
    cfg!(target_feature = "simd128")
}
