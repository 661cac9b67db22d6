//! The seeded generator, and distributions of its numbers.
//!
//! Seeds and numbers of calls have 64 bits, lower word first.

use super::{ints_mut, values, values_mut};
use gradstep_nn::random::{self, Distribution, Stream};
use wasm_bindgen::prelude::wasm_bindgen;

fn stream(seed: u32, seed_high: u32, call: u32, call_high: u32) -> Stream {
    Stream { seed: [seed, seed_high], call: [call, call_high] }
}

/// Fills memory with random numbers. `distribution` is 0 for uniform, 1 normal, 2 truncated normal, 3 mask.
#[wasm_bindgen]
pub unsafe fn random_fill(
    distribution: u32,
    seed: u32,
    seed_high: u32,
    call: u32,
    call_high: u32,
    a: f64,
    b: f64,
    out: u32,
    len: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let distribution = match distribution {
            0 => Distribution::Uniform,
            1 => Distribution::Normal,
            2 => Distribution::TruncatedNormal,
            _ => Distribution::Mask,
        };
        let stream = stream(seed, seed_high, call, call_high);
        random::fill(distribution, stream, a, b, values_mut(out, len));
    }
}

/// Fills memory with random whole numbers from `low` to `low + span - 1`.
#[wasm_bindgen]
pub unsafe fn random_integers(
    seed: u32,
    seed_high: u32,
    call: u32,
    call_high: u32,
    low: i32,
    span: u32,
    out: u32,
    len: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let stream = stream(seed, seed_high, call, call_high);
        random::integers(stream, low, span, ints_mut(out, len));
    }
}

/// Fills memory with the numbers from 0 to `len - 1` in random order.
#[wasm_bindgen]
pub unsafe fn random_permutation(
    seed: u32,
    seed_high: u32,
    call: u32,
    call_high: u32,
    out: u32,
    len: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        random::permutation(stream(seed, seed_high, call, call_high), ints_mut(out, len));
    }
}

/// `out = x * mask`, and 0 where the mask is 0, even if `x` is infinite.
#[wasm_bindgen]
pub unsafe fn masked_values(x: u32, mask: u32, len: u32, out: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        random::masked(values(x, len), values(mask, len), values_mut(out, len));
    }
}
