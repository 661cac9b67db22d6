//! ADOPT (Taniguchi et al. 2024, algorithm 2 with clipping): Adam that divides the gradient by the previous second moment
//! before the gradient enters the first, so that it converges with any beta2.
//!
//! ```text
//! t = 1       v <- g^2, and nothing else
//! otherwise   c = clip(g / max(sqrt(v), eps), (t - 1)^0.25)               with the old v
//!             m <- m + (c - m)(1 - b1) ;  w <- w - lr m ;  v <- v + (g^2 - v)(1 - b2)
//! ```

use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::finite::nonzero;
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// Scalars of one step.
pub struct Adopt {
    lr: f32,
    one_minus_b1: f32,
    one_minus_b2: f32,
    epsilon: f32,
    most: f32,
    is_first: bool,
}

impl Rule for Adopt {
    const SPEC: Spec = Spec {
        name: "adopt",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.9),
            ("beta_2", 0.9999),
            ("epsilon", 1e-6),
        ],
        weight_decay: NONE,
        slots: &[Slot::zeros("momentum", 0), Slot::zeros("velocity", 0)],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        Self {
            lr: clock.lr,
            one_minus_b1: (1.0 - b1) as f32,
            one_minus_b2: (1.0 - b2) as f32,
            epsilon: nonzero(epsilon as f32),
            most: libm::pow(f64::from(clock.t) - 1.0, 0.25) as f32,
            is_first: clock.t == 1.0,
        }
    }

    fn update(&self, mut job: Job) {
        if self.is_first {
            job.take_decay();
            job.elementwise([1], Care::Plain, &First);
        } else {
            // Such a step is less than half of the last place of the largest number, so no parameter grows beyond it.
            let is_tame = self.lr.abs() * self.most <= 5e30;
            job.elementwise([0, 1], Care::unless(is_tame), self);
        }
    }
}

impl Formula<2> for Adopt {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        // The root is never 0, so that an element without a gradient computes `0 / root`, and does not change.
        let root = v.sqrt().raised(L::splat(self.epsilon));
        let c = (g / root).clamped(L::splat(self.most));
        let m = m + (c - m) * L::splat(self.one_minus_b1);
        let v = v + (g.squared() - v) * L::splat(self.one_minus_b2);
        (w - m * L::splat(self.lr), [m, v])
    }

    /// The first moment is a mean of clipped numbers, which cannot overflow.
    const BOUNDS: [f32; 2] = [0.0, f32::MAX];

    /// The second moment is infinite if the square of a gradient overflows.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [_, v]: [L; 2]) -> L {
        seen.raised(v)
    }
}

/// The first step, which changes no parameter.
struct First;

impl Formula<1> for First {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, _: [L; 1]) -> (L, [L; 1]) {
        (w, [g.squared()])
    }

    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [v]: [L; 1]) -> L {
        seen.raised(v)
    }
}
