//! The pool on native threads: every chunk runs once, results have the bits of one thread, and helpers that fail or stay
//! silent are noticed.
//!
//! A process has only one pool, so one function runs all tests in turn. It needs the feature `threads`.
//! Over 300 lines for the same reason.

mod helper_threads;

use gradstep_core::matmul::{Matrix, matmul};
use gradstep_core::pool;
use helper_threads::{help, resize, set_helpers, until};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

fn numbers(len: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    };
    core::iter::repeat_with(next).take(len).collect()
}

fn product([m, k, n]: [usize; 3]) -> Vec<f32> {
    let (a, b, mut out) = (numbers(m * k, 1), numbers(k * n, 2), numbers(m * n, 3));
    matmul(0.5, Matrix::new(&a, k, m).t(), Matrix::new(&b, k, n), 2.0, &mut out);
    out
}

fn message(run: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("it fails");
    panic.downcast_ref::<&str>().map_or_else(String::new, |text| (*text).to_owned())
}

/// Milliseconds for which the whole program was suspended: the clock advanced, and no thread ran.
static SUSPENDED_MS: AtomicUsize = AtomicUsize::new(0);
/// How often the clock was read, and whether it stands still apart from suspensions.
static LOOKS: AtomicUsize = AtomicUsize::new(0);
static STANDS_STILL: AtomicBool = AtomicBool::new(false);

/// Smaller jobs under Miri, which interprets each operation.
const WORTH: usize = if cfg!(miri) { 96 } else { pool::WORTH };
const TURNS: u32 = if cfg!(miri) { 10 } else { 1000 };
const ROUNDS: usize = if cfg!(miri) { 6 } else { 200 };
const SHAPES: [[usize; 3]; 4] = if cfg!(miri) {
    [[64, 3, 70], [3, 7, 300], [1, 60, 110], [257, 3, 5]]
} else {
    [[64, 300, 70], [3, 700, 300], [1, 600, 1100], [257, 33, 65]]
};

/// Causes that end the process during a shared job; each is tested in a separate process.
const ENDS: [&str; 3] = ["the caller's task", "a helper's task", "a failure in a job"];

fn end(name: &str) {
    resize(0, 1);
    let begun = AtomicUsize::new(0);
    let task = |_, thread| {
        begun.fetch_add(1, SeqCst);
        // Waits until each thread has a chunk.
        while begun.load(SeqCst) < 2 {
            thread::yield_now();
        }
        assert!(name != ENDS[thread], "on purpose");
        if name == ENDS[2] && thread == 1 {
            pool::fail();
        }
        if thread == 1 {
            loop {
                thread::yield_now();
            }
        }
    };
    drop(catch_unwind(AssertUnwindSafe(|| pool::run(2, &task))));
    println!("survived");
}

/// Jobs that start within a job or on another thread during it: their callers run them alone.
fn jobs_within_jobs() {
    let counts: [AtomicUsize; 6] = Default::default();
    let mut out = numbers(WORTH + 3, 7);
    pool::run(counts.len(), &|chunk, _| {
        let mut own = [0; 40].map(AtomicUsize::new);
        pool::run(own.len(), &|chunk, thread| {
            assert_eq!(thread, 0);
            own[chunk].fetch_add(chunk, SeqCst);
        });
        counts[chunk].fetch_add(own.iter_mut().map(|n| *n.get_mut()).sum(), SeqCst);
    });
    assert!(counts.iter().all(|count| count.load(SeqCst) == 780));
    let whole = out.clone();
    let is_begun = AtomicBool::new(false);
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            while !is_begun.load(SeqCst) {
                thread::yield_now();
            }
            product(SHAPES[0])
        });
        pool::in_pieces(&mut out, [], &|_, out, []| {
            is_begun.store(true, SeqCst);
            out.iter_mut().for_each(|x| *x = -*x);
        });
        assert_eq!(other.join().expect("it returns"), product(SHAPES[0]));
    });
    assert!(out.iter().zip(whole).all(|(x, y)| *x == -y));
}

