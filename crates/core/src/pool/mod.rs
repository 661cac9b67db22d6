//! The thread pool: jobs in chunks, for several threads on shared memory.
//!
//! The borders of chunks depend on the job alone, never on the number of threads, and no sum crosses one: the bits are
//! those of one thread, regardless of which thread takes which chunk. A late thread takes fewer chunks.
//!
//! Without the feature `threads` there is one thread, and a job is a loop.
//!
//! Helpers never allocate: the allocator of a module for WebAssembly has no lock.

mod pieces;
#[cfg(feature = "threads")]
mod solo;
#[cfg(feature = "threads")]
mod threads;
pub use pieces::{MOST_RUNS, Runs, in_items, in_pieces, in_runs, in_shares, is_worth};
#[cfg(feature = "threads")]
pub use threads::{
    alive, alone, asleep, expect, fail, gone, help, set_clock, set_helpers, set_late, set_least,
    set_patience,
};

/// Minimum size of a job for a second thread: dispatching costs as much as a few thousand numbers.
pub const WORTH: usize = 32 * 1024;
/// Numbers of a chunk of an elementwise job. Whole blocks of a step, and whole cache lines.
pub const PIECE: usize = 16 * 1024;

/// Minimum size of a job for a second thread: [`WORTH`], unless a test set less.
#[inline(always)]
pub fn worth() -> usize {
    #[cfg(feature = "threads")]
    return threads::worth();
    #[cfg(not(feature = "threads"))]
    WORTH
}

/// Numbers of a chunk: [`PIECE`], unless a test set less. Whole cache lines.
#[inline(always)]
pub fn piece() -> usize {
    #[cfg(feature = "threads")]
    return threads::piece();
    #[cfg(not(feature = "threads"))]
    PIECE
}

/// Threads that take chunks: the caller and its helpers.
#[inline(always)]
pub fn threads() -> usize {
    #[cfg(feature = "threads")]
    return threads::count();
    #[cfg(not(feature = "threads"))]
    1
}

/// Calls `task(chunk, thread)` once for each chunk in `0..chunks`, on all threads; `thread` is less than [`threads`].
/// Returns when all have finished. A job that starts within a task, or on another thread during a job, is run only by
/// its caller, as thread 0. While helpers get no core, all jobs run this way.
///
/// # Aborts
/// If a shared task panics, or a thread fails in it: other threads may still use the task's borrows.
#[inline(always)]
pub fn run(chunks: usize, task: &(dyn Fn(usize, usize) + Sync)) {
    run_kind(chunks, (chunks - chunks.min(1), 0), task);
}

/// The same. The first `even` chunks take about the same time, and others less; if it is 0, some may take much longer.
/// Jobs with the same number of chunks and the same `work` may take about the same time.
#[inline(always)]
pub(crate) fn run_kind(
    chunks: usize,
    (even, work): (usize, usize),
    task: &(dyn Fn(usize, usize) + Sync),
) {
    #[cfg(feature = "threads")]
    threads::run(chunks, (even, work), task);
    #[cfg(not(feature = "threads"))]
    {
        let _ = (even, work);
        (0..chunks).for_each(|chunk| task(chunk, 0));
    }
}
