//! Learning-rate schedules.

use gradstep_core::schedules;
use wasm_bindgen::prelude::wasm_bindgen;

/// The rate of the schedule `id` at `step`, for `count` arguments as `f64` at `arguments`. NaN when the
/// schedule does not exist or takes another number of arguments.
#[wasm_bindgen]
pub fn schedule_at(id: u32, arguments: u32, count: u32, step: f64) -> f32 {
    // SAFETY: the caller wrote `count` numbers at this address from `alloc` (contract in lib.rs).
    let arguments = unsafe { core::slice::from_raw_parts(arguments as *const f64, count as usize) };
    schedules::evaluate(id, arguments, step).unwrap_or(f32::NAN)
}
