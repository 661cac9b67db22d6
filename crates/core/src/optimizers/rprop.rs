//! Rprop (Riedmiller and Braun 1993), as in torch: a step size for each weight, and only the signs of gradients.
//!
//! ```text
//! s <- clip(s f, min_step_size, max_step_size)    s starts at lr ;  p is the gradient before, at first 0
//! f = eta_plus where g p > 0 ;  eta_minus where g p < 0 ;  1 elsewhere
//! w <- w - s sign(g) ;  p <- g                    where g p < 0, g counts as 0
//! ```

use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// Scalars of one step.
pub struct Rprop {
    lr: f32,
    /// The factors minus 1. After rounding to single precision, this keeps more digits of a factor near 1.
    shrinkage: f32,
    growth: f32,
    least: f32,
    most: f32,
}

impl Rule for Rprop {
    const SPEC: Spec = Spec {
        name: "rprop",
        arguments: &[
            ("learning_rate", 0.01),
            ("eta_minus", 0.5),
            ("eta_plus", 1.2),
            ("min_step_size", 1e-6),
            ("max_step_size", 50.0),
        ],
        weight_decay: NONE,
        slots: &[Slot::zeros("previous_gradient", 0), Slot::zeros("step_size", 0)],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, eta_minus, eta_plus, least, most] =
            arguments.first_chunk().expect("as many as SPEC has");
        Self {
            lr: clock.lr,
            shrinkage: (eta_minus - 1.0) as f32,
            growth: (eta_plus - 1.0) as f32,
            least: least as f32,
            most: most as f32,
        }
    }

    fn update(&self, job: Job) {
        job.elementwise([0, 1], Care::Plain, self);
    }
}

impl Formula<2> for Rprop {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [p, s]: [L; 2]) -> (L, [L; 2]) {
        let sign = g.sign();
        // The sign times `p`, because the product of two small gradients may underflow to 0.
        let agrees = sign * p;
        // At least one of the two terms is 0.
        let change = L::splat(self.growth).if_positive(agrees)
            + L::splat(self.shrinkage).if_positive(-agrees);
        // A size of 0 means that the weight has not changed yet.
        let s = s.where_positive(s, L::splat(self.lr));
        let s = s + s * change;
        let s = s.raised(L::splat(self.least)).capped(L::splat(self.most));
        let step = (sign * s).unless_positive(-agrees);
        (w - step, [g.unless_positive(-agrees), s])
    }

    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, _slots: [L; 2]) -> L {
        seen + w.poison()
    }
}
