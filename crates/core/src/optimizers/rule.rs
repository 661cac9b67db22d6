//! The trait that every optimizer implements, and what several of them compute.

use super::spec::Spec;
use crate::plan::{Clock, Job, RowShape};

/// One optimizer: its [`Spec`], the scalars of a step, and the update of one variable.
pub trait Rule: Sized + Sync {
    /// Arguments, defaults and slots.
    const SPEC: Spec;

    /// Whether a variable gets this slot.
    fn has_slot(_slot: usize, _arguments: &[f64], _shape: RowShape) -> bool {
        true
    }

    /// The length of the working memory for a variable; the plan allocates the maximum over all variables.
    fn workspace(_arguments: &[f64], _shape: RowShape) -> usize {
        0
    }

    /// The count of numbers that [`crate::matmul`] packs for a variable; a step begins only if there is memory for the maximum.
    fn packing(_shape: RowShape) -> usize {
        0
    }

    /// Whether the rule calls [`Job::whole`], which needs the whole gradient at once; a rule with a workspace may also call it. If
    /// false, all non-empty variables with the same weight decay have the same formula.
    const WHOLE: bool = false;

    /// Whether the caller ends the step, with [`crate::plan::Plan::average`].
    const ENDS_EARLY: bool = false;

    /// Whether [`Rule::survey`] is called for all variables before the first one is updated.
    const SURVEYS: bool = false;

    /// Updates slots of one variable, and returns its contributions to two sums over all variables.
    fn survey(&self, _job: Job) -> [f64; 2] {
        [0.0; 2]
    }

    /// Adds the sums of the survey to the numbers that all variables share, before [`Rule::begin`].
    fn conclude(&self, _sums: [f64; 2], _shared: &mut [f32]) {}

    /// The weight decay of a variable: `base`, that of the option, unless the rule overrides it.
    fn weight_decay(_arguments: &[f64], base: f64, _shape: RowShape) -> f64 {
        base
    }

    /// The scalars of this step, once for all variables. `shared` begins with the numbers of [`Spec::shared`].
    ///
    /// Hyper-parameters are the user's `f64` values; round them to `f32` where Keras does.
    fn begin(arguments: &[f64], clock: Clock, shared: &mut [f32]) -> Self;

    /// Updates one variable.
    fn update(&self, job: Job);
}

/// `sqrt(1 - beta^t)`, the share of the final size that the root of a second moment has after `t` steps. Rules beyond Keras
/// multiply their rates and epsilon by it, once a step: a division of each moment by `1 - beta^t`, as in Keras's rules, takes
/// up to a fourth of the time.
pub(super) fn root_share(beta: f64, t: f64) -> f64 {
    (1.0 - libm::pow(beta, t)).sqrt()
}

/// The rectification `r` of RAdam, if the average of the second moment is longer than `least`.
#[inline(never)]
pub(super) fn rectification(beta: f64, t: f64, least: f64) -> Option<f64> {
    // In single precision, the length of the first steps would be lost in a difference of two numbers near 2000.
    let power = libm::pow(beta, t);
    let longest = 2.0 / (1.0 - beta) - 1.0;
    let length = longest - 2.0 * t * power / (1.0 - power);
    let most = (longest - 4.0) * (longest - 2.0) * length;
    (length > least).then(|| ((length - 4.0) * (length - 2.0) * longest / most).sqrt())
}
