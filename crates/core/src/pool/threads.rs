//! The queue of chunks, and the ways to sleep and to be woken.

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering::*};
use std::sync::OnceLock;

/// A number alone in a cache line, so that writing it disturbs no reader of another.
#[repr(align(64))]
struct Line<T>(T);

/// Milliseconds now, and the end.
type Clock = (fn() -> f64, fn());

type Task<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Number of the job (24 bits), its chunks (20), the next of them (20): one word says all, so that a claim of an old job
/// cannot be one of a new job.
static TICKET: Line<AtomicU64> = Line(AtomicU64::new(0));
/// Changes with each job: what helpers look at, and sleep on.
static WAKE: Line<AtomicU32> = Line(AtomicU32::new(0));
/// Chunks of the job that ended: what the caller looks at, and sleeps on.
static DONE: Line<AtomicU32> = Line(AtomicU32::new(0));
/// Helpers that sleep, or are about to. Too high where one was killed in its sleep, which costs a needless call.
static SLEEPERS: Line<AtomicU32> = Line(AtomicU32::new(0));
/// Address of the job's [`Task`].
static TASK: AtomicUsize = AtomicUsize::new(0);
static CALLER_SLEEPS: AtomicBool = AtomicBool::new(false);
/// Helpers with a higher number end.
static HELPERS: AtomicUsize = AtomicUsize::new(0);
/// Helpers that are in [`help`].
static ALIVE: AtomicU32 = AtomicU32::new(0);
/// Whether a helper failed in the middle of a job, which can then never end.
static FAILED: AtomicBool = AtomicBool::new(false);
/// Turns of looking before a helper, and the caller, sleep; and whether the caller may sleep.
static HELPER_TURNS: AtomicU32 = AtomicU32::new(0);
static CALLER_TURNS: AtomicU32 = AtomicU32::new(0);
static CALLER_MAY_SLEEP: AtomicBool = AtomicBool::new(false);
/// A chunk takes microseconds, up to some hundred milliseconds: a thread that is silent for longer than this is dead.
static PATIENCE_MS: AtomicU32 = AtomicU32::new(0);
/// Milliseconds now, and what to do about a helper that was silent for too long: set by the embedder.
static CLOCK: OnceLock<Clock> = OnceLock::new();

const BITS: u32 = 20;
const MASK: u64 = (1 << BITS) - 1;

fn chunks_of(ticket: u64) -> u64 {
    ticket >> BITS & MASK
}

fn next_of(ticket: u64) -> u64 {
    ticket & MASK
}

/// The caller and its helpers.
pub fn count() -> usize {
    HELPERS.load(Relaxed) + 1
}

/// Helpers 1 to `count` take chunks; others end as soon as they are between two jobs. Not within a job.
pub fn set_helpers(count: usize) {
    HELPERS.store(count, SeqCst);
    WAKE.0.fetch_add(1, SeqCst);
    notify(&WAKE.0, u32::MAX);
}

/// Helpers that run.
pub fn alive() -> u32 {
    ALIVE.load(SeqCst)
}

/// A helper was ended from outside.
pub fn gone() {
    ALIVE.fetch_sub(1, SeqCst);
}

/// How long threads look before they sleep, in turns; whether the caller may sleep: the main thread of a page may not;
/// and the milliseconds after which a silent helper is lost.
pub fn set_patience(helper_turns: u32, caller_turns: u32, may_sleep: bool, milliseconds: u32) {
    PATIENCE_MS.store(milliseconds, Relaxed);
    HELPER_TURNS.store(helper_turns, Relaxed);
    CALLER_TURNS.store(caller_turns, Relaxed);
    CALLER_MAY_SLEEP.store(may_sleep, Relaxed);
}

/// `now` returns milliseconds; `lost` is called when a helper is lost, and must not return.
pub fn set_clock(now: fn() -> f64, lost: fn()) {
    let _ = CLOCK.set((now, lost));
}

/// A helper reports that it failed: the caller fails too, in the middle of its job or at the beginning of the next.
pub fn fail() {
    FAILED.store(true, SeqCst);
    notify(&DONE.0, u32::MAX);
}

