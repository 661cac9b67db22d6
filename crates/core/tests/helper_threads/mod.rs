//! Native threads that help the pool.

use gradstep_core::pool;
use std::thread;

/// Waits until so many helpers run.
pub fn until(count: u32) {
    while pool::alive() != count {
        thread::yield_now();
    }
}

/// The only test calls this and begins jobs, one after the other.
pub fn set_helpers(count: usize) {
    // SAFETY: no job is running.
    unsafe { pool::set_helpers(count) };
}

/// Helps as number `id`, which no other thread is at work as.
pub fn help(id: usize, ticket: u32) -> thread::JoinHandle<()> {
    // SAFETY: numbers begin at 1; those of before are between two jobs, or have ended.
    thread::spawn(move || unsafe { pool::help(id, ticket) })
}

/// Starts or ends helpers, and waits until they have.
pub fn resize(from: usize, to: usize) {
    set_helpers(to);
    for id in from + 1..=to {
        help(id, pool::expect(id));
    }
    until(to as u32);
}
