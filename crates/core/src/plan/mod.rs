//! Plans: each optimizer has one, with a row per variable, all state in slabs, and one `step` over all rows.

mod beyond;
mod build;
mod changes;
mod clip;
mod job;
mod mend;
mod options;
mod prepare;
mod room;
mod rows;
mod small;
mod sparse;
mod stages;
mod step;

pub use clip::clip_in_place;
pub use job::{Decay, Job, Whole};
pub use mend::Care;
pub use options::Options;
pub(crate) use prepare::Prepare;
pub(crate) use step::Pass;
pub use step::{Call, Outcome};

use crate::error::Error;
use crate::memory::{Buffer, Gradients, Span};
use crate::optimizers::Entry;
use room::{Memory, Room};
use small::Kind;
use sparse::Sparse;
use stages::{Gathered, divide};

/// The most slots that any optimizer has.
pub const MAX_SLOTS: usize = 4;

/// A variable's shape, as needed by rules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowShape {
    /// Number of axes.
    pub rank: usize,
    /// Number of elements.
    pub len: usize,
    /// Length of the second-last axis, or 1.
    pub rows: usize,
    /// Length of the last axis, or 1.
    pub cols: usize,
    /// Whether the caller chose the optimizer's second rule for this variable, such as Muon's AdamW.
    pub second_side: bool,
}

impl RowShape {
    /// The number of matrices in the variable: the product of all axes but the last two.
    pub fn matrices(self) -> usize {
        self.len.checked_div(self.rows * self.cols).unwrap_or(0)
    }
}

/// A variable to be optimized.
#[derive(Debug)]
pub struct Variable {
    /// Its numbers.
    pub w: Span,
    /// Its shape; `shape.len` is `w.len()`.
    pub shape: RowShape,
    /// Whether it is excluded from weight decay.
    pub no_decay: bool,
}

/// The learning rates and the number of one update.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Learning rate of this step.
    pub lr: f32,
    /// Learning rate of this step before it is multiplied by the factors of variables.
    pub base_lr: f32,
    /// Number of this update, from 1: the papers' `t`.
    pub t: f32,
}

#[derive(Debug)]
struct Row {
    variable: Variable,
    /// The row's weight decay, if it has one.
    decay: Option<f32>,
    /// Multiplies the weight decay; 0 excludes the row.
    decay_factor: f64,
    slots: [Span; MAX_SLOTS],
    /// The type of the slots' numbers.
    kind: Kind,
    average: Span,
    accumulator: Span,
    /// The unit of the accumulator, see [`Gathered`].
    unit: f32,
    /// Set while the caller computes an update that is corrected afterwards; contains its pending weight decay.
    uncorrected: Option<Option<Decay>>,
}

impl Row {
    fn decay(&self, pass: &Pass) -> Option<Decay> {
        self.decay.map(|wd| Decay { wd, lr: pass.clock.lr })
    }

    fn gathered(&self) -> Gathered<'_> {
        Gathered { sums: self.accumulator.values(), unit: self.unit }
    }

    /// The gathered sums that update a row without a gradient, unless they are all 0: see [`Gathered`].
    fn late(&self) -> Option<&[f32]> {
        let sums = self.accumulator.values();
        sums.iter().any(|&sum| sum != 0.0).then_some(sums)
    }

    /// The gathered sums, divided by their unit and limited to the largest number.
    fn sums(&mut self) -> &mut Span {
        let unit = core::mem::replace(&mut self.unit, 1.0);
        if unit != 1.0 {
            divide(self.accumulator.values_mut(), unit);
        }
        &mut self.accumulator
    }

    /// Discards the gathered gradients.
    fn reset(&mut self) {
        self.accumulator.values_mut().fill(0.0);
        self.unit = 1.0;
    }
}

