//! One step over all rows, in Keras 3's order (its `BaseOptimizer.apply`):
//! unscale, finite check, accumulate, clip, weight decay, update, moving average.

use super::clip::{Clip, configured_clip};
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

impl Plan {
    /// Takes one step with the gradients that were set. An error leaves everything as it was.
    pub fn step(&mut self, call: Call) -> Result<Outcome, Error> {
        if call.check_finite && !self.gradients().all(|(_, g)| reduce::is_finite(g.values())) {
            return Ok(Outcome::NotFinite);
        }
        let updates = self.options.updates(call.calls);
        let is_update = self.options.is_update(call.calls);
        self.stages = self.stages(call, updates);
        self.reserve_scratch(is_update)?;

        let clock = Clock { lr: call.lr, t: (updates + 1.0) as f32 };
        if is_update {
            self.stages.clip = if call.clip { self.clip() } else { None };
            (self.entry.run)(self, clock);
        } else {
            for (row, g) in self.gradients() {
                self.stages.gather(g.values(), row.accumulator.values_mut());
            }
        }
        self.average_rest(is_update);
        if is_update && self.options.accumulates() {
            for row in &self.rows {
                row.accumulator.values_mut().fill(0.0);
            }
        }
        Ok(if is_update { Outcome::Updated } else { Outcome::Accumulated })
    }

    /// The rows of a step, each through its rule. The optimizer's [`crate::optimizers::Entry`] names it.
    pub(crate) fn run<R: Rule>(&mut self, clock: Clock) {
        let rule = R::begin(&self.arguments, clock, &mut self.shared.as_mut_slice()[0]);
        self.each_row(clock, &|job| rule.update(job));
    }

    /// Kept apart from [`Plan::run`] so that it is compiled once, not for each rule.
    #[inline(never)]
    fn each_row(&self, clock: Clock, update: &dyn Fn(Job)) {
        let scratch = self.scratch.span(0, self.scratch.as_slice().len());
        let workspace = self.workspace.span(0, self.workspace.as_slice().len());
        for (row, g) in self.gradients() {
            let wd = self.weight_decay(row);
            // Before the job borrows the same scratch.
            let stages = self.stages_of_row(g, row.accumulator, scratch.values_mut());
            update(Job {
                w: row.variable.w.values_mut(),
                g: g.values(),
                slots: row.slots.map(Span::values_mut),
                average: row.average.values_mut(),
                accumulator: row.accumulator.values_mut(),
                scratch: scratch.values_mut(),
                workspace: workspace.values_mut(),
                shape: row.variable.shape,
                stages,
                decay: (!wd.is_nan()).then_some((wd as f32, clock.lr)),
            });
        }
    }

    fn gradients(&self) -> impl Iterator<Item = (&Row, Span)> {
        self.rows.iter().filter_map(|row| Some((row, row.gradient?)))
    }

    fn weight_decay(&self, row: &Row) -> f64 {
        if row.variable.no_decay {
            return f64::NAN;
        }
        let base = self.options.weight_decay;
        (self.entry.weight_decay)(&self.arguments, base, row.variable.shape)
    }

    fn stages(&self, call: Call, updates: f64) -> Stages {
        let options = &self.options;
        let n = options.accumulation_steps;
        let frequency = f64::from(options.ema_overwrite_frequency);
        Stages {
            unscale: (!call.unscale.is_nan()).then_some(call.unscale as f32),
            accumulate: options.accumulates().then_some(n as f32),
            clip: None,
            average: options.averages().then(|| Average {
                momentum: if updates == 0.0 { 0.0 } else { options.ema_momentum as f32 },
                overwrite: frequency > 0.0 && (updates + 1.0) % frequency == 0.0,
            }),
        }
    }

    /// The configured clip; the norm of all gradients together is taken here.
    fn clip(&self) -> Option<Clip> {
        let scratch = self.scratch.span(0, BLOCK);
        configured_clip(&self.options, || {
            self.gradients()
                .map(|(row, g)| self.squares(g, row.accumulator, scratch.values_mut()))
                .sum::<f64>()
                .sqrt() as f32
        })
    }

    /// The stages of one row: a norm limit becomes the ratio for its gradient.
    fn stages_of_row(&self, g: Span, accumulator: Span, scratch: &mut [f32]) -> Stages {
        let norm = || self.squares(g, accumulator, scratch).sqrt() as f32;
        Stages { clip: self.stages.clip.map(|clip| clip.with_norm(norm)), ..self.stages }
    }

    /// Sum of the squares of a gradient as it is before clipping.
    fn squares(&self, g: Span, accumulator: Span, scratch: &mut [f32]) -> f64 {
        let before = Stages { clip: None, ..self.stages };
        if before.leave_gradient() {
            return reduce::sum_of_squares(g.values());
        }
        let (g, accumulator) = (g.values(), accumulator.values());
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
    fn reserve_scratch(&mut self, is_update: bool) -> Result<(), Error> {
        let clips = |x: f64| x > 0.0;
        let o = &self.options;
        let changed = !self.stages.leave_gradient()
            || clips(o.clipnorm)
            || clips(o.global_clipnorm)
            || clips(o.clipvalue);
        if self.entry.whole && changed && is_update {
            let most = self.rows.iter().map(|row| row.variable.w.len()).max().unwrap_or(0);
            if self.scratch.as_slice().len() < most {
                self.scratch = Buffer::zeroed(most)?;
            }
        }
        Ok(())
    }

    /// The moving average of the rows that no rule has seen in this call: Keras averages all.
    fn average_rest(&self, is_update: bool) {
        let Some(with) = self.stages.average else {
            return;
        };
        for row in &self.rows {
            if !is_update || row.gradient.is_none() {
                average(row.variable.w.values_mut(), row.average.values_mut(), with);
            }
        }
    }
}
