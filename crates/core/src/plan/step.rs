//! One step over all rows, in the order of Keras 3's `BaseOptimizer.apply`: unscale, finite check, accumulate, clip, weight
//! decay, update, moving average.
//!
//! Over 300 lines: the file contains the whole order of a step, and the data that each part passes to the next.

use super::changes::{MEASURES, Meter};
use super::clip::Clip;
use super::options::is_multiple;
use super::rows::Rest;
use super::sparse::Sparse;
use super::stages::{Average, BLOCK, Gathered, Stages, average};
use super::{Clock, Job, Options, Plan, Room, Row};
use crate::error::Error;
use crate::memory::{Gradients, Span, probe};
use crate::optimizers::rule::Rule;
use crate::optimizers::spec::SHARED;
use crate::optimizers::{Entry, Run};
use crate::{pool, reduce};
use core::ops::Range;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// One call of `apply`.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Learning rate.
    pub lr: f32,
    /// The number of calls before this one.
    pub calls: f64,
    /// The divisor of the gradients; NaN for none.
    pub unscale: f64,
    /// Whether the configured clipping is applied.
    pub clip: bool,
    /// Whether to change nothing if a gradient is not finite.
    pub check_finite: bool,
}

/// The outcome of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The weights were updated.
    Updated,
    /// The gradients were gathered for a later update.
    Accumulated,
    /// A gradient was not finite; nothing was changed.
    NotFinite,
}

/// Whether a gradient is finite, before and after it is divided by `scale`, unless that is NaN.
fn is_finite(g: &[f32], scale: f64) -> bool {
    let scale = (scale as f32).abs();
    reduce::is_finite(g)
        && (scale.is_nan() || scale >= 1.0 || g.iter().all(|x| (x / scale).is_finite()))
}

/// The values that all rows of one update share.
#[derive(Debug)]
pub(crate) struct Pass {
    pub(super) clock: Clock,
    /// The number of updates before this one, modulo 2^32.
    pub(super) update: u32,
    pub(super) stages: Stages,
    /// Whether a row without weight decay needs only the formula of the rule.
    pub(super) is_bare: bool,
    /// The bits of the sums of [`Rule::survey`] so far. Only one thread surveys; they are atomic because other threads share the
    /// pass.
    pub(super) sums: [AtomicU64; 2],
}

impl Plan {
    /// Takes one step with the gradients in [`Plan::gradients`]. After an error nothing has changed.
    pub fn step(&mut self, call: Call) -> Result<Outcome, Error> {
        // Moved out of `self`, because rows are written while gradients are read.
        let gradients = core::mem::take(&mut self.gradients);
        let outcome = self.take_step(&gradients, call);
        self.gradients = gradients;
        self.sparse.iter_mut().for_each(Sparse::clear);
        outcome
    }

    /// Takes one step with these gradients, one for each row; `None` skips the row.
    ///
    /// # Panics
    /// If a gradient's length differs from its variable's, or there are not as many gradients as rows.
    pub fn step_with(
        &mut self,
        gradients: &[Option<&[f32]>],
        call: Call,
    ) -> Result<Outcome, Error> {
        assert_eq!(gradients.len(), self.rows.len());
        for (row, gradient) in self.rows.iter().zip(gradients) {
            assert!(gradient.is_none_or(|g| g.len() == row.variable.w.len()));
        }
        let gradients = Gradients::of(gradients)?;
        let outcome = self.take_step(&gradients, call);
        self.sparse.iter_mut().for_each(Sparse::clear);
        outcome
    }

    fn take_step(&mut self, gradients: &Gradients, call: Call) -> Result<Outcome, Error> {
        let is_finite = |g| is_finite(g, call.unscale);
        let of_rows = self.sparse.iter().filter_map(Sparse::sums);
        if call.check_finite && !gradients.iter().flatten().chain(of_rows).all(is_finite) {
            return Ok(Outcome::NotFinite);
        }
        let updates = self.options.updates(call.calls);
        let is_update = self.options.is_update(call.calls);
        let mut stages = self.stages(call, updates);
        if is_update {
            self.reserve(&stages)?;
            let norm = || {
                global_norm(
                    &self.options,
                    &stages,
                    (&self.rows, &self.sparse),
                    gradients,
                    &mut self.memory.room(),
                )
            };
            stages.clip = stages.clip.map(|clip| clip.with_global_norm(norm));
            let clock = Clock { lr: call.lr, base_lr: call.lr, t: (updates + 1.0) as f32 };
            let mut is_bare = stages.are_none();
            if MEASURES && let Some(sums) = &mut self.changes {
                *sums = [0.0; 2];
                is_bare = false;
            }
            let update = updates as u32;
            let mut pass = Pass { clock, update, is_bare, stages, sums: Default::default() };
            if let Some(survey) = self.entry.survey {
                self.run_groups(gradients, &mut pass, survey);
                survey(self, gradients, &pass, 0..0);
            }
            self.run_groups(gradients, &mut pass, self.entry.run);
        } else {
            let scratch = self.memory.scratch.as_mut_slice();
            for (row, g) in self.rows.iter_mut().zip(gradients.iter()) {
                if let Some(g) = g {
                    stages.gather(g, row.accumulator.values_mut(), &mut row.unit, scratch);
                }
            }
        }
        if let Some(with) = stages.average.filter(|_| !self.entry.ends_early) {
            self.average_rest(gradients, is_update, with);
        }
        if is_update && self.options.accumulates() {
            self.rows.iter_mut().for_each(Row::reset);
        }
        Ok(if is_update { Outcome::Updated } else { Outcome::Accumulated })
    }

