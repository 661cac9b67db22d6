//! Helpers in the same memory: see `gradstep_core::pool`.
//!
//! A helper is an instance of this module in another thread, on the shared memory, with a separate stack. It only calls
//! [`threads_help`] and [`threads_fail`].

use gradstep_core::pool;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
    /// Throws.
    #[wasm_bindgen(js_name = threadLost)]
    fn lost();
}

/// Turns of looking before helpers and the caller sleep, whether the caller may, milliseconds until a thread is lost,
/// the numbers in a job that is worth a second thread, and the milliseconds of a wait that shows that helpers may have no
/// core.
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
    // SAFETY: nothing unwinds here. `lost` throws, and the module is not called again but for its helpers' end, so
    // the stack and the buffers of the job stay as they are.
    unsafe { pool::set_clock(|| now(), || lost()) };
}

/// Helpers 1 to `count` take part from now on; the others end.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn threads_resize(count: u32) {
    // SAFETY: no call runs inside another, so no job is running.
    unsafe { pool::set_helpers(count as usize) };
}

/// A ticket for the thread that becomes helper `id`.
#[wasm_bindgen]
pub fn threads_expect(id: u32) -> u32 {
    pool::expect(id as usize)
}

/// Helps until there are fewer than `id` helpers, or another has its place.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn threads_help(id: u32, ticket: u32) {
    // SAFETY: numbers begin at 1, and a number is given again only when its thread has ended.
    unsafe { pool::help(id as usize, ticket) };
}

/// Number of running helpers.
#[wasm_bindgen]
pub fn threads_alive() -> u32 {
    pool::alive()
}

/// Number of helpers that sleep. For tests.
#[wasm_bindgen]
pub fn threads_asleep() -> u32 {
    pool::asleep()
}

/// Number of jobs that the caller ran alone because helpers got no core. For tests.
#[wasm_bindgen]
pub fn threads_alone() -> u32 {
    pool::alone()
}

/// Reports that the thread with this ticket was terminated, or is not waited for.
#[wasm_bindgen]
pub fn threads_gone(id: u32, ticket: u32) {
    pool::gone(id as usize, ticket);
}

/// Reports that a helper trapped.
#[wasm_bindgen]
pub fn threads_fail() {
    pool::fail();
}
