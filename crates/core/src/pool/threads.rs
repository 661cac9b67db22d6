//! The queues of chunks, and the code that puts threads to sleep and wakes them.
//!
//! Over 300 lines: the caller and the helpers share these statics, and the order of accesses on one side relies on that of the
//! other.

use super::solo::{Job, Solo, key};
use super::{PIECE, WORTH};
use crate::memory::LINE;
use core::ops::Range;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering::*};
use std::sync::OnceLock;

/// A value in a separate cache line, so that writing it does not slow down readers of other values.
#[repr(align(64))]
struct Line<T>(T);

/// A function that returns the milliseconds now, and one that ends the process.
type Clock = (fn() -> f64, fn());

type Task<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// The maximum number of threads.
const MOST: usize = 32;
/// The chunks of each thread that are not taken yet: the low half of the word is the first chunk, the high half the end. The
/// thread takes chunks from the front; threads without chunks steal from the end. The same thread takes the same chunks in
/// each job, so their numbers are in its core's cache.
///
/// A queue is one word, so a claim that was meant for an old job is a valid claim for a new one. Both halves start at
/// [`BASE`], because each late thread may still decrement or increment a queue once.
static QUEUES: [Line<AtomicU64>; MOST] = [const { Line(AtomicU64::new(0)) }; MOST];
/// A number that changes with each job; helpers poll it, and sleep on it.
static WAKE: Line<AtomicU32> = Line(AtomicU32::new(0));
/// The number of finished chunks of the job; the caller polls it, and sleeps on it.
static DONE: Line<AtomicU32> = Line(AtomicU32::new(0));
/// The number of helpers that sleep, or are about to. It is too high if a helper was killed at that point, which only costs an
/// unnecessary call.
static SLEEPERS: Line<AtomicU32> = Line(AtomicU32::new(0));
/// The address of the job's [`Task`].
static TASK: AtomicUsize = AtomicUsize::new(0);
static CALLER_SLEEPS: AtomicBool = AtomicBool::new(false);
/// The number of helpers; helpers with a higher number end.
static HELPERS: AtomicUsize = AtomicUsize::new(0);
/// The ticket and the state of the thread that is helper number i; 0 for no thread.
static PLACES: [Line<AtomicU32>; MOST] = [const { Line(AtomicU32::new(0)) }; MOST];
/// The last ticket that was issued.
static TICKETS: AtomicU32 = AtomicU32::new(0);
/// Whether a helper has failed; its job then cannot end.
static FAILED: AtomicBool = AtomicBool::new(false);
/// Whether the queues are in use: they serve one job at a time.
static BUSY: AtomicBool = AtomicBool::new(false);
/// The number of polls before a helper and before the caller sleep, and whether the caller may sleep.
static HELPER_TURNS: AtomicU32 = AtomicU32::new(0);
static CALLER_TURNS: AtomicU32 = AtomicU32::new(0);
static CALLER_MAY_SLEEP: AtomicBool = AtomicBool::new(false);
/// A thread that finishes no chunk for longer than this is considered dead. A chunk takes microseconds, up to a few hundred
/// milliseconds.
static PATIENCE_MS: AtomicU32 = AtomicU32::new(0);
/// The decision whether the caller runs jobs alone for a while. Only the thread whose job has the queues uses it.
static SOLO: Solo = Solo::new();
/// The minimum count of numbers in a job that is worth a second thread.
static LEAST: AtomicUsize = AtomicUsize::new(WORTH);
/// The clock, and the handler for a helper that was silent for too long; set by the embedder.
static CLOCK: OnceLock<Clock> = OnceLock::new();

/// The maximum milliseconds that the caller sleeps before it polls again.
const NAP_MS: u32 = 100;
/// The maximum number of chunks of a shared job.
const MOST_CHUNKS: usize = 1 << 30;
/// A number larger than that of threads.
const BASE: u64 = 64;
/// Bits of a place's state: its thread is in [`help`]; the thread sleeps. Tickets are multiples of the third constant.
const RUNS: u32 = 1;
const SLEEPS: u32 = 2;
const TICKET: u32 = 4;

