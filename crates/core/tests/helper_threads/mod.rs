//! Native threads that help the pool.

use gradstep_core::pool;
use std::thread;

/// Waits until `count` helpers run.
pub fn until(count: u32) {
    while pool::alive() != count {
        thread::yield_now();
    }
}

/// Sets the number of helpers. Only one test calls this and begins jobs, one at a time.
pub fn set_helpers(count: usize) {
    // SAFETY: no job is running.
    unsafe { pool::set_helpers(count) };
}

/// Starts a thread that runs as helper number `id`; no other thread does.
pub fn help(id: usize, ticket: u32) -> thread::JoinHandle<()> {
    // SAFETY: numbers begin at 1; earlier threads with this number are between two jobs, or have ended.
    thread::spawn(move || unsafe { pool::help(id, ticket) })
}

/// Starts or ends helpers, and waits until they have started or ended.
pub fn resize(from: usize, to: usize) {
    set_helpers(to);
    for id in from + 1..=to {
        help(id, pool::expect(id));
    }
    until(to as u32);
}
