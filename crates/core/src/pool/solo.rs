//! Jobs on the caller alone, for a while: if helpers get no core, sharing a job makes it later.
//!
//! A helper that loses its core in the middle of a chunk keeps the caller waiting for milliseconds. Such a wait begins a
//! trial, in which jobs are timed. If they took longer than their chunks one after the other would, the caller then runs
//! jobs alone for as long. The next jobs are run in the way in which chunks took less time: with all cores busy that
//! may be either. Where cores are idle there are no such waits, so jobs are not timed.

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

/// Milliseconds. Only the caller of jobs uses them: atomic, because a static is.
struct Time(AtomicU64);

impl Time {
    const fn new(ms: f64) -> Self {
        Self(AtomicU64::new(ms.to_bits()))
    }

    fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Relaxed))
    }

    fn set(&self, ms: f64) {
        self.0.store(ms.to_bits(), Relaxed);
    }
}

/// Jobs are shared, and not timed.
const SHARED: u32 = 0;
/// Jobs are shared and timed.
const TRIAL: u32 = 1;
/// The caller runs jobs alone, and they are timed.
const PROBE: u32 = 2;
/// The caller runs jobs alone, because that was quicker.
const ALONE: u32 = 3;
/// Jobs are shared, because that was quicker; waits do not count.
const KEPT: u32 = 4;

/// Milliseconds of a trial and a probe, and of what follows.
const SHORT: f64 = 100.0;
const LONG: f64 = 1000.0;
/// Milliseconds lost in a trial that make a probe worth it.
const LOST: f64 = 2.0;

/// The decision, and the figures that it is made of.
pub struct Solo {
    mode: AtomicU32,
    /// When it ends.
    until: Time,
    /// Time lost in the trial.
    lost: Time,
    /// Time of all jobs of the trial and of the probe, and their chunks.
    times: [Time; 2],
    chunks: [Time; 2],
    late: Time,
}

/// A job that was shared. Times are milliseconds.
pub struct Job {
    /// When it began; NaN if it was not timed.
    pub begun: f64,
    /// The shortest time of a chunk that the caller ran.
    pub least: f64,
    /// How long the caller waited when it had no more chunks, and the time after that.
    pub waited: f64,
    pub now: f64,
    /// Chunks that the caller ran, and all.
    pub own: usize,
    pub chunks: usize,
}

impl Job {
    /// The caller has run a chunk. Separate, so the loop over chunks is not compiled twice.
    #[inline(never)]
    pub fn ran(&mut self, now: fn() -> f64) {
        self.own += 1;
        if !self.begun.is_nan() {
            let now = now();
            self.least = self.least.min(now - self.now);
            self.now = now;
        }
    }
}

impl Solo {
    /// Jobs are shared.
    pub const fn new() -> Self {
        Self {
            mode: AtomicU32::new(SHARED),
            until: Time::new(0.0),
            lost: Time::new(0.0),
            times: [const { Time::new(0.0) }; 2],
            chunks: [const { Time::new(0.0) }; 2],
            late: Time::new(0.0),
        }
    }

    /// Jobs are shared from now on, until a wait takes longer than `late` milliseconds. Chunks of most jobs take less.
    pub fn reset(&self, late: f64) {
        self.late.set(late);
        self.mode.store(SHARED, Relaxed);
    }

    /// Whether nothing has to be timed.
    #[inline(always)]
    pub fn is_calm(&self) -> bool {
        self.mode.load(Relaxed) == SHARED
    }

    /// Whether the caller runs this job alone. It is timed.
    #[cold]
    #[inline(never)]
    pub fn is_alone(&self, now: f64) -> bool {
        let mut mode = self.mode.load(Relaxed);
        let left = self.until.get() - now;
        // A clock that was set back ends it, too.
        if left <= 0.0 || left > LONG {
            let [shared, alone] = [0, 1].map(|i| self.times[i].get() * self.chunks[1 - i].get());
            mode = match mode {
                TRIAL if self.lost.get() > LOST => PROBE,
                PROBE if alone < shared => ALONE,
                PROBE => KEPT,
                ALONE => TRIAL,
                _ => SHARED,
            };
            self.enter(mode, now);
        }
        mode == PROBE || mode == ALONE
    }

    /// Counts a job that the caller ran alone.
    pub fn count_alone(&self, begun: f64, now: f64, chunks: usize) {
        self.count(1, now - begun, chunks);
    }

    /// Judges a job that was timed, or had to be awaited.
    #[cold]
    #[inline(never)]
    pub fn judge(&self, job: &Job) {
        if job.begun.is_nan() {
            if job.waited > self.late.get() {
                self.enter(TRIAL, job.now);
            }
            return;
        }
        let took = job.now - job.begun;
        self.count(0, took, job.chunks);
        // If others ran most chunks, the caller lost its core: sharing was no fault.
        if 2 * job.own >= job.chunks.min(4) {
            // The shortest, because the caller may have lost its core too, to a helper.
            let lost = self.lost.get() + took - job.least * job.chunks as f64;
            self.lost.set(lost.max(0.0));
        }
    }

    fn count(&self, way: usize, took: f64, chunks: usize) {
        self.times[way].set(self.times[way].get() + took);
        self.chunks[way].set(self.chunks[way].get() + chunks as f64);
    }

