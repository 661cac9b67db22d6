//! One step over all rows, in Keras 3's order (its `BaseOptimizer.apply`):
//! unscale, finite check, accumulate, clip, weight decay, update, moving average.

use super::clip::Clip;
use super::options::is_multiple;
use super::stages::{Average, BLOCK, Stages, average};
use super::{Clock, Job, Plan, Row};
use crate::error::Error;
use crate::memory::{Buffer, Span};
use crate::optimizers::rule::Rule;
use crate::reduce;

/// One call of `apply`.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Learning rate.
    pub lr: f32,
    /// Calls made before this one.
    pub calls: f64,
    /// Divide the gradients by this first; NaN leaves them as they are.
    pub unscale: f64,
    /// Whether the configured clipping is done.
    pub clip: bool,
    /// Whether to change nothing when a gradient is not finite.
    pub check_finite: bool,
}

/// What a call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The weights were updated.
    Updated,
    /// The gradients were gathered for a later update.
    Accumulated,
    /// A gradient was not finite; nothing was changed.
    NotFinite,
}

/// What the rows of one update have in common.
#[derive(Debug)]
pub(crate) struct Pass {
    pub(super) clock: Clock,
    pub(super) stages: Stages,
    /// Whether a row without weight decay has nothing but its rule's formula to go through.
    pub(super) is_bare: bool,
}

impl Plan {
    /// Takes one step with the gradients that were set. An error leaves everything as it was.
    pub fn step(&mut self, call: Call) -> Result<Outcome, Error> {
        if call.check_finite && !self.gradients().all(|(_, g)| reduce::is_finite(g.values())) {
            return Ok(Outcome::NotFinite);
        }
        let updates = self.options.updates(call.calls);
        let is_update = self.options.is_update(call.calls);
        let mut stages = self.stages(call, updates);
        if is_update {
            self.reserve_scratch(&stages)?;
            stages.clip = stages.clip.map(|c| c.with_global_norm(|| self.global_norm(&stages)));
            let clock = Clock { lr: call.lr, t: (updates + 1.0) as f32 };
            (self.entry.run)(self, &Pass { clock, is_bare: stages.are_none(), stages });
        } else {
            for (row, g) in self.gradients() {
                stages.gather(g.values(), row.accumulator.values_mut());
            }
        }
        if let Some(with) = stages.average {
            self.average_rest(is_update, with);
        }
        if is_update && self.options.accumulates() {
            for row in &self.rows {
                row.accumulator.values_mut().fill(0.0);
            }
        }
        Ok(if is_update { Outcome::Updated } else { Outcome::Accumulated })
    }

    /// The rows of a step, each through its rule. The optimizer's [`crate::optimizers::Entry`] names it.
    pub(crate) fn run<R: Rule>(&mut self, pass: &Pass) {
        let rule = R::begin(&self.arguments, pass.clock, &mut self.shared.as_mut_slice()[0]);
        self.each_row(pass, &|job| rule.update(job));
    }

    /// Kept apart from [`Plan::run`] so that it is compiled once, not for each rule.
    #[inline(never)]
    fn each_row(&self, pass: &Pass, update: &dyn Fn(Job)) {
        for (row, g) in self.gradients() {
            update(Job { plan: self, pass, row, g: g.values() });
        }
    }

    fn gradients(&self) -> impl Iterator<Item = (&Row, Span)> {
        let pairs = self.rows.iter().zip(&self.gradients);
        pairs.filter_map(|(row, g)| Some((row, g.span(row.variable.w.len())?)))
    }

    fn stages(&self, call: Call, updates: f64) -> Stages {
        let options = &self.options;
        let n = options.accumulation_steps;
        let frequency = f64::from(options.ema_overwrite_frequency);
        Stages {
            unscale: (!call.unscale.is_nan()).then_some(call.unscale as f32),
            accumulate: options.accumulates().then_some(n as f32),
            clip: if call.clip { Clip::configured(options) } else { None },
            average: options.averages().then(|| Average {
                momentum: if updates == 0.0 { 0.0 } else { options.ema_momentum as f32 },
                overwrite: frequency > 0.0 && is_multiple(updates + 1.0, frequency),
            }),
        }
    }

    /// The norm of all gradients together, as they are before clipping.
    fn global_norm(&self, stages: &Stages) -> f32 {
        let squares = self.gradients().map(|(row, g)| self.squares(stages, row, g.values()));
        squares.sum::<f64>().sqrt() as f32
    }

    /// Sum of the squares of a gradient as it is before clipping.
    pub(super) fn squares(&self, stages: &Stages, row: &Row, g: &[f32]) -> f64 {
        let before = Stages { clip: None, ..*stages };
        if before.leave_gradient() {
            return reduce::sum_of_squares(g);
        }
        let accumulator = row.accumulator.values();
        let scratch = self.scratch.span(0, BLOCK).values_mut();
        (0..g.len())
            .step_by(BLOCK)
            .map(|at| {
                let part = at..g.len().min(at + BLOCK);
                let out = &mut scratch[..part.len()];
                before.prepare(&g[part.clone()], accumulator.get(part).unwrap_or_default(), out);
                reduce::sum_of_squares(out)
            })
            .sum()
    }

    /// Makes room for a whole gradient where the rule wants it whole and a stage changes it.
    fn reserve_scratch(&mut self, stages: &Stages) -> Result<(), Error> {
        if self.entry.whole && !stages.leave_gradient() {
            let most = self.rows.iter().map(|row| row.variable.w.len()).max().unwrap_or(0);
            if self.scratch.as_slice().len() < most {
                self.scratch = Buffer::zeroed(most)?;
            }
        }
        Ok(())
    }

    /// The moving average of the rows that no rule has seen in this call: Keras averages all.
    fn average_rest(&self, is_update: bool, with: Average) {
        for (row, gradient) in self.rows.iter().zip(&self.gradients) {
            let Row { variable, average: own, .. } = row;
            if !is_update || gradient.span(variable.w.len()).is_none() {
                average(variable.w.values_mut(), own.values_mut(), with);
            }
        }
    }
}
