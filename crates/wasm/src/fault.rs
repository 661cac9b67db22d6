//! The last error, which the caller fetches after a call has returned 0.

use core::cell::Cell;
use gradstep_core::error::Error;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static LAST: Cell<(u32, usize)> = const { Cell::new((0, 0)) };
}

/// Returns the value of a result, or records its error and returns 0.
pub fn or_zero<T: Default>(result: Result<T, Error>) -> T {
    result.unwrap_or_else(|error| {
        LAST.set((error.code(), error.wanted()));
        T::default()
    })
}

/// The code of the last error (`gradstep_core::error::Error::code`).
#[wasm_bindgen]
pub fn fault_code() -> u32 {
    LAST.get().0
}

/// The bytes that could not be allocated; 0 for other errors.
#[wasm_bindgen]
pub fn fault_bytes() -> f64 {
    LAST.get().1 as f64
}
