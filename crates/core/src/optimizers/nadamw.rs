//! NAdamW, as in optax: AdamW with Nesterov's momentum and a constant decay (Dozat 2016; Loshchilov and Hutter 2019).
//!
//! ```text
//! m <- m + (g - m)(1 - b1) ;  v <- v + (g^2 - v)(1 - b2)
//! mh = b1 m / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t) ;  vh = v / (1 - b2^t)
//! w <- w - lr mh / (sqrt(vh) + eps)               after weight decay, 1e-4 by default
//! ```

use super::adam::Scalars;
use super::rule::{Rule, root_share};
use super::spec::{Slot, Spec};
use crate::finite::SQUARE_ROOT;
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// Scalars of one step.
pub struct NAdamW {
    /// With the rate of the first moment.
    adam: Scalars,
    /// The rate of the gradient.
    ahead: f32,
}

impl Rule for NAdamW {
    const SPEC: Spec = Spec {
        name: "nadamw",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-8),
        ],
        weight_decay: 1e-4,
        slots: &[Slot::zeros("momentum", 0), Slot::zeros("velocity", 0)],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        let t = f64::from(clock.t);
        let root = root_share(b2, t);
        let rate = f64::from(clock.lr) * root;
        Self {
            adam: Scalars::with_rate([b1, b2], epsilon * root, rate * b1, t + 1.0),
            ahead: (rate * (1.0 - b1) / (1.0 - libm::pow(b1, t))) as f32,
        }
    }

    fn update(&self, job: Job) {
        let care = Care::of_quotient(self.adam.alpha + self.ahead, self.adam.epsilon);
        job.elementwise_decayed([0, 1], care, self);
    }
}

impl Formula<2> for NAdamW {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        let (m, v) = self.adam.moments(g, m, v);
        let step = m * L::splat(self.adam.alpha) + g * L::splat(self.ahead);
        (w - step / (v.sqrt() + L::splat(self.adam.epsilon)), [m, v])
    }

    const BOUNDS: [f32; 2] = [SQUARE_ROOT, f32::MAX];

    /// The second moment is infinite if the square of a gradient overflows.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [_, v]: [L; 2]) -> L {
        seen.raised(v)
    }
}
