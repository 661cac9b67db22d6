//! Nadam (Dozat 2016): Adam with Nesterov's momentum, whose coefficient warms up.
//!
//! ```text
//! u_t = b1 (1 - 0.5 0.96^t) ;  P <- P u_t          P is one number for all variables, 1 at first
//! m <- m + (g - m)(1 - b1) ;  v <- v + (g^2 - v)(1 - b2)
//! mh = u_{t+1} m / (1 - P u_{t+1}) + (1 - u_t) g / (1 - P) ;  vh = v / (1 - b2^t)
//! w <- w - mh lr / (sqrt(vh) + eps)
//! ```

use crate::finite::SQUARE_ROOT;
use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};
use crate::rounded::pow;

/// Decay of the momentum's warm-up (Dozat 2016, section 2.3).
const DECAY: f32 = 0.96;

/// Scalars of one step.
pub struct Nadam {
    lr: f32,
    one_minus_b1: f32,
    one_minus_b2: f32,
    epsilon: f32,
    next_u: f32,
    one_minus_next_product: f32,
    one_minus_u: f32,
    one_minus_product: f32,
    one_minus_b2_power: f32,
}

impl Rule for Nadam {
    const SPEC: Spec = Spec {
        name: "nadam",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-7),
        ],
        weight_decay: NONE,
        slots: &[Slot::zeros("momentum", 0), Slot::zeros("velocity", 0)],
        // Keras creates the product of the `u` without a name, so its path ends in the name of the class, `variable`.
        shared: "variable",
    };

    fn begin(arguments: &[f64], clock: Clock, shared: &mut [f32]) -> Self {
        let product = &mut shared[0];
        let &[_, b1, b2, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        // Keras rounds the betas first, so 1 - beta is a difference of two `f32`.
        let (b1, b2) = (b1 as f32, b2 as f32);
        let warm = |t: f32| 1.0 - 0.5 * pow(DECAY, t);
        let u = b1 * warm(clock.t);
        let next_u = b1 * warm(clock.t + 1.0);
        // Keras multiplies by beta first; `product * u` would have other bits.
        *product = *product * b1 * warm(clock.t);
        Self {
            lr: clock.lr,
            one_minus_b1: 1.0 - b1,
            one_minus_b2: 1.0 - b2,
            epsilon: epsilon as f32,
            next_u,
            one_minus_next_product: 1.0 - *product * next_u,
            one_minus_u: 1.0 - u,
            one_minus_product: 1.0 - *product,
            one_minus_b2_power: 1.0 - pow(b2, clock.t),
        }
    }

    fn update(&self, job: Job) {
        job.elementwise([0, 1], Care::Plain, self);
    }
}

impl Formula<2> for Nadam {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        let m = m + (g - m) * L::splat(self.one_minus_b1);
        let v = v + (g.squared() - v) * L::splat(self.one_minus_b2);
        let m_hat = L::splat(self.next_u) * m / L::splat(self.one_minus_next_product)
            + L::splat(self.one_minus_u) * g / L::splat(self.one_minus_product);
        let v_hat = v / L::splat(self.one_minus_b2_power);
        (w - m_hat * L::splat(self.lr) / (v_hat.sqrt() + L::splat(self.epsilon)), [m, v])
    }

    const BOUNDS: [f32; 2] = [SQUARE_ROOT, f32::MAX];
    const KEEPS: bool = true;

    /// A first moment that overflows makes the parameter NaN.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, [_, v]: [L; 2]) -> L {
        seen.raised(v) + w.poison()
    }
}
