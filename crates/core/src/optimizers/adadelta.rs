//! Adadelta (Zeiler 2012): steps scaled by the ratio of two running root mean squares.
//!
//! ```text
//! A <- rho A + (1 - rho) g^2
//! d = -(sqrt(D + eps) g) / sqrt(A + eps)
//! D <- rho D + (1 - rho) d^2 ;  w <- w + lr d
//! ```

use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// Scalars of one step.
pub struct Adadelta {
    lr: f32,
    rho: f32,
    one_minus_rho: f32,
    epsilon: f32,
}

impl Rule for Adadelta {
    const SPEC: Spec = Spec {
        name: "adadelta",
        arguments: &[("learning_rate", 0.001), ("rho", 0.95), ("epsilon", 1e-7)],
        weight_decay: NONE,
        slots: &[Slot::zeros("accumulated_grad", 0), Slot::zeros("accumulated_delta_var", 0)],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, rho, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        Self {
            lr: clock.lr,
            rho: rho as f32,
            // 1 - rho is computed in double precision and then rounded, as in Python.
            one_minus_rho: (1.0 - rho) as f32,
            epsilon: epsilon as f32,
        }
    }

    fn update(&self, job: Job) {
        job.elementwise([0, 1], Care::Plain, self);
    }
}

impl Formula<2> for Adadelta {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [grads, deltas]: [L; 2]) -> (L, [L; 2]) {
        let mean = |mean: L, x: L| {
            L::splat(self.rho) * mean + L::splat(self.one_minus_rho) * x.squared()
        };
        let rms = |mean: L| (mean + L::splat(self.epsilon)).sqrt();
        let grads = mean(grads, g);
        let delta = -(rms(deltas) * g / rms(grads));
        (w + L::splat(self.lr) * delta, [grads, mean(deltas, delta)])
    }

    const KEEPS: bool = true;

    /// A NaN mean makes the parameter NaN.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, [grads, deltas]: [L; 2]) -> L {
        seen.raised(grads.raised(deltas)) + w.poison()
    }
}
