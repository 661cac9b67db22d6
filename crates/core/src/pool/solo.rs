//! The decision whether the caller runs jobs alone for a while: if helpers get no core, sharing a job delays it.
//!
//! A helper that loses its core in the middle of a chunk keeps the caller waiting for milliseconds. Such a wait begins a
//! trial, in which jobs are timed. If the jobs took longer than all their chunks would take on one thread, a probe follows:
//! blocks of time in which jobs are shared, and blocks in which the caller runs them alone. The times are compared for each
//! kind of job, because one may take a hundred times as long as another. The next jobs are run in the faster way, which may
//! be either while all cores are busy.
//!
//! While cores are idle, only jobs whose chunks take more than half a millisecond have such waits. They begin trials, but
//! no probe.

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

/// A time in milliseconds. Only the caller of jobs uses it; it is atomic because it is in a static.
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

/// Mode: jobs are shared and not timed.
const SHARED: u32 = 0;
/// Mode: jobs are shared and timed.
const TRIAL: u32 = 1;
/// Mode: jobs are shared, because that was faster; waits are ignored.
const KEPT: u32 = 2;
/// Mode: the caller runs jobs alone, because that was faster.
const ALONE: u32 = 3;
/// Modes of a block of the probe: jobs are timed, and shared or, in the second mode, run by the caller alone.
const PROBE: u32 = 4;
const PROBE_ALONE: u32 = PROBE + 1;

/// Milliseconds of a trial, of a block of the probe, and of the mode that the probe selects.
const SHORT: f64 = 100.0;
const BLOCK: f64 = 25.0;
const LONG: f64 = 1000.0;
/// Blocks of a probe. Blocks are added, up to the second number, until kinds of jobs that ran in both ways make up half of the
/// time.
const BLOCKS: u32 = 8;
const MOST_BLOCKS: u32 = 64;
/// The number of kinds of jobs that are compared.
const KINDS: usize = 32;
/// The time lost in a trial that makes a probe worth it, in multiples of the time of a late wait.
const LOST: f64 = 4.0;

/// The jobs of one kind in a probe, each list with those that were shared and those that the caller ran alone.
struct Kind {
    key: AtomicU32,
    times: [Time; 2],
    jobs: [AtomicU32; 2],
}

impl Kind {
    const fn new() -> Self {
        Self {
            key: AtomicU32::new(0),
            times: [const { Time::new(0.0) }; 2],
            jobs: [const { AtomicU32::new(0) }; 2],
        }
    }
}

/// The current mode, and the measurements that decide the next one.
pub struct Solo {
    mode: AtomicU32,
    /// The time at which the mode ends.
    until: Time,
    late: Time,
    /// The time lost in the trial.
    lost: Time,
    /// Of the probe: the time of all jobs, the number of blocks, and the number of kinds of jobs in the table.
    all: Time,
    blocks: AtomicU32,
    known: AtomicU32,
    kinds: [Kind; KINDS],
    random: AtomicU32,
    alone: AtomicU32,
}

/// A job that was shared. Times are milliseconds.
pub struct Job {
    /// The time at which it began; NaN if it was not timed.
    pub begun: f64,
    /// The shortest time of an even chunk that the caller ran.
    pub least: f64,
    /// The milliseconds that the caller waited when it had no more chunks, and the time after the wait.
    pub waited: f64,
    pub now: f64,
    /// The number of chunks that the caller ran, and of all chunks.
    pub own: usize,
    pub chunks: usize,
    /// The number of first chunks that take about the same time, while later ones may take less; 0 if any chunk may take longer.
    pub even: usize,
    /// See [`key`].
    pub key: u32,
}

impl Job {
    /// Records that the caller has run a chunk. Separate, so the loop over chunks is not compiled twice.
    #[inline(never)]
    pub fn ran(&mut self, chunk: usize, now: fn() -> f64) {
        self.own += 1;
        if !self.begun.is_nan() {
            let now = now();
            if chunk < self.even {
                self.least = self.least.min(now - self.now);
            }
            self.now = now;
        }
    }
}

/// A hash that identifies the kind of a job. Kinds with the same hash only make the comparison less exact.
pub fn key(figures: [usize; 3]) -> u32 {
    figures.into_iter().fold(0, |mixed: u32, figure| {
        (mixed ^ figure as u32).wrapping_mul(0x9e37_79b1).rotate_left(15)
    })
}

impl Solo {
    /// The initial state, in which jobs are shared.
    pub const fn new() -> Self {
        Self {
            mode: AtomicU32::new(SHARED),
            until: Time::new(0.0),
            late: Time::new(0.0),
            lost: Time::new(0.0),
            all: Time::new(0.0),
            blocks: AtomicU32::new(0),
            known: AtomicU32::new(0),
            kinds: [const { Kind::new() }; KINDS],
            random: AtomicU32::new(0),
            alone: AtomicU32::new(0),
        }
    }

