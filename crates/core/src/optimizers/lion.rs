//! Lion (Chen et al. 2023, algorithm 2): steps along the sign of an interpolated momentum.
//!
//! ```text
//! w <- w - lr sign(m b1 + g (1 - b1))             with the old m
//! m <- m b2 + g (1 - b2)
//! ```

use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// Scalars of one step.
pub struct Lion {
    lr: f32,
    b1: f32,
    b2: f32,
}

impl Rule for Lion {
    const SPEC: Spec = Spec {
        name: "lion",
        arguments: &[("learning_rate", 0.001), ("beta_1", 0.9), ("beta_2", 0.99)],
        weight_decay: NONE,
        slots: &[Slot::zeros("momentum", 0)],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2] = arguments.first_chunk().expect("as many as SPEC has");
        Self { lr: clock.lr, b1: b1 as f32, b2: b2 as f32 }
    }

    fn update(&self, job: Job) {
        job.elementwise([0], Care::unless(self.lr.abs() < 1e30), self);
    }
}

impl Formula<1> for Lion {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m]: [L; 1]) -> (L, [L; 1]) {
        // Keras rounds the betas first, so 1 - beta is a difference of two `f32`.
        let between = |beta: f32| m * L::splat(beta) + g * L::splat(1.0 - beta);
        (w - L::splat(self.lr) * between(self.b1).sign(), [between(self.b2)])
    }

    /// No parameter overflows: a step of less than 1e30 does not change the largest number.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [m]: [L; 1]) -> L {
        seen + m
    }
}
