//! Adamax (Kingma and Ba 2014, section 7.1): Adam with the infinity norm.
//!
//! ```text
//! m <- m + (g - m)(1 - b1) ;  u <- max(b2 u, |g|)
//! w <- w - (lr m) / ((1 - b1^t)(u + eps))
//! ```

use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};
use crate::rounded::pow;

/// Scalars of one step.
pub struct Adamax {
    lr: f32,
    one_minus_b1: f32,
    b2: f32,
    epsilon: f32,
    correction: f32,
}

impl Rule for Adamax {
    const SPEC: Spec = Spec {
        name: "adamax",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-7),
        ],
        weight_decay: NONE,
        slots: &[Slot::zeros("momentum", 0), Slot::zeros("norm", 0)],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        Self {
            lr: clock.lr,
            // 1 - beta is computed in double precision and then rounded, as in Python.
            one_minus_b1: (1.0 - b1) as f32,
            b2: b2 as f32,
            epsilon: epsilon as f32,
            correction: 1.0 - pow(b1 as f32, clock.t),
        }
    }

    fn update(&self, job: Job) {
        job.elementwise([0, 1], Care::Plain, self);
    }
}

impl Formula<2> for Adamax {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, u]: [L; 2]) -> (L, [L; 2]) {
        let m = m + (g - m) * L::splat(self.one_minus_b1);
        // `max` would take many instructions on x86. This is NaN only if the gradient is, and then the parameter is NaN too.
        let u = g.abs().raised(L::splat(self.b2) * u);
        let divisor = L::splat(self.correction) * (u + L::splat(self.epsilon));
        (w - L::splat(self.lr) * m / divisor, [m, u])
    }

    const KEEPS: bool = true;

    /// A first moment that overflows makes the parameter infinite or NaN.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, _: [L; 2]) -> L {
        seen + w
    }
}
