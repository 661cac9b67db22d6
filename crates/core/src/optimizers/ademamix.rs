//! AdEMAMix (Pagliardini et al. 2024, algorithm 1): Adam with a second, slow average of the gradients.
//!
//! ```text
//! m <- m + (g - m)(1 - b1) ;  s <- s + (g - s)(1 - b3) ;  v <- v + (g^2 - v)(1 - b2)
//! w <- w - lr (mh + a s) / (sqrt(vh) + eps)       mh = m / (1 - b1^t) ;  vh = v / (1 - b2^t)
//!
//! a = alpha, b3 = beta_3, and with warmup_steps, x = t / warmup_steps below 1
//! a = x alpha ;  ln b3 = ln b1 ln beta_3 / ((1 - x) ln beta_3 + x ln b1)
//! ```

use super::adam::Scalars;
use super::rule::{Rule, root_share};
use super::spec::{NONE, Slot, Spec};
use crate::finite::SQUARE_ROOT;
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// Scalars of one step.
pub struct AdEmaMix {
    /// With the rate of the fast average.
    adam: Scalars,
    one_minus_b3: f32,
    /// The rate of the slow average.
    slow: f32,
}

impl Rule for AdEmaMix {
    const SPEC: Spec = Spec {
        name: "ademamix",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("beta_3", 0.9999),
            ("alpha", 5.0),
            ("epsilon", 1e-8),
            ("warmup_steps", 0.0),
        ],
        weight_decay: NONE,
        slots: &[
            Slot::zeros("momentum", 0),
            Slot::zeros("velocity", 0),
            Slot::zeros("slow_momentum", 0),
        ],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, b3, alpha, epsilon, warmup_steps] =
            arguments.first_chunk().expect("as many as SPEC has");
        let t = f64::from(clock.t);
        let root = root_share(b2, t);
        let rate = f64::from(clock.lr) * root;
        let warm = if t < warmup_steps { t / warmup_steps } else { 1.0 };
        let b3 = if warm < 1.0 { b3.min(warmed(b1, b3, warm)) } else { b3 };
        Self {
            adam: Scalars::with_rate([b1, b2], epsilon * root, rate, t),
            one_minus_b3: (1.0 - b3) as f32,
            slow: (rate * alpha * warm) as f32,
        }
    }

    fn update(&self, job: Job) {
        let rates = self.adam.alpha.abs() + self.slow.abs();
        job.elementwise([0, 1, 2], Care::of_quotient(rates, self.adam.epsilon), self);
    }
}

/// The decay between `from` and `to` whose half-life is interpolated between theirs by `share`. A decay of 0, whose half-life
/// is 0, has no logarithm.
fn warmed(from: f64, to: f64, share: f64) -> f64 {
    if from <= 0.0 || to <= 0.0 {
        return to * share;
    }
    let (from, to) = (libm::log(from), libm::log(to));
    libm::exp(from * to / ((1.0 - share) * to + share * from))
}

impl Formula<3> for AdEmaMix {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, v, s]: [L; 3]) -> (L, [L; 3]) {
        let (m, v) = self.adam.moments(g, m, v);
        let s = s + (g - s) * L::splat(self.one_minus_b3);
        let step = m * L::splat(self.adam.alpha) + s * L::splat(self.slow);
        (w - step / (v.sqrt() + L::splat(self.adam.epsilon)), [m, v, s])
    }

    const BOUNDS: [f32; 3] = [SQUARE_ROOT, f32::MAX, SQUARE_ROOT];

    /// The second moment is infinite if the square of a gradient overflows.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [_, v, _]: [L; 3]) -> L {
        seen.raised(v)
    }
}
