//! AdamW (Loshchilov and Hutter 2017): Adam with decoupled weight decay.
//!
//! The plan decays the weights before any rule, so the rule is Adam with a different default.

use super::adam::Adam;
use super::rule::Rule;
use super::spec::Spec;
use crate::plan::{Clock, Job, RowShape};

/// Scalars of one step.
pub struct AdamW(Adam);

impl Rule for AdamW {
    const SPEC: Spec = Spec { name: "adamw", weight_decay: 0.004, ..Adam::SPEC };

    fn has_slot(slot: usize, arguments: &[f64], shape: RowShape) -> bool {
        Adam::has_slot(slot, arguments, shape)
    }

    fn workspace(arguments: &[f64], shape: RowShape) -> usize {
        Adam::workspace(arguments, shape)
    }

    fn begin(arguments: &[f64], clock: Clock, shared: &mut [f32]) -> Self {
        Self(Adam::begin(arguments, clock, shared))
    }

    fn update(&self, job: Job) {
        self.0.update(job);
    }
}