/// An optimizer's state over its variables.
pub struct Plan {
    entry: &'static Entry,
    arguments: Vec<f64>,
    options: Options,
    rows: Vec<Row>,
    /// Each row's gradient for the next step, for callers that write addresses.
    gradients: Gradients<'static>,
    /// The numbers that all variables share, in a buffer because callers need their address.
    shared: Buffer,
    /// Each row's learning rate, which callers write before a step; empty if all rows have that of the step.
    rates: Buffer,
    /// Matrices with row gradients in the next step.
    sparse: Vec<Sparse>,
    memory: Memory,
    /// The count of numbers that the rule's matrix products pack at a time.
    packing: usize,
    /// See [`Plan::changes`].
    changes: Option<[f64; 2]>,
}

/// The kind of state of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    /// The moving average of the weights.
    Average,
    /// The gathered gradients.
    Accumulator,
    /// The optimizer's own slot with this index.
    Slot(usize),
}

impl Plan {
    /// A row's weights; empty if there is no such row.
    pub fn weights(&self, row: usize) -> &[f32] {
        self.rows.get(row).map_or(&[], |row| row.variable.w.values())
    }

    /// A row's weights, for a custom rule to write; empty if there is no such row.
    pub fn weights_mut(&mut self, row: usize) -> &mut [f32] {
        self.rows.get_mut(row).map_or(&mut [], |row| row.variable.w.values_mut())
    }

    /// A row's state; empty if the row has no state of that kind.
    pub fn state(&mut self, row: usize, state: State) -> &mut [f32] {
        let Some(row) = self.rows.get_mut(row) else { return &mut [] };
        let span = match state {
            State::Average => Some(&mut row.average),
            State::Accumulator => Some(row.sums()),
            State::Slot(slot) => row.slots.get_mut(slot),
        };
        span.map_or(&mut [], Span::values_mut)
    }

    /// The numbers that all variables share.
    pub fn shared(&mut self) -> &mut [f32] {
        self.shared.as_mut_slice()
    }

    /// The gradients of the next [`Plan::step`], in the order of the rows.
    pub fn gradients(&mut self) -> &mut Gradients<'static> {
        &mut self.gradients
    }

    /// Multiplies the weight decay of a row; 0 turns it off.
    pub fn set_decay(&mut self, row: usize, factor: f64) {
        if let Some(row) = self.rows.get_mut(row) {
            row.decay_factor = factor;
            row.decay = decay(self.entry, &self.arguments, &self.options, row);
        }
    }

    /// Changes an argument of the rule for future steps. Indices after the rule's last argument are the base options weight
    /// decay, clipnorm, global clipnorm, clipvalue, EMA momentum and adaptive clip. State that [`Plan::new`] did not create
    /// stays absent.
    pub fn set_argument(&mut self, index: usize, value: f64) {
        let own = self.arguments.len();
        let options = &mut self.options;
        let changed = match index.checked_sub(own) {
            None => &mut self.arguments[index],
            Some(0) => &mut options.weight_decay,
            Some(1) => &mut options.clipnorm,
            Some(2) => &mut options.global_clipnorm,
            Some(3) => &mut options.clipvalue,
            Some(4) => &mut options.ema_momentum,
            Some(_) => &mut options.adaptive_clip,
        };
        *changed = value;
        self.find_decays();
    }

    /// The learning rate of each row, which replaces that of [`Call`]; initially zeros.
    pub fn rates(&mut self) -> Result<&mut [f32], Error> {
        if self.rates.as_slice().is_empty() {
            self.rates = Buffer::zeroed(self.rows.len())?;
        }
        Ok(self.rates.as_mut_slice())
    }

    fn find_decays(&mut self) {
        for row in &mut self.rows {
            row.decay = decay(self.entry, &self.arguments, &self.options, row);
        }
    }
}

/// A variable's weight decay, rounded to `f32` once.
fn decay(entry: &Entry, arguments: &[f64], options: &Options, row: &Row) -> Option<f32> {
    let factor = row.decay_factor;
    let decay = (entry.weight_decay)(arguments, options.weight_decay, row.variable.shape) * factor;
    (factor != 0.0 && !decay.is_nan()).then_some(decay as f32)
}