    /// Updates the rows of a step by the rule. The optimizer's [`crate::optimizers::Entry`] contains this function.
    pub(crate) fn run<R: Rule>(&mut self, gradients: &Gradients, pass: &Pass, rows: Range<usize>) {
        let rule = R::begin(&self.arguments, pass.clock, self.shared.as_mut_slice());
        self.each_row(gradients, pass, (rows, false), &|job| rule.update(job));
    }

    /// Surveys the rows of a step before any is updated. With an empty range, it concludes the survey.
    pub(crate) fn survey<R: Rule>(
        &mut self,
        gradients: &Gradients,
        pass: &Pass,
        rows: Range<usize>,
    ) {
        let rule = R::begin(&self.arguments, pass.clock, self.shared.as_mut_slice());
        if rows.is_empty() {
            let sums = pass.sums.each_ref().map(|bits| f64::from_bits(bits.load(Relaxed)));
            return rule.conclude(sums, self.shared.as_mut_slice());
        }
        self.each_row(gradients, pass, (rows, true), &|job| {
            for (bits, more) in pass.sums.iter().zip(rule.survey(job)) {
                bits.store((f64::from_bits(bits.load(Relaxed)) + more).to_bits(), Relaxed);
            }
        });
    }

    /// Updates all rows. Each run of rows with the same learning rate is a step of the rule, with the same shared numbers.
    fn run_groups(&mut self, gradients: &Gradients, pass: &mut Pass, run: Run) {
        let mut shared = [0.0; SHARED];
        shared.copy_from_slice(self.shared());
        let count = self.rows.len();
        let mut rows = 0..count;
        while !rows.is_empty() {
            let rates = &self.rates.as_slice()[rows.start.min(self.rates.as_slice().len())..];
            let same = rates.iter().take_while(|&rate| rate == &rates[0]).count();
            if let Some(&rate) = rates.first() {
                pass.clock.lr = rate;
                rows.end = rows.start + same.max(1);
            }
            self.shared().copy_from_slice(&shared);
            run(self, gradients, pass, rows.clone());
            rows = rows.end..count;
        }
    }

    /// Ends a call of a rule whose caller computes the update, with the corrections and the moving average.
    pub fn average(&mut self, calls: f64) {
        for row in &mut self.rows {
            row.correct(&self.options);
        }
        let call = Call { lr: 0.0, calls, unscale: f64::NAN, clip: false, check_finite: false };
        if let Some(with) = self.stages(call, self.options.updates(calls)).average {
            for row in &mut self.rows {
                average(row.variable.w.values_mut(), row.average.values_mut(), with);
            }
        }
    }

    /// Updates each row. Separate from [`Plan::run`], so it is compiled once, not for each rule.
    #[inline(never)]
    fn each_row(
        &mut self,
        gradients: &Gradients,
        pass: &Pass,
        (rows, surveys): (Range<usize>, bool),
        update: Update,
    ) {
        let first = rows.start;
        let mut meter = if MEASURES && !surveys { self.meter() } else { None };
        let each = Each { options: &self.options, entry: self.entry, pass, surveys, update };
        let rows = &mut self.rows[rows];
        let mut least = 0;
        if pool::threads() > 1 && !surveys {
            least = each.share(rows, (gradients, first), &mut self.memory);
        }
        let room = &mut self.memory.room();
        let rows = rows.iter_mut();
        let lens = if self.entry.whole { 0..0 } else { least..usize::MAX };
        let mut rest = Rest { rows, gradients, at: first, lens };
        while let Some((row, g)) = rest.next() {
            if g.is_some_and(|g| g.len() < least) {
                continue;
            }
            if MEASURES && let Some(meter) = &meter {
                meter.begin(room, row);
            }
            let mut stays = false;
            if let Some(g) = g {
                each.update(room, row, g, &mut rest);
            } else if let Some(sparse) =
                self.sparse.get_mut(rest.at - 1).filter(|s| s.sums().is_some())
            {
                sparse.update(row, room, &each);
            } else if row.late().is_some() {
                let sums = core::mem::replace(&mut row.accumulator, Span::EMPTY);
                each.update(room, row, sums.values(), &mut Rest::none());
                row.accumulator = sums;
            } else {
                stays = true;
            }
            if MEASURES && let Some(meter) = &mut meter {
                meter.end(room, row, stays);
            }
        }
        if MEASURES && let Some(Meter { sums, .. }) = meter {
            self.changes = Some(sums);
        }
    }