fn queue(chunks: Range<usize>) -> u64 {
    (chunks.end as u64 + BASE) << 32 | (chunks.start as u64 + BASE)
}

fn first_of(queue: u64) -> u64 {
    queue & u64::from(u32::MAX)
}

fn end_of(queue: u64) -> u64 {
    queue >> 32
}

/// The caller and its helpers.
pub fn count() -> usize {
    HELPERS.load(Relaxed) + 1
}

/// Sets the number of helpers. Helpers 1 to `count` take chunks; the others end as soon as they are between two jobs.
///
/// # Safety
/// No job is running: the function is called on a thread that calls kernels, between two calls. A job that lost a helper does
/// not count as running.
pub unsafe fn set_helpers(count: usize) {
    BUSY.store(false, SeqCst);
    HELPERS.store(count, SeqCst);
    WAKE.0.fetch_add(1, SeqCst);
    notify(&WAKE.0, u32::MAX);
}

/// The number of running helpers.
pub fn alive() -> u32 {
    places(RUNS)
}

/// The number of helpers that sleep, or are about to.
pub fn asleep() -> u32 {
    places(SLEEPS)
}

#[inline(never)]
fn places(state: u32) -> u32 {
    PLACES.iter().filter(|place| place.0.load(SeqCst) & state != 0).count() as u32
}

/// Issues a ticket to a thread that becomes helper number `id`. Earlier tickets for this number become invalid.
pub fn expect(id: usize) -> u32 {
    let ticket = TICKETS.fetch_add(TICKET, SeqCst).wrapping_add(TICKET);
    vacate(id, ticket);
    ticket
}

/// Reports that the thread with this ticket was terminated, or is no longer expected.
pub fn gone(id: usize, ticket: u32) {
    if PLACES[id].0.load(SeqCst) & !(RUNS | SLEEPS) == ticket {
        vacate(id, 0);
    }
}

/// Clears the place of a helper, and assigns it to the thread with this ticket; 0 for no thread.
fn vacate(id: usize, ticket: u32) {
    if PLACES[id].0.swap(ticket, SeqCst) & SLEEPS != 0 {
        SLEEPERS.0.fetch_sub(1, SeqCst);
    }
}

/// Sets the minimum count of numbers in a job that is worth a second thread, for tests of small shapes.
pub fn set_least(numbers: usize) {
    LEAST.store(numbers, Relaxed);
}

/// See [`super::worth`].
pub fn worth() -> usize {
    LEAST.load(Relaxed)
}

/// See [`super::piece`].
pub fn piece() -> usize {
    (worth() / 2).clamp(LINE, PIECE) / LINE * LINE
}

/// Sets the number of polls before threads sleep; whether the caller may sleep, which is not allowed on the main thread of a
/// page; and the milliseconds after which a silent helper counts as lost.
pub fn set_patience(helper_turns: u32, caller_turns: u32, may_sleep: bool, milliseconds: u32) {
    PATIENCE_MS.store(milliseconds, Relaxed);
    HELPER_TURNS.store(helper_turns, Relaxed);
    CALLER_TURNS.store(caller_turns, Relaxed);
    CALLER_MAY_SLEEP.store(may_sleep, Relaxed);
}

/// The number of jobs that the caller has run alone, or begun to, because helpers got no core.
pub fn alone() -> u32 {
    SOLO.alone()
}

/// Sets the milliseconds of a wait for the end of a job that suggest that helpers have no core; infinity for never.
pub fn set_late(milliseconds: f64) {
    SOLO.reset(milliseconds);
}

/// Sets the clock and the handler of lost helpers. `now` returns milliseconds; after `lost` the process ends, unless `lost`
/// does not return.
///
/// # Safety
/// `now` does not unwind. If `lost` does, or exits with an exception of the host, the memory of the job stays valid as
/// long as a helper runs.
pub unsafe fn set_clock(now: fn() -> f64, lost: fn()) {
    let _ = CLOCK.set((now, lost));
}

/// Reports that a helper has failed: the caller then fails too, during its job or at the start of the next one.
pub fn fail() {
    FAILED.store(true, SeqCst);
    notify(&DONE.0, u32::MAX);
}

