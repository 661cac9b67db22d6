//! The stages before a custom update rule. The caller reads the prepared gradient from the slot, updates the variable, and
//! calls [`Plan::average`](super::Plan::average) to end the step.

use super::{Clock, Job, Whole};
use crate::optimizers::rule::Rule;
use crate::optimizers::spec::{NONE, Slot, Spec};

/// Unscales, accumulates and clips the gradient, and decays the variable.
pub(crate) struct Prepare;

impl Rule for Prepare {
    const SPEC: Spec = Spec {
        name: "custom",
        arguments: &[],
        weight_decay: NONE,
        slots: &[Slot::zeros("gradient", 0)],
        shared: "",
    };

    const WHOLE: bool = true;
    const ENDS_EARLY: bool = true;

    fn begin(_arguments: &[f64], _clock: Clock, _shared: &mut [f32]) -> Self {
        Self
    }

    fn update(&self, job: Job) {
        let Whole { g, slots: [gradient, ..], .. } = job.whole();
        gradient.copy_from_slice(g);
    }
}
