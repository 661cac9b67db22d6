//! Learning-rate schedules.

use crate::plan::numbers;
use gradstep_core::schedules;
use wasm_bindgen::prelude::wasm_bindgen;

/// The rate of the schedule `id` at `step`. The `count` arguments are `f64` at the address `arguments`. NaN if the schedule does
/// not exist or takes a different number of arguments.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn schedule_at(id: u32, arguments: u32, count: u32, step: f64) -> f32 {
    // SAFETY: the caller wrote the numbers there.
    let arguments = unsafe { numbers(arguments, count) };
    schedules::evaluate(id, arguments, step).unwrap_or(f32::NAN)
}