    fn enter(&self, mode: u32, now: f64) {
        if mode == TRIAL {
            let all = [&self.lost].into_iter().chain(&self.times).chain(&self.chunks);
            all.for_each(|figure| figure.set(0.0));
        }
        self.until.set(now + if mode == TRIAL || mode == PROBE { SHORT } else { LONG });
        self.mode.store(mode, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Job, LONG, SHORT, Solo};

    const LATE: f64 = 0.5;

    /// A clock, and the decision.
    struct Run {
        now: f64,
        solo: Solo,
    }

    impl Run {
        fn new() -> Self {
            let solo = Solo::new();
            solo.reset(LATE);
            Self { now: 1e6, solo }
        }

        /// A job of two threads and 4 chunks: `own` of them take the caller `busy` milliseconds, then it waits. It takes
        /// `alone` if the caller runs it alone. Returns whether it was shared.
        fn job(&mut self, busy: f64, own: usize, waited: f64, alone: f64) -> bool {
            let (begun, is_timed) = (self.now, !self.solo.is_calm());
            if is_timed && self.solo.is_alone(begun) {
                self.now += alone;
                self.solo.count_alone(begun, self.now, 4);
                return false;
            }
            self.now = begun + busy + waited;
            // The pool does not judge other jobs.
            if is_timed || waited > 0.0 {
                let (begun, now) = (if is_timed { begun } else { f64::NAN }, self.now);
                let least = busy / own as f64;
                self.solo.judge(&Job { begun, least, waited, now, own, chunks: 4 });
            }
            true
        }

        /// Milliseconds until a job is shared, or not any more; `each` makes one.
        fn during(&mut self, is_shared: bool, each: impl Fn(&mut Self) -> bool) -> f64 {
            let begun = self.now;
            while self.now < begun + 10_000.0 {
                let before = self.now;
                if each(self) != is_shared {
                    return before - begun;
                }
            }
            f64::INFINITY
        }
    }

    /// But for a job at both ends.
    fn about(took: f64, expected: f64) -> bool {
        (took - expected).abs() < 10.0
    }

    #[test]
    fn jobs_that_end_soon_are_never_timed() {
        let mut run = Run::new();
        for waited in [0.0, 0.04, 0.3, LATE] {
            assert!(run.job(1.0, 2, waited, 2.0) && run.solo.is_calm());
        }
    }

    #[test]
    fn a_late_job_begins_a_trial_that_ends() {
        let mut run = Run::new();
        run.job(0.01, 2, 4.0, 0.02);
        assert!(!run.solo.is_calm());
        let begun = run.now;
        while !run.solo.is_calm() {
            assert!(run.job(0.02, 2, 0.0, 0.04));
        }
        assert!(about(run.now - begun, SHORT));
    }

    #[test]
    fn jobs_are_run_alone_if_that_is_quicker() {
        let mut run = Run::new();
        let each = |run: &mut Run| run.job(0.01, 2, 5.0, 0.02);
        // The job that begins the trial is not a part of it.
        assert!(about(run.during(true, each), SHORT));
        for _ in 0..5 {
            assert!(about(run.during(false, each), SHORT + LONG));
            assert!(about(run.during(true, each), SHORT));
        }
        // The cores are idle again.
        let idle = |run: &mut Run| run.job(0.01, 2, 0.0, 0.02);
        assert!(run.during(false, idle) < SHORT + LONG + 1.0);
        assert_eq!(run.during(true, idle), f64::INFINITY);
        assert!(run.solo.is_calm());
    }

    #[test]
    fn jobs_are_shared_if_that_is_quicker() {
        let mut run = Run::new();
        // The caller alone would lose its core as often.
        let each = |run: &mut Run| run.job(0.01, 2, 5.0, 6.0);
        assert!(about(run.during(true, each), SHORT));
        assert!(about(run.during(false, each), SHORT));
        // Then the next trial.
        assert!(run.during(true, each) > LONG);
    }

    #[test]
    fn long_chunks_are_shared() {
        let mut run = Run::new();
        // Each wait is late, but shorter than the chunks of the helper.
        for _ in 0..1000 {
            assert!(run.job(6.0, 2, 2.0, 12.0) && run.job(3.0, 1, 6.0, 12.0));
        }
    }

    #[test]
    fn a_rare_loss_is_made_up_for() {
        let mut run = Run::new();
        for _ in 0..100 {
            assert!(run.job(0.5, 2, 3.0, 1.0));
            for _ in 0..20 {
                assert!(run.job(0.5, 2, 0.0, 1.0));
            }
        }
    }

    #[test]
    fn a_program_that_was_suspended_goes_on() {
        let mut run = Run::new();
        for waited in [3_600_000.0, 0.0, 3_600_000.0] {
            run.job(0.01, 2, waited, 0.02);
        }
        let each = |run: &mut Run| run.job(0.01, 2, 0.0, 0.02);
        assert!(run.during(true, each) < SHORT || run.solo.is_calm());
        run.during(false, each);
        while !run.solo.is_calm() {
            run.job(0.01, 2, 0.0, 0.02);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_ends_a_pause() {
        let mut run = Run::new();
        let each = |run: &mut Run| run.job(0.01, 2, 5.0, 0.02);
        run.during(true, each);
        run.now -= 3_600_000.0;
        assert!(run.during(false, each) < SHORT + LONG + 1.0);
    }

    #[test]
    fn nothing_is_late_without_a_limit() {
        let mut run = Run::new();
        run.solo.reset(f64::INFINITY);
        for _ in 0..100 {
            assert!(run.job(0.01, 2, 5.0, 0.02) && run.solo.is_calm());
        }
    }
}
