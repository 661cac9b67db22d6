//! Signum (Bernstein et al. 2018, algorithm 2): every weight moves by the learning rate, against the sign of its momentum.
//!
//! ```text
//! m <- m + (g - m)(1 - momentum)
//! w <- w - lr sign(m)
//! ```

use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// Scalars of one step.
pub struct Signum {
    lr: f32,
    one_minus_momentum: f32,
}

impl Rule for Signum {
    const SPEC: Spec = Spec {
        name: "signum",
        arguments: &[("learning_rate", 0.001), ("momentum", 0.9)],
        weight_decay: NONE,
        slots: &[Slot::zeros("momentum", 0)],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, momentum] = arguments.first_chunk().expect("as many as SPEC has");
        Self { lr: clock.lr, one_minus_momentum: (1.0 - momentum) as f32 }
    }

    fn update(&self, job: Job) {
        job.elementwise([0], Care::unless(self.lr.abs() < 1e30), self);
    }
}

impl Formula<1> for Signum {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m]: [L; 1]) -> (L, [L; 1]) {
        let m = m + (g - m) * L::splat(self.one_minus_momentum);
        (w - L::splat(self.lr) * m.sign(), [m])
    }

    /// No parameter overflows: a step of less than 1e30 does not change the largest number.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [m]: [L; 1]) -> L {
        seen + m
    }

}
