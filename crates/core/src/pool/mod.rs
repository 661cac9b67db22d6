//! Jobs in chunks, for several threads that share one memory.
//!
//! The borders of chunks depend on the job alone, never on the number of threads, and no sum crosses one: the bits are
//! those of one thread, whichever thread takes which chunk. A thread that is late takes fewer chunks.
//!
//! Without the feature `threads` there is one thread, and a job is a loop.
//!
//! Helpers never allocate: the allocator of a module for WebAssembly has no lock.

mod pieces;
#[cfg(feature = "threads")]
mod threads;
pub use pieces::{in_items, in_pieces, in_shares, is_worth};
#[cfg(feature = "threads")]
pub use threads::{
    alive, expect, fail, gone, help, set_clock, set_helpers, set_least, set_patience,
};

/// Numbers in a job that is worth a second thread: a dispatch costs as much as some thousand.
pub const WORTH: usize = 32 * 1024;
/// Numbers of a chunk of an elementwise job. Whole blocks of a step, and whole cache lines.
pub const PIECE: usize = 16 * 1024;

/// Numbers in a job that is worth a second thread, at least: [`WORTH`], unless a test set less.
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
/// Returns when all have ended. A job that begins within a task, or on another thread during a job, is run by its caller
/// alone, as thread 0.
///
/// # Aborts
/// When a task that is shared panics, or a thread fails in it: other threads may still use what the task borrows.
#[inline(always)]
pub fn run(chunks: usize, task: &(dyn Fn(usize, usize) + Sync)) {
    #[cfg(feature = "threads")]
    threads::run(chunks, task);
    #[cfg(not(feature = "threads"))]
    for chunk in 0..chunks {
        task(chunk, 0);
    }
}
