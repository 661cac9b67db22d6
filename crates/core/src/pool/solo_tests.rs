//! The decision, with a clock that does not advance between jobs.

use super::{BLOCK, BLOCKS, Job, LONG, SHORT, Solo, key};

const LATE: f64 = 0.5;
/// Milliseconds of a probe.
const PROBE: f64 = BLOCK * BLOCKS as f64;

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

    /// Runs a job of two threads and 4 chunks: the caller runs `own` of them in `busy` milliseconds, and waits `waited`. The
    /// job takes `alone` milliseconds if the caller runs it alone. Returns whether it was shared.
    fn job_of(&mut self, kind: usize, [busy, waited, alone]: [f64; 3], own: usize) -> bool {
        let (begun, is_timed, key) = (self.now, !self.solo.is_calm(), key([4, kind, 0]));
        if is_timed && self.solo.is_alone(begun) {
            self.now += alone;
            self.solo.count(true, key, alone);
            return false;
        }
        self.now = begun + busy + waited;
        // The pool does not judge other jobs.
        if is_timed || waited > 0.0 {
            let (begun, now) = (if is_timed { begun } else { f64::NAN }, self.now);
            let least = busy / own as f64;
            self.solo.judge(&Job { begun, least, waited, now, own, chunks: 4, even: 3, key });
        }
        true
    }

    fn job(&mut self, busy: f64, own: usize, waited: f64, alone: f64) -> bool {
        self.job_of(1, [busy, waited, alone], own)
    }

    /// The milliseconds for which jobs are shared or, with `is_shared` false, not shared; `each` runs one job.
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

    /// The fraction of `lasts` milliseconds in which jobs were run alone; `each` runs one job.
    fn share_alone(&mut self, lasts: f64, mut each: impl FnMut(&mut Self) -> bool) -> f64 {
        let (begun, mut alone) = (self.now, 0.0);
        while self.now < begun + lasts {
            let before = self.now;
            alone += if each(self) { 0.0 } else { self.now - before };
        }
        alone / (self.now - begun)
    }
}

/// Whether `took` is as expected, apart from some jobs at both ends.
fn about(took: f64, expected: f64) -> bool {
    (took - expected).abs() < 10.0
}

#[test]
fn jobs_that_end_soon_are_never_timed() {
    let mut run = Run::new();
    for waited in [0.0, 0.04, 0.3, 0.49] {
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
    // The trial; then repeatedly half of the probe and the mode that follows.
    assert_eq!(run.share_alone(SHORT, each), 0.0);
    let share = run.share_alone(20.0 * (PROBE + LONG), each);
    let expected = (LONG + PROBE / 2.0) / (LONG + PROBE);
    assert!((share - expected).abs() < 0.02, "{share}");
    // The cores are idle again.
    let idle = |run: &mut Run| run.job(0.01, 2, 0.0, 0.02);
    run.share_alone(LONG + PROBE + 50.0, idle);
    assert!(run.during(true, idle).is_infinite() && run.solo.is_calm());
}

#[test]
fn jobs_are_shared_if_that_is_quicker() {
    let mut run = Run::new();
    // Alone, the caller would lose its core as often.
    let each = |run: &mut Run| run.job(0.01, 2, 5.0, 6.0);
    assert_eq!(run.share_alone(SHORT, each), 0.0);
    let share = run.share_alone(20.0 * (PROBE + LONG + SHORT), each);
    let expected = PROBE / 2.0 / (PROBE + LONG + SHORT);
    assert!((share - expected).abs() < 0.02, "{share}");
}

#[test]
fn jobs_of_different_sizes_are_compared_each_with_itself() {
    // Steps of 30 to 400 milliseconds: of one large job and some small ones, and of several large ones.
    let steps: [(&[f64], usize); 4] = [
        (&[20.0], 100),
        (&[390.0], 100),
        (&[200.0, 180.0], 200),
        (&[40.0, 30.0, 8.0, 120.0, 195.0], 60),
    ];
    for (large, count) in steps {
        // The time of a shared job, relative to the caller alone. The helper is late.
        for shared in [0.9, 1.1] {
            let mut run = Run::new();
            let mut at = 0;
            let share = run.share_alone(200_000.0, |run| {
                at = (at + 1) % (large.len() + count);
                let (kind, alone) = large.get(at).map_or((9, 0.1), |&took| (at, took));
                // The caller's short chunks make the loss seem large before the decision.
                run.job_of(kind, [alone / 10.0, alone * (shared - 0.1), alone], 2)
            });
            assert!(if shared < 1.0 { share < 0.45 } else { share > 0.55 }, "{large:?}: {share}");
        }
    }
}

#[test]
fn jobs_of_too_many_kinds_are_shared() {
    let mut run = Run::new();
    let mut kind = 0;
    let share = run.share_alone(100_000.0, |run| {
        kind += 1;
        run.job_of(kind, [0.01, 5.0, 2.0], 2)
    });
    assert!(share < 0.5, "{share}");
}

#[test]
fn long_chunks_are_shared() {
    let mut run = Run::new();
    // Every wait is late, but shorter than the helper's chunks.
    for _ in 0..1000 {
        assert!(run.job(6.0, 2, 2.0, 12.0) && run.job(3.0, 1, 6.0, 12.0));
    }
}

#[test]
fn short_last_chunks_are_no_measure() {
    let mut clock = Job {
        begun: 0.0,
        least: f64::INFINITY,
        waited: 0.0,
        now: 0.0,
        own: 0,
        chunks: 3,
        even: 2,
        key: 1,
    };
    clock.ran(2, || 0.5);
    assert_eq!((clock.own, clock.least), (1, f64::INFINITY));
    clock.ran(0, || 4.5);
    assert_eq!((clock.own, clock.least), (2, 4.0));
    // Jobs without measured chunks lose no time, and jobs with uneven chunks begin no trial.
    let mut run = Run::new();
    run.job(0.01, 2, 5.0, 0.02);
    for _ in 0..100 {
        let begun = run.now;
        run.now += 5.0;
        if !run.solo.is_calm() {
            assert!(!run.solo.is_alone(begun));
        }
        let (begun, now) = (if run.solo.is_calm() { f64::NAN } else { begun }, run.now);
        run.solo.judge(&Job { begun, now, least: f64::INFINITY, waited: 5.0, even: 0, ..clock });
    }
    assert!(run.solo.is_calm());
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
    run.share_alone(SHORT + 2.0 * (PROBE + LONG), each);
    assert!(run.solo.is_calm());
}

#[test]
fn a_clock_that_is_set_back_ends_a_pause() {
    let mut run = Run::new();
    let each = |run: &mut Run| run.job(0.01, 2, 5.0, 0.02);
    run.share_alone(SHORT + PROBE + LONG / 2.0, each);
    assert_eq!(run.during(true, each), 0.0);
    run.now -= 3_600_000.0;
    assert!(run.during(false, each) < 2.0 * BLOCK + 10.0);
}

#[test]
fn nothing_is_late_without_a_limit() {
    let mut run = Run::new();
    run.solo.reset(f64::INFINITY);
    for _ in 0..100 {
        assert!(run.job(0.01, 2, 5.0, 0.02) && run.solo.is_calm());
    }
}

#[test]
fn any_wait_leads_to_a_probe_without_patience() {
    let mut run = Run::new();
    run.solo.reset(0.0);
    let each = |run: &mut Run| run.job(0.5, 2, 0.01, 1.0);
    assert!(run.during(true, each) <= SHORT + BLOCK + 10.0);
    assert!(run.solo.alone() > 0);
}