    /// Shares jobs from now on, until a wait takes `late` milliseconds; chunks of most jobs take less. With 0, the first wait
    /// leads to a probe.
    pub fn reset(&self, late: f64) {
        self.late.set(late);
        self.mode.store(SHARED, Relaxed);
    }

    /// Whether jobs need not be timed.
    #[inline(always)]
    pub fn is_calm(&self) -> bool {
        self.mode.load(Relaxed) == SHARED
    }

    /// The number of jobs that the caller has run alone, or begun to.
    pub fn alone(&self) -> u32 {
        self.alone.load(Relaxed)
    }

    /// Whether the caller runs this job, which is timed, alone.
    #[cold]
    #[inline(never)]
    pub fn is_alone(&self, now: f64) -> bool {
        let left = self.until.get() - now;
        // The mode also ends if the clock was set back.
        if left <= 0.0 || left > LONG {
            match self.mode.load(Relaxed) {
                TRIAL if self.lost.get() >= LOST * self.late.get() => self.begin_probe(now),
                ALONE => self.begin_probe(now),
                TRIAL | KEPT => self.enter(SHARED, now),
                _ => self.end_block(now),
            }
        }
        let is_alone = matches!(self.mode.load(Relaxed), ALONE | PROBE_ALONE);
        self.alone.fetch_add(u32::from(is_alone), Relaxed);
        is_alone
    }

    /// Evaluates a job that was timed, or that the caller had to wait for.
    #[cold]
    #[inline(never)]
    pub fn judge(&self, job: &Job) {
        if job.begun.is_nan() {
            if job.even > 0 && job.waited >= self.late.get() {
                self.lost.set(0.0);
                self.enter(TRIAL, job.now);
            }
            return;
        }
        let took = job.now - job.begun;
        self.count(false, job.key, took);
        // If helpers ran most chunks, the caller lost its core, and sharing did not delay the job.
        if 2 * job.own >= job.chunks.min(4) && job.least.is_finite() {
            // The shortest chunk counts, because the caller may have lost its core to a helper during others.
            let lost = self.lost.get() + took - job.least * job.chunks as f64;
            self.lost.set(lost.max(0.0));
        }
    }

    /// Adds a job that was timed to the measurements.
    pub fn count(&self, is_alone: bool, key: u32, took: f64) {
        self.all.set(self.all.get() + took);
        let known = self.known.load(Relaxed);
        let mut at = 0;
        while at < known && self.kinds[at as usize].key.load(Relaxed) != key {
            at += 1;
        }
        // A table that is full: the job only counts towards the time that was not compared.
        let Some(kind) = self.kinds.get(at as usize) else { return };
        if at == known {
            self.known.store(known + 1, Relaxed);
            kind.key.store(key, Relaxed);
            kind.times.iter().for_each(|time| time.set(0.0));
            kind.jobs.iter().for_each(|jobs| jobs.store(0, Relaxed));
        }
        let way = usize::from(is_alone);
        kind.times[way].set(kind.times[way].get() + took);
        kind.jobs[way].fetch_add(1, Relaxed);
    }

    fn begin_probe(&self, now: f64) {
        self.all.set(0.0);
        self.blocks.store(0, Relaxed);
        self.known.store(0, Relaxed);
        self.next_block(now);
    }

    /// Ends the probe if enough jobs ran in both ways.
    fn end_block(&self, now: f64) {
        let (mut seen, mut gain) = (0.0, 0.0);
        let known = self.known.load(Relaxed) as usize;
        for Kind { times: [shared, alone], jobs, .. } in self.kinds.iter().take(known) {
            let (shared, alone) = (shared.get(), alone.get());
            let [m, n] = [0, 1].map(|way| f64::from(jobs[way].load(Relaxed)));
            if m * n > 0.0 {
                seen += shared + alone;
                gain += (m + n) * (shared / m - alone / n);
            }
        }
        let blocks = self.blocks.load(Relaxed);
        if blocks >= MOST_BLOCKS || blocks >= BLOCKS && 2.0 * seen >= self.all.get() {
            self.enter(if gain > 0.0 { ALONE } else { KEPT }, now);
        } else {
            self.next_block(now);
        }
    }

    /// Begins a block of the probe. Jobs are shared in one of two successive blocks, in random order: in a fixed order, a
    /// program whose steps last as long as two blocks would always run the same jobs in the same way.
    fn next_block(&self, now: f64) {
        let blocks = self.blocks.fetch_add(1, Relaxed);
        let mut random = self.random.load(Relaxed);
        if blocks % 2 == 0 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            self.random.store(random, Relaxed);
        }
        self.enter(PROBE + ((random >> 31) ^ (blocks & 1)), now);
    }

    fn enter(&self, mode: u32, now: f64) {
        let lasts = match mode {
            TRIAL => SHORT,
            PROBE | PROBE_ALONE => BLOCK,
            _ => LONG,
        };
        self.until.set(now + lasts);
        self.mode.store(mode, Relaxed);
    }
}

#[cfg(test)]
#[path = "solo_tests.rs"]
mod tests;
