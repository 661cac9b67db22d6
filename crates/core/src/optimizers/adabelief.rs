//! AdaBelief (Zhuang et al. 2020, algorithm 2): steps are larger where gradients are close to their running mean.
//!
//! ```text
//! m <- m + (g - m)(1 - b1) ;  s <- s b2 + (g - m)^2 (1 - b2) + eps        with the new m
//! w <- w - lr mh / (sqrt(sh) + eps)               mh = m / (1 - b1^t) ;  sh = s / (1 - b2^t)
//! ```
//!
//! An epsilon of 1e-16 is a normal number in single precision, and has an effect if `s` is small. Added to an `s` above 1e-9 it
//! is lost in rounding, as it is in double precision if `s` is above 1.

use super::adam::Scalars;
use super::rule::{Rule, root_share};
use super::spec::{NONE, Slot, Spec};
use crate::finite::SQUARE_ROOT;
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// Scalars of one step.
pub struct AdaBelief {
    /// With the epsilon that is added to the root.
    adam: Scalars,
    b1: f32,
    epsilon: f32,
}

impl Rule for AdaBelief {
    const SPEC: Spec = Spec {
        name: "adabelief",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-16),
        ],
        weight_decay: NONE,
        slots: &[Slot::zeros("momentum", 0), Slot::zeros("velocity", 0)],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        let t = f64::from(clock.t);
        let root = root_share(b2, t);
        Self {
            adam: Scalars::with_rate([b1, b2], epsilon * root, f64::from(clock.lr) * root, t),
            b1: b1 as f32,
            epsilon: epsilon as f32,
        }
    }

    fn update(&self, job: Job) {
        job.elementwise([0, 1], Care::Plain, self);
    }
}

impl Formula<2> for AdaBelief {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, s]: [L; 2]) -> (L, [L; 2]) {
        let off = g - m;
        let m = m + off * L::splat(self.adam.one_minus_b1);
        // g minus the new m, without the rounding error of m.
        let surprise = off * L::splat(self.b1);
        let s = s + (surprise.squared() - s) * L::splat(self.adam.one_minus_b2) + L::splat(self.epsilon);
        (self.adam.step(w, m, s), [m, s])
    }

    const BOUNDS: [f32; 2] = [SQUARE_ROOT, f32::MAX];
    const KEEPS: bool = true;

    /// A first moment that overflows makes the parameter infinite or NaN, and so does a divisor of 0.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, [_, s]: [L; 2]) -> L {
        seen + (w + s)
    }
}
