//! Adagrad (Duchi et al. 2011): steps scaled by the sum of all squared gradients so far.
//!
//! ```text
//! A <- A + g^2 ;  w <- w - lr g / sqrt(A + eps)
//! ```
//!
//! Epsilon is under the root, as in Keras 3.

use super::rule::Rule;
use super::spec::{Extent, NONE, Slot, Spec, Start};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

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

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, _, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        Self { lr: clock.lr, epsilon: epsilon as f32 }
    }

    fn update(&self, job: Job) {
        let tame = self.lr.abs() <= 1.0 && self.epsilon >= 1e-30;
        job.elementwise([0], Care::unless(tame), self);
    }
}

impl Formula<1> for Adagrad {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [sum]: [L; 1]) -> (L, [L; 1]) {
        let sum = sum + g.squared();
        (w - L::splat(self.lr) * g / (sum + L::splat(self.epsilon)).sqrt(), [sum])
    }

    /// The sum is infinite if the square of a gradient overflows.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [sum]: [L; 1]) -> L {
        seen.raised(sum)
    }
}