/// Runs a job in which each thread has a chunk; the helper's chunk ends 30 milliseconds after the caller has begun to wait for
/// it. If the caller runs the job alone, it takes no time. Returns whether the caller ran it alone.
fn helper_without_a_core() -> bool {
    let (looks, alone, taken) = (LOOKS.load(SeqCst), pool::alone(), AtomicBool::new(false));
    let is_alone = || pool::alone() != alone;
    let until = |is_so: &dyn Fn() -> bool| {
        while !is_so() {
            thread::yield_now();
        }
    };
    pool::run(2, &|_, thread| {
        if thread == 0 {
            return until(&|| taken.load(SeqCst) || is_alone());
        }
        taken.store(true, SeqCst);
        // The caller reads the clock before a timed job and after its chunk, and always when it begins to wait. The next
        // time that it reads the clock, the 30 milliseconds have passed.
        until(&|| LOOKS.load(SeqCst) >= looks + 4);
        SUSPENDED_MS.fetch_add(30, SeqCst);
        let looks = LOOKS.load(SeqCst);
        until(&|| LOOKS.load(SeqCst) > looks);
    });
    is_alone()
}

/// The number of jobs that the caller has run alone.
fn jobs_alone() {
    for chunks in [2, 7, 100] {
        let runs: Vec<AtomicUsize> = (0..chunks).map(|_| AtomicUsize::new(0)).collect();
        pool::run(chunks, &|chunk, thread| {
            assert_eq!(thread, 0);
            runs[chunk].fetch_add(1, SeqCst);
        });
        assert!(runs.iter().all(|count| count.load(SeqCst) == 1));
    }
}

/// After a helper got no core twice, jobs have one thread for some time, and then all threads again.
fn helpers_without_cores() {
    pool::set_late(0.5);
    STANDS_STILL.store(true, SeqCst);
    for _ in 0..3 {
        // The first job begins the trial, the second loses time in it.
        assert!(!helper_without_a_core() && !helper_without_a_core());
        SUSPENDED_MS.fetch_add(150, SeqCst);
        for _ in 0..2 {
            // Each job is a block of the probe.
            let alone = (0..8).filter(|_| {
                let is_alone = helper_without_a_core();
                SUSPENDED_MS.fetch_add(30, SeqCst);
                is_alone
            });
            assert_eq!(alone.count(), 4);
            jobs_alone();
            // After a task that panics, the queues are available to the next job.
            assert_eq!(message(|| pool::run(2, &|_, _| panic!("on purpose"))), "on purpose");
            jobs_alone();
            SUSPENDED_MS.fetch_add(10_000, SeqCst);
        }
        pool::set_late(0.5);
        assert!(!helper_without_a_core());
        pool::set_late(0.5);
    }
    STANDS_STILL.store(false, SeqCst);
    pool::set_late(f64::INFINITY);
    assert!(!helper_without_a_core());
}