/// Claims and runs chunks of the job until none is left.
#[inline(always)]
fn take_all(thread: usize, mut taken: impl FnMut(usize)) {
    let threads = count().min(MOST);
    for i in 0..threads {
        let owner = if thread + i < threads { thread + i } else { thread + i - threads };
        while let Some(chunk) = take_one(owner, thread) {
            taken(chunk);
        }
    }
}

/// Claims a chunk from the queue of `owner`, if one is left; runs and returns it.
#[inline(always)]
fn take_one(owner: usize, thread: usize) -> Option<usize> {
    let queue = &QUEUES[owner].0;
    let is_empty = |chunks: u64| first_of(chunks) >= end_of(chunks);
    if is_empty(queue.load(Acquire)) {
        return None;
    }
    // From here on, the queue may be that of a later job.
    let (chunks, chunk) = if owner == thread {
        let chunks = queue.fetch_add(1, AcqRel);
        (chunks, first_of(chunks))
    } else {
        let chunks = queue.fetch_sub(1 << 32, AcqRel);
        (chunks, end_of(chunks) - 1)
    };
    if is_empty(chunks) {
        return None;
    }
    // SAFETY: `run` stored the address before it released the queues. The claimed chunk has not ended, so `run` has not
    // returned: the task is alive, and the address of the next task is not stored yet.
    let task = unsafe { *core::ptr::with_exposed_provenance::<Task>(TASK.load(Relaxed)) };
    let guard = AbortOnUnwind;
    let chunk = (chunk - BASE) as usize;
    task(chunk, thread);
    core::mem::forget(guard);
    DONE.0.fetch_add(1, SeqCst);
    if CALLER_SLEEPS.load(SeqCst) {
        notify(&DONE.0, 1);
    }
    Some(chunk)
}

/// Ends the process if a task unwinds: its job can neither be abandoned while other threads use its borrows, nor end without
/// the chunk.
struct AbortOnUnwind;

impl Drop for AbortOnUnwind {
    fn drop(&mut self) {
        std::process::abort();
    }
}

/// Releases the queues, also if a task unwinds that the caller runs alone. After a shared job that unwinds they stay in use,
/// because a helper still runs it.
struct Queues;

impl Drop for Queues {
    fn drop(&mut self) {
        BUSY.store(false, Release);
    }
}

/// See [`super::run`] and [`super::run_kind`].
#[inline(never)]
pub fn run(chunks: usize, (even, work): (usize, usize), task: Task) {
    let threads = count().min(MOST);
    assert!(!FAILED.load(SeqCst), "a thread failed");
    if threads == 1 || !(2..=MOST_CHUNKS).contains(&chunks) || BUSY.swap(true, Acquire) {
        return (0..chunks).for_each(|chunk| task(chunk, 0));
    }
    let (mut begun, mut key_of) = (f64::NAN, 0);
    if !SOLO.is_calm() {
        begun = now();
        key_of = key([chunks, work, size_of_val(task)]);
        if SOLO.is_alone(begun) {
            let queues = Queues;
            (0..chunks).for_each(|chunk| task(chunk, 0));
            SOLO.count(true, key_of, now() - begun);
            return drop(queues);
        }
    }
    let (least, now) = (f64::INFINITY, begun);
    share(threads, task, Job { begun, least, waited: 0.0, now, own: 0, chunks, even, key: key_of });
    drop(Queues);
}

/// Runs a job on all threads. The caller has claimed the queues for it.
#[inline(always)]
fn share(threads: usize, task: Task, mut job: Job) {
    let chunks = job.chunks;
    TASK.store((&raw const task).expose_provenance(), Relaxed);
    DONE.0.store(0, Relaxed);
    let mut first = 0;
    for (thread, queued) in QUEUES.iter().enumerate().take(threads) {
        let end = first + (chunks - first).div_ceil(threads - thread);
        queued.0.store(queue(first..end), SeqCst);
        first = end;
    }
    WAKE.0.fetch_add(1, SeqCst);
    if SLEEPERS.0.load(SeqCst) != 0 {
        notify(&WAKE.0, chunks as u32 - 1);
    }
    take_all(0, |chunk| job.ran(chunk, now));
    if !is_ended_soon(chunks as u32) {
        (job.waited, job.now) = await_end(chunks as u32);
    } else if job.begun.is_nan() {
        return;
    }
    SOLO.judge(&job);
}

