//! Schedule-free AdamW (Defazio et al. 2024, algorithm 1), after a linear warm-up.
//!
//! ```text
//! lr' = lr min(t / warmup_steps, 1)               lr where there is no warm-up
//! v <- v + (g^2 - v)(1 - b2) ;  z <- z0 - lr' g / (sqrt(v / (1 - b2^t)) + eps)
//! x0 = (w - (1 - b1) z0) / b1 ;  x = (1 - 1/t) x0 + z / t
//! w <- (1 - b1) z + b1 x
//! ```
//!
//! The variable holds the interpolated point, `y` in the paper; z starts as a copy of it.

use crate::finite::divisor;
use super::rule::Rule;
use super::spec::{Extent, NONE, Slot, Spec, Start};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};
use crate::rounded::pow;

/// Scalars of one step.
pub struct ScheduleFreeAdamW {
    lr: f32,
    b1: f32,
    one_minus_b1: f32,
    one_minus_b2: f32,
    one_minus_b2_power: f32,
    epsilon: f32,
    weight: f32,
}

impl Rule for ScheduleFreeAdamW {
    const SPEC: Spec = Spec {
        name: "schedule_free_adamw",
        arguments: &[
            ("learning_rate", 0.0025),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-8),
            ("warmup_steps", 0.0),
        ],
        weight_decay: NONE,
        slots: &[
            Slot { name: "momentum", group: 0, start: Start::Variable, extent: Extent::Full },
            Slot::zeros("velocity", 0),
        ],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon, warmup_steps] =
            arguments.first_chunk().expect("as many as SPEC has");
        // Keras rounds the betas first, so 1 - beta is a difference of two `f32`.
        let (b1, b2) = (b1 as f32, b2 as f32);
        let warm = if warmup_steps > 0.0 { (clock.t / warmup_steps as f32).min(1.0) } else { 1.0 };
        Self {
            lr: clock.lr * warm,
            b1,
            one_minus_b1: 1.0 - b1,
            one_minus_b2: 1.0 - b2,
            one_minus_b2_power: 1.0 - pow(b2, clock.t),
            epsilon: epsilon as f32,
            weight: 1.0 / clock.t,
        }
    }

    fn update(&self, job: Job) {
        job.elementwise([0, 1], Care::Plain, self);
    }
}

impl Formula<2> for ScheduleFreeAdamW {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [old, v]: [L; 2]) -> (L, [L; 2]) {
        let (b1, rest) = (L::splat(self.b1), L::splat(self.one_minus_b1));
        let v = v + (g.squared() - v) * L::splat(self.one_minus_b2);
        let root = (v / L::splat(self.one_minus_b2_power)).sqrt();
        let z = old - L::splat(self.lr) * g / divisor(root, self.epsilon);
        let x = (w - rest * old) / b1;
        let x = L::splat(1.0 - self.weight) * x + L::splat(self.weight) * z;
        (rest * z + b1 * x, [z, v])
    }

    /// Infinity, because z is a parameter too.
    const BOUNDS: [f32; 2] = [f32::INFINITY, f32::MAX];
    const KEEPS: bool = true;

    /// An infinite or NaN z makes the parameter infinite or NaN.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, [_, v]: [L; 2]) -> L {
        seen.raised(v) + w.poison()
    }
}