    fn stages(&self, call: Call, updates: f64) -> Stages {
        let options = &self.options;
        let n = options.accumulation_steps;
        let frequency = f64::from(options.ema_overwrite_frequency);
        Stages {
            unscale: (!call.unscale.is_nan()).then_some(call.unscale as f32),
            accumulate: options.accumulates().then_some(n),
            clip: if call.clip { Clip::configured(options) } else { None },
            average: options.averages().then(|| Average {
                momentum: if updates == 0.0 { 0.0 } else { options.ema_momentum as f32 },
                overwrite: frequency > 0.0 && is_multiple(updates + 1.0, frequency),
            }),
        }
    }

    /// Allocates the memory of a step: for a whole gradient, if the rule needs it and a stage changes it, and for packing matrix
    /// products.
    fn reserve(&mut self, stages: &Stages) -> Result<(), Error> {
        let most = self.rows.iter().map(|row| row.variable.w.len()).max().unwrap_or(0);
        let copies = if self.options.corrects() { 2 } else { 1 };
        let whole = if self.options.go_beyond() { copies * most } else { 0 };
        let scratch = self.scratch(stages, most);
        self.memory.whole.ensure(whole)?;
        self.memory.scratch.ensure(scratch)?;
        if MEASURES {
            self.reserve_copies(most)?;
        }
        if self.packing > 0 {
            return probe(self.packing);
        }
        if pool::threads() > 1 {
            self.reserve_for_threads(stages);
        }
        Ok(())
    }

    /// Whether the rule updates rows as a whole.
    pub(super) fn is_whole(&self) -> bool {
        self.entry.whole || !self.memory.workspace.as_slice().is_empty()
    }

    /// The length of [`Room::scratch`](super::Room::scratch) for rows of up to `most` numbers.
    pub(super) fn scratch(&self, stages: &Stages, most: usize) -> usize {
        if self.is_whole() && !stages.leave_gradient() { most.max(2 * BLOCK) } else { 2 * BLOCK }
    }

    /// Computes the moving average of the rows that the rule did not update in this call, because Keras averages all rows.
    fn average_rest(&mut self, gradients: &Gradients, is_update: bool, with: Average) {
        for (row, gradient) in self.rows.iter_mut().zip(gradients.iter()) {
            if !is_update || gradient.is_none() && row.late().is_none() {
                average(row.variable.w.values_mut(), row.average.values_mut(), with);
            }
        }
    }
}

/// The update of a row by a rule.
pub(super) type Update<'a> = &'a (dyn Fn(Job) + Sync);

/// The update of successive rows.
pub(super) struct Each<'a> {
    options: &'a Options,
    pub(super) entry: &'static Entry,
    pass: &'a Pass,
    surveys: bool,
    update: Update<'a>,
}

impl Each<'_> {
    /// Updates a row, and those rows of the `rest` that the same loop can update.
    #[inline(never)]
    pub fn update<'a, 'm>(
        &self,
        room: &'a mut Room<'m>,
        row: &'a mut Row,
        g: &'a [f32],
        rest: &'a mut Rest<'m>,
    ) {
        let Self { options, pass, update, .. } = *self;
        if options.go_beyond() {
            let early = self.entry.ends_early;
            row.update_by(options, (room, pass), (g, self.surveys, early), update);
        } else {
            update(Job { room, pass, decay: row.decay(pass), row, g, rest });
        }
    }
}

/// The norm of all gradients together, before clipping.
#[inline(never)]
fn global_norm(
    options: &Options,
    stages: &Stages,
    (rows, sparse): (&[Row], &[Sparse]),
    gradients: &Gradients,
    room: &mut Room,
) -> f64 {
    let pairs = rows.iter().zip(gradients.iter()).enumerate();
    let squares = pairs.filter_map(|(at, (row, g))| {
        let (gathered, g) = match g.or_else(|| sparse.get(at)?.sums()) {
            Some(g) => (row.gathered(), g),
            None => (Gathered { sums: &[], unit: row.unit }, row.late()?),
        };
        Some(if options.changes_gradients() {
            let out = &mut room.whole[..g.len()];
            options.gradient(stages, (row, gathered), g, out);
            reduce::sum_of_squares(out)
        } else {
            squares(stages, gathered, g, room.scratch)
        })
    });
    squares.sum::<f64>().sqrt()
}

/// The sum of the squares of a gradient before clipping; `scratch` has room for a block of it.
#[inline(never)]
pub(super) fn squares(stages: &Stages, gathered: Gathered, g: &[f32], scratch: &mut [f32]) -> f64 {
    let before = Stages { clip: None, ..*stages };
    if before.leave_gradient() {
        return reduce::sum_of_squares(g);
    }
    (0..g.len())
        .step_by(BLOCK)
        .map(|at| {
            let part = at..g.len().min(at + BLOCK);
            let out = &mut scratch[..part.len()];
            before.prepare(&g[part.clone()], gathered.part(part), out);
            reduce::sum_of_squares(out)
        })
        .sum()
}
