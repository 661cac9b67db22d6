//! Adagrad (Duchi et al. 2011): steps scaled by the sum of all squared gradients so far.
//!
//! ```text
//! A <- A + g^2 ;  w <- w - lr g / sqrt(A + eps)
//! ```
//!
//! Epsilon stands under the root, as in Keras 3.

use super::rule::Rule;
use super::spec::{Extent, NONE, Slot, Spec, Start};
use crate::lanes::{Formula, Lanes, Limits};
use crate::plan::{Clock, Job};

const INITIAL: usize = 1;

/// Scalars of one step.
pub struct Adagrad {
    lr: f32,
    epsilon: f32,
}

impl Rule for Adagrad {
    const SPEC: Spec = Spec {
        name: "adagrad",
        arguments: &[
            ("learning_rate", 0.001),
            ("initial_accumulator_value", 0.1),
            ("epsilon", 1e-7),
        ],
        weight_decay: NONE,
        slots: &[Slot {
            name: "accumulator",
            group: 0,
            start: Start::Argument(INITIAL),
            extent: Extent::Full,
        }],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut f32) -> Self {
        let &[_, _, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        Self { lr: clock.lr, epsilon: epsilon as f32 }
    }

    fn update(&self, job: Job) {
        job.elementwise([0], self);
    }
}

impl Formula<1> for Adagrad {
    #[inline(always)]
    fn apply<L: Lanes>(&self, limits: &Limits<L>, w: L, g: L, [sum]: [L; 1]) -> (L, [L; 1]) {
        let sum = sum + g.squared();
        let step = limits.saturated_from(L::splat(self.lr) * g, g) / limits.root(sum, self.epsilon);
        (limits.saturated(w - step), [limits.stored(sum)])
    }
}
