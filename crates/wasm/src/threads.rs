//! Helper threads on shared memory, see `gradstep_core::pool`.
//!
//! A helper is an instance of this module in another thread, with the same memory and a separate stack. It only calls
//! [`threads_help`] and [`threads_fail`].

use gradstep_core::pool;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The time in milliseconds.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
    /// Throws an error because a helper is lost.
    #[wasm_bindgen(js_name = threadLost)]
    fn lost();
}

/// Configures the pool: the number of polls before helpers and before the caller sleep, whether the caller may sleep, the
/// milliseconds after which a silent helper is lost, the minimum count of numbers in a job that is worth a second thread, and
/// the milliseconds of a wait that suggest that helpers have no core.
#[wasm_bindgen]
pub fn threads_begin(
    helper_turns: u32,
    caller_turns: u32,
    may_sleep: bool,
    milliseconds: u32,
    least: u32,
    late: f64,
) {
    pool::set_patience(helper_turns, caller_turns, may_sleep, milliseconds);
    pool::set_least(least as usize);
    pool::set_late(late);
    // SAFETY: `now` does not unwind. After `lost` has thrown, the module is only called to end its helpers, so the stack
    // and the buffers of the job stay as they are.
    unsafe { pool::set_clock(|| now(), || lost()) };
}

/// Sets the number of helpers: helpers 1 to `count` take chunks from now on; the others end.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn threads_resize(count: u32) {
    // SAFETY: no call runs inside another, so no job is running.
    unsafe { pool::set_helpers(count as usize) };
}

/// Issues a ticket to the thread that becomes helper `id`.
#[wasm_bindgen]
pub fn threads_expect(id: u32) -> u32 {
    pool::expect(id as usize)
}

/// Takes chunks as helper `id` until there are fewer than `id` helpers, or the ticket becomes invalid.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn threads_help(id: u32, ticket: u32) {
    // SAFETY: numbers begin at 1, and a number is reassigned only after its thread has ended.
    unsafe { pool::help(id as usize, ticket) };
}

/// The number of running helpers.
#[wasm_bindgen]
pub fn threads_alive() -> u32 {
    pool::alive()
}

/// The number of helpers that sleep, for tests.
#[wasm_bindgen]
pub fn threads_asleep() -> u32 {
    pool::asleep()
}

/// The number of jobs that the caller has run alone because helpers got no core, for tests.
#[wasm_bindgen]
pub fn threads_alone() -> u32 {
    pool::alone()
}

/// Reports that the thread with this ticket was terminated, or is no longer expected.
#[wasm_bindgen]
pub fn threads_gone(id: u32, ticket: u32) {
    pool::gone(id as usize, ticket);
}

/// Reports that a helper trapped.
#[wasm_bindgen]
pub fn threads_fail() {
    pool::fail();
}
