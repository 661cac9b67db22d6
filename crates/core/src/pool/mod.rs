//! The thread pool: jobs divided into chunks, for several threads on shared memory.
//!
//! The boundaries of chunks depend only on the job, never on the number of threads, and no sum crosses a boundary: the bits
//! are those of one thread, regardless of which thread takes which chunk. A late thread takes fewer chunks.
//!
//! Without the feature `threads` there is one thread, and a job is a loop.
//!
//! Helpers never allocate, because the allocator of a WebAssembly module has no lock.

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

/// Minimum size of a job for a second thread: dispatching takes as long as computing a few thousand numbers.
pub const WORTH: usize = 32 * 1024;
/// Numbers in a chunk of an elementwise job: whole blocks of a step, and whole cache lines.
pub const PIECE: usize = 16 * 1024;

/// Minimum size of a job for a second thread: [`WORTH`], unless a test has set less.
#[inline(always)]
pub fn worth() -> usize {
    #[cfg(feature = "threads")]
    return threads::worth();
    #[cfg(not(feature = "threads"))]
    WORTH
}

/// Numbers in a chunk, in whole cache lines: [`PIECE`], unless a test has set less.
#[inline(always)]
pub fn piece() -> usize {
    #[cfg(feature = "threads")]
    return threads::piece();
    #[cfg(not(feature = "threads"))]
    PIECE
}

/// The number of threads that take chunks: the caller and its helpers.
#[inline(always)]
pub fn threads() -> usize {
    #[cfg(feature = "threads")]
    return threads::count();
    #[cfg(not(feature = "threads"))]
    1
}

/// Calls `task(chunk, thread)` once for each chunk in `0..chunks`, on all threads; `thread` is less than [`threads`].
/// Returns when all chunks are finished. A job that starts within a task, or on another thread during a job, is run by its
/// caller alone, as thread 0. While helpers get no core, all jobs run this way.
///
/// # Aborts
/// If a shared task panics, or a thread fails in it, because other threads may still use the task's borrows.
#[inline(always)]
pub fn run(chunks: usize, task: &(dyn Fn(usize, usize) + Sync)) {
    run_kind(chunks, (chunks - chunks.min(1), 0), task);
}

/// [`run`] for a job of known kind. The first `even` chunks take about the same time, and the others less; with an `even` of
/// 0, some may take much longer than others. Jobs with the same number of chunks and the same `work` count as one kind.
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