/// Claims and runs one chunk; false if there is none.
#[inline(always)]
fn take_one(thread: usize) -> bool {
    let ticket = TICKET.0.load(Acquire);
    if next_of(ticket) >= chunks_of(ticket) {
        return false;
    }
    // Now it may be the ticket of a later job: its chunk is as good.
    let ticket = TICKET.0.fetch_add(1, AcqRel);
    if next_of(ticket) >= chunks_of(ticket) {
        return false;
    }
    // SAFETY: `run` stored the address before it released the ticket. The claimed chunk has not ended, so `run` has not
    // returned, and the task is alive; the next job's is stored after it has.
    let task = unsafe { *core::ptr::with_exposed_provenance::<Task>(TASK.load(Relaxed)) };
    task(next_of(ticket) as usize, thread);
    DONE.0.fetch_add(1, SeqCst);
    if CALLER_SLEEPS.load(SeqCst) {
        notify(&DONE.0, 1);
    }
    true
}

/// See [`super::run`].
pub fn run(chunks: usize, task: Task) {
    if HELPERS.load(Relaxed) == 0 || chunks < 2 || chunks as u64 >= MASK / 2 {
        return (0..chunks).for_each(|chunk| task(chunk, 0));
    }
    assert!(!FAILED.load(SeqCst), "a thread failed");
    TASK.store((&raw const task).expose_provenance(), Relaxed);
    DONE.0.store(0, Relaxed);
    let job = (TICKET.0.load(Relaxed) >> (2 * BITS)) + 1;
    TICKET.0.store(job << (2 * BITS) | (chunks as u64) << BITS, SeqCst);
    WAKE.0.fetch_add(1, SeqCst);
    if SLEEPERS.0.load(SeqCst) != 0 {
        notify(&WAKE.0, chunks as u32 - 1);
    }
    while take_one(0) {}
    for _ in 0..CALLER_TURNS.load(Relaxed) {
        if DONE.0.load(Acquire) == chunks as u32 {
            return;
        }
        core::hint::spin_loop();
    }
    await_end(chunks as u32);
}

/// The caller's chunks ended some time ago.
#[cold]
#[inline(never)]
fn await_end(chunks: u32) {
    let began = now();
    loop {
        let done = DONE.0.load(SeqCst);
        if done == chunks {
            return;
        }
        assert!(!FAILED.load(SeqCst), "a thread failed");
        if CALLER_MAY_SLEEP.load(Relaxed) {
            CALLER_SLEEPS.store(true, SeqCst);
            wait(&DONE.0, done, 100_000_000);
            CALLER_SLEEPS.store(false, SeqCst);
        } else {
            for _ in 0..2000 {
                if DONE.0.load(Acquire) != done {
                    break;
                }
                core::hint::spin_loop();
            }
        }
        if now() - began > f64::from(PATIENCE_MS.load(Relaxed)) {
            lost();
        }
    }
}

/// Takes chunks as helper number `id`, from 1, until [`set_helpers`] says that there are fewer.
pub fn help(id: usize) {
    ALIVE.fetch_add(1, SeqCst);
    take_all(id);
    ALIVE.fetch_sub(1, SeqCst);
}

fn take_all(id: usize) {
    loop {
        let seen = WAKE.0.load(SeqCst);
        if HELPERS.load(SeqCst) < id {
            return;
        }
        while take_one(id) {}
        let mut turns = HELPER_TURNS.load(Relaxed);
        while turns > 0 && WAKE.0.load(Acquire) == seen {
            core::hint::spin_loop();
            turns -= 1;
        }
        if turns > 0 {
            continue;
        }
        SLEEPERS.0.fetch_add(1, SeqCst);
        wait(&WAKE.0, seen, -1);
        SLEEPERS.0.fetch_sub(1, SeqCst);
    }
}

fn now() -> f64 {
    CLOCK.get().map_or(0.0, |(now, _)| now())
}

fn lost() -> ! {
    if let Some((_, lost)) = CLOCK.get() {
        lost();
    }
    panic!("a thread is lost");
}

/// Sleeps while `word` is `value`, until it is notified, or for `nanoseconds` unless they are negative.
fn wait(word: &AtomicU32, value: u32, nanoseconds: i64) {
    #[cfg(target_arch = "wasm32")]
    // SAFETY: the word is aligned, in memory, and a static.
    unsafe {
        core::arch::wasm32::memory_atomic_wait32(word.as_ptr().cast(), value as i32, nanoseconds);
    }
    #[cfg(not(target_arch = "wasm32"))]
    if nanoseconds != 0 && word.load(SeqCst) == value {
        std::thread::yield_now();
    }
}

fn notify(word: &AtomicU32, count: u32) {
    #[cfg(target_arch = "wasm32")]
    // SAFETY: as in `wait`.
    unsafe {
        core::arch::wasm32::memory_atomic_notify(word.as_ptr().cast(), count);
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (word, count);
}