#[test]
fn jobs_on_helpers() {
    // On a busy machine a thread may stand still for seconds.
    pool::set_patience(TURNS, TURNS, true, 60_000);
    pool::set_late(f64::INFINITY);
    let now = || {
        LOOKS.fetch_add(1, SeqCst);
        if STANDS_STILL.load(SeqCst) {
            return SUSPENDED_MS.load(SeqCst) as f64;
        }
        static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        let elapsed = BEGAN.get_or_init(std::time::Instant::now).elapsed().as_secs_f64() * 1000.0;
        elapsed + SUSPENDED_MS.load(SeqCst) as f64
    };
    // SAFETY: `now` does not unwind. The memory that a lost job uses below lives until the end of the test.
    unsafe { pool::set_clock(now, || panic!("a thread is lost")) };
    if let Ok(name) = std::env::var("GRADSTEP_POOL_END") {
        pool::set_patience(1000, 1000, true, 2000);
        return end(&name);
    }
    pool::set_least(WORTH);
    assert_eq!(pool::threads(), 1);
    let alone = SHAPES.map(product);
    let mut helpers = 0;
    for threads in [2, 4, 1, 3] {
        resize(helpers, threads - 1);
        helpers = threads - 1;
        assert_eq!(pool::threads(), threads);
        for round in 0..ROUNDS {
            let runs: Vec<AtomicUsize> = (0..round % 23).map(|_| AtomicUsize::new(0)).collect();
            pool::run(runs.len(), &|chunk, thread| {
                assert!(thread < threads);
                runs[chunk].fetch_add(1, SeqCst);
            });
            assert!(runs.iter().all(|count| count.load(SeqCst) == 1));
        }
        let mut out = numbers(WORTH + 3, 4);
        let mut other = numbers(WORTH + 3, 5);
        pool::in_pieces(&mut out, [&mut other, &mut []], &|range, out, [other, none]| {
            assert!(none.is_empty() && out.len() == range.len() && other.len() == range.len());
            out.iter_mut().zip(other).for_each(|(x, y)| core::mem::swap(x, y));
        });
        assert!(out == numbers(out.len(), 5) && other == numbers(other.len(), 4));
        for (shape, alone) in SHAPES.into_iter().zip(&alone) {
            assert_eq!(&product(shape), alone, "{shape:?} on {threads}");
        }
        jobs_within_jobs();
    }

    // Tests of small shapes lower the minimum size of a job for a second thread; a chunk is then at least a cache line.
    pool::set_least(40);
    let ids: [AtomicUsize; 100] = core::array::from_fn(|_| AtomicUsize::new(0));
    let mut small = numbers(100, 6);
    pool::in_pieces(&mut small, [], &|range, out, []| {
        assert!(out.len() == range.len() && range.len() <= 16 && range.start % 16 == 0);
        range.for_each(|i| {
            ids[i].fetch_add(1, SeqCst);
        });
    });
    assert!(ids.iter().all(|count| count.load(SeqCst) == 1));
    assert!(!pool::is_worth(39) && pool::is_worth(40));
    pool::set_least(WORTH);

    resize(helpers, 1);
    helpers_without_cores();

    // A thread leaves a place that was reassigned, asleep or awake, and an earlier ticket gives no access to it.
    set_helpers(0);
    until(0);
    set_helpers(1);
    let (old, new) = (pool::expect(1), pool::expect(1));
    help(1, old).join().expect("it returns");
    assert_eq!(pool::alive(), 0);
    let helper = help(1, new);
    until(1);
    pool::gone(1, old);
    assert_eq!(pool::alive(), 1);
    pool::gone(1, new);
    assert_eq!(pool::alive(), 0);
    helper.join().expect("it returns");
    resize(0, 2);

    pool::set_patience(TURNS, TURNS, true, 200);
    // If a laptop sleeps for an hour in the middle of a job, no helper counts as lost.
    let taken = AtomicBool::new(false);
    pool::run(2, &|_, thread| {
        if thread == 0 {
            while !taken.load(SeqCst) {
                thread::yield_now();
            }
        } else {
            taken.store(true, SeqCst);
            thread::sleep(Duration::from_millis(30));
            SUSPENDED_MS.fetch_add(3_600_000, SeqCst);
            thread::sleep(Duration::from_millis(30));
        }
    });

    // A helper that does not end its chunk in time is lost; after it has ended, the pool works as before.
    let (released, taken) = (AtomicBool::new(false), AtomicBool::new(false));
    let silent = |chunk: usize, thread: usize| {
        if thread != 0 && !taken.swap(true, SeqCst) {
            while !released.load(SeqCst) {
                thread::yield_now();
            }
        } else if chunk == 0 && thread == 0 {
            while !taken.load(SeqCst) {
                thread::yield_now();
            }
        }
    };
    // The task lives until the end of the test, because the silent helper still runs it.
    let silent: &(dyn Fn(usize, usize) + Sync) = &silent;
    assert_eq!(message(|| pool::run(8, silent)), "a thread is lost");
    released.store(true, SeqCst);
    set_helpers(0);
    until(0);

    set_helpers(1);
    pool::fail();
    assert_eq!(message(|| pool::run(2, &|_, _| {})), "a thread failed");

    if cfg!(miri) {
        return;
    }
    for name in ENDS {
        let mut command = Command::new(std::env::current_exe().expect("a path"));
        let ended =
            command.env("GRADSTEP_POOL_END", name).arg("--nocapture").output().expect("it starts");
        let said = String::from_utf8_lossy(&ended.stdout);
        assert!(said.contains("running 1 test") && !said.contains("survived"), "{name}: {said}");
        assert!(!ended.status.success(), "{name}");
    }
}