/// Whether the job ends while the caller polls.
#[inline(always)]
fn is_ended_soon(chunks: u32) -> bool {
    for _ in 0..CALLER_TURNS.load(Relaxed) {
        if DONE.0.load(Acquire) == chunks {
            return true;
        }
        core::hint::spin_loop();
    }
    false
}

/// Waits for the end of the job, after the caller has polled in vain. Returns the milliseconds that this took, and the time at
/// the end.
///
/// A turn of the loop takes up to [`NAP_MS`]. During a longer turn the whole program was suspended (a laptop that sleeps, a
/// frozen page, SIGSTOP): the helpers stood still too, so it counts as one turn of silence.
#[cold]
#[inline(never)]
fn await_end(chunks: u32) -> (f64, f64) {
    let mut silent = 0.0;
    let mut before = now();
    loop {
        let done = DONE.0.load(SeqCst);
        if done == chunks {
            return (silent, before);
        }
        // The job cannot be abandoned, because other helpers may still run chunks of it.
        if FAILED.load(SeqCst) {
            std::process::abort();
        }
        if CALLER_MAY_SLEEP.load(Relaxed) {
            CALLER_SLEEPS.store(true, SeqCst);
            wait(&DONE.0, done, NAP_MS as i64 * 1_000_000);
            CALLER_SLEEPS.store(false, SeqCst);
        } else {
            for _ in 0..2000 {
                if DONE.0.load(Acquire) != done {
                    break;
                }
                core::hint::spin_loop();
            }
        }
        let after = now();
        silent += (after - before).min(f64::from(NAP_MS));
        before = after;
        if silent > f64::from(PATIENCE_MS.load(Relaxed)) {
            lost();
        }
    }
}

/// Takes chunks as helper number `id`, from 1, until [`set_helpers`] reduces the number, or its `ticket` becomes
/// invalid.
///
/// # Safety
/// `id` is not 0, the number of the caller. Threads that had this number before were ended, or are between two jobs.
pub unsafe fn help(id: usize, ticket: u32) {
    let place = &PLACES[id].0;
    let runs = ticket | RUNS;
    if place.compare_exchange(ticket, runs, SeqCst, SeqCst).is_err() {
        return;
    }
    help_on(id, runs);
    let _ = place.compare_exchange(runs, 0, SeqCst, SeqCst);
}

fn help_on(id: usize, runs: u32) {
    let place = &PLACES[id].0;
    loop {
        let seen = WAKE.0.load(SeqCst);
        if HELPERS.load(SeqCst) < id || place.load(SeqCst) != runs {
            return;
        }
        take_all(id, |_| {});
        let mut turns = HELPER_TURNS.load(Relaxed);
        while turns > 0 && WAKE.0.load(Acquire) == seen {
            core::hint::spin_loop();
            turns -= 1;
        }
        if turns > 0 {
            continue;
        }
        SLEEPERS.0.fetch_add(1, SeqCst);
        // If the place was reassigned, it belongs to the new thread, and this one must not change it.
        let is_mine = place.compare_exchange(runs, runs | SLEEPS, SeqCst, SeqCst).is_ok();
        wait(&WAKE.0, seen, if is_mine { -1 } else { 0 });
        if !is_mine || place.compare_exchange(runs | SLEEPS, runs, SeqCst, SeqCst).is_ok() {
            SLEEPERS.0.fetch_sub(1, SeqCst);
        }
    }
}

#[inline(never)]
fn now() -> f64 {
    CLOCK.get().map_or(0.0, |(now, _)| now())
}

fn lost() -> ! {
    if let Some((_, lost)) = CLOCK.get() {
        lost();
    }
    std::process::abort();
}

/// Sleeps while `word` is `value`, until notified; for at most `nanoseconds`, unless they are negative.
fn wait(word: &AtomicU32, value: u32, nanoseconds: i64) {
    #[cfg(target_arch = "wasm32")]
    // SAFETY: the word is a static, so it is in memory, and it is aligned.
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
