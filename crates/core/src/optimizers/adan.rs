//! Adan (Xie et al. 2022, algorithm 1): Nesterov's momentum, from running means of gradients and of their differences.
//!
//! ```text
//! d = g - p ;  p <- g                             p is the gradient before; at first d = 0
//! m <- m + (g - m)(1 - b1) ;  q <- q + (d - q)(1 - b2) ;  v <- v + ((g + b2 d)^2 - v)(1 - b3)
//! w <- w - lr (mh + b2 qh) / (sqrt(vh) + eps)     mh = m / (1 - b1^t) ;  qh = q / (1 - b2^t) ;  vh = v / (1 - b3^t)
//! ```

use super::rule::{Rule, root_share};
use super::spec::{NONE, Slot, Spec};
use crate::finite::SQUARE_ROOT;
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// Scalars of one step.
pub struct Adan {
    b2: f32,
    one_minus_b1: f32,
    one_minus_b2: f32,
    one_minus_b3: f32,
    epsilon: f32,
    /// The rate of the mean of gradients.
    alpha: f32,
    /// The rate of the mean of differences.
    ahead: f32,
}

impl Rule for Adan {
    const SPEC: Spec = Spec {
        name: "adan",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.98),
            ("beta_2", 0.92),
            ("beta_3", 0.99),
            ("epsilon", 1e-8),
        ],
        weight_decay: NONE,
        slots: &[
            Slot::zeros("momentum", 0),
            Slot::zeros("velocity", 0),
            Slot::zeros("difference", 0),
            Slot::zeros("previous_gradient", 0),
        ],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, b3, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        let t = f64::from(clock.t);
        // The first step has no previous gradient, and so no difference.
        let [used, rest] = if t == 1.0 { [0.0; 2] } else { [b2, 1.0 - b2] };
        let root = root_share(b3, t);
        let rate = f64::from(clock.lr) * root;
        Self {
            b2: used as f32,
            one_minus_b1: (1.0 - b1) as f32,
            one_minus_b2: rest as f32,
            one_minus_b3: (1.0 - b3) as f32,
            epsilon: (epsilon * root) as f32,
            alpha: (rate / (1.0 - libm::pow(b1, t))) as f32,
            ahead: (rate * b2 / (1.0 - libm::pow(b2, t))) as f32,
        }
    }

    fn update(&self, job: Job) {
        job.elementwise([0, 1, 2, 3], Care::Plain, self);
    }
}

impl Formula<4> for Adan {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, v, q, p]: [L; 4]) -> (L, [L; 4]) {
        let d = g - p;
        let m = m + (g - m) * L::splat(self.one_minus_b1);
        let q = q + (d - q) * L::splat(self.one_minus_b2);
        let v = v + ((g + d * L::splat(self.b2)).squared() - v) * L::splat(self.one_minus_b3);
        let step = m * L::splat(self.alpha) + q * L::splat(self.ahead);
        (w - step / (v.sqrt() + L::splat(self.epsilon)), [m, v, q, g])
    }

    const BOUNDS: [f32; 4] = [SQUARE_ROOT, f32::MAX, SQUARE_ROOT, f32::MAX];
    const KEEPS: bool = true;

    /// A mean that overflows makes the parameter infinite or NaN, and so does a divisor of 0.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, [_, v, _, _]: [L; 4]) -> L {
        seen + (w + v)
    }
}
