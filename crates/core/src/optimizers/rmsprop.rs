//! RMSprop (Hinton 2012), optionally centered (Graves 2013) and with momentum.
//!
//! ```text
//! v <- rho v + (1 - rho) g^2
//! centered: a <- rho a + (1 - rho) g ;  d = max(v - a^2, 0) + eps        else d = v + eps
//! momentum > 0: b <- mu b + lr g / sqrt(d) ;  w <- w - b           else w <- w - lr g / sqrt(d)
//! ```
//!
//! Epsilon is under the root, as in Keras 3.

use crate::finite::SQUARE_ROOT;
use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job, RowShape};

const MOMENTUM: usize = 2;
const CENTERED: usize = 4;

/// Scalars of one step.
pub struct RmsProp {
    scalars: Scalars,
    centered: bool,
}

impl Rule for RmsProp {
    const SPEC: Spec = Spec {
        name: "rmsprop",
        arguments: &[
            ("learning_rate", 0.001),
            ("rho", 0.9),
            ("momentum", 0.0),
            ("epsilon", 1e-7),
            ("centered", 0.0),
        ],
        weight_decay: NONE,
        slots: &[
            Slot::zeros("velocity", 0),
            Slot::zeros("momentum", 1),
            Slot::zeros("average_gradient", 2),
        ],
        shared: "",
    };

    fn has_slot(slot: usize, arguments: &[f64], _shape: RowShape) -> bool {
        match slot {
            1 => arguments[MOMENTUM] > 0.0,
            2 => arguments[CENTERED] != 0.0,
            _ => true,
        }
    }

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, rho, momentum, epsilon, centered] =
            arguments.first_chunk().expect("as many as SPEC has");
        Self {
            scalars: Scalars {
                lr: clock.lr,
                rho: rho as f32,
                // 1 - rho is computed in double precision and then rounded, as in Python.
                one_minus_rho: (1.0 - rho) as f32,
                mu: momentum as f32,
                epsilon: epsilon as f32,
            },
            centered: centered != 0.0,
        }
    }

    fn update(&self, job: Job) {
        let scalars = self.scalars;
        let care = scalars.care();
        // If the momentum becomes 0 later, it keeps its slot.
        match (job.has(1), self.centered) {
            (false, false) => job.elementwise([0], care, &Plain(scalars)),
            (true, false) => job.elementwise([0, 1], care, &Momentum(scalars)),
            (false, true) => job.elementwise([0, 2], Care::Plain, &Centered(scalars)),
            (true, true) => {
                job.elementwise([0, 1, 2], Care::Plain, &CenteredMomentum(scalars));
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Scalars {
    lr: f32,
    rho: f32,
    one_minus_rho: f32,
    mu: f32,
    epsilon: f32,
}

impl Scalars {
    /// Without centering, an increment is finite for any gradient: the divisor is at least `sqrt(1 - rho)` times the
    /// magnitude of the gradient.
    fn care(&self) -> Care {
        let tame = self.lr.abs() <= 1.0 && self.epsilon >= 1e-30 && self.one_minus_rho > 1e-12;
        Care::unless(tame)
    }

    /// The running mean of `x`.
    #[inline(always)]
    fn mean<L: Lanes>(&self, mean: L, x: L) -> L {
        L::splat(self.rho) * mean + L::splat(self.one_minus_rho) * x
    }

    /// The new `v` and `a`, and the variance `v - a^2`, limited to 0 because rounding may make it negative.
    #[inline(always)]
    fn centered<L: Lanes>(&self, g: L, v: L, a: L) -> (L, L, L) {
        let (v, a) = (self.mean(v, g.squared()), self.mean(a, g));
        (v, a, (v - a.squared()).raised(L::splat(0.0)))
    }

    /// `lr g / sqrt(spread + eps)`.
    #[inline(always)]
    fn increment<L: Lanes>(&self, g: L, spread: L) -> L {
        L::splat(self.lr) * g / (spread + L::splat(self.epsilon)).sqrt()
    }

    #[inline(always)]
    fn momentum<L: Lanes>(&self, b: L, increment: L) -> L {
        L::splat(self.mu) * b + increment
    }
}

struct Plain(Scalars);

impl Formula<1> for Plain {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [v]: [L; 1]) -> (L, [L; 1]) {
        let v = self.0.mean(v, g.squared());
        (w - self.0.increment(g, v), [v])
    }

    /// The mean is infinite if the square of a gradient overflows.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [v]: [L; 1]) -> L {
        seen.raised(v)
    }
}

struct Momentum(Scalars);

impl Formula<2> for Momentum {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [v, b]: [L; 2]) -> (L, [L; 2]) {
        let v = self.0.mean(v, g.squared());
        let b = self.0.momentum(b, self.0.increment(g, v));
        (w - b, [v, b])
    }

    /// The mean is infinite if the square of a gradient overflows.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [v, _]: [L; 2]) -> L {
        seen.raised(v)
    }
}

struct Centered(Scalars);

impl Formula<2> for Centered {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [v, a]: [L; 2]) -> (L, [L; 2]) {
        let (v, a, spread) = self.0.centered(g, v, a);
        (w - self.0.increment(g, spread), [v, a])
    }

    const BOUNDS: [f32; 2] = [f32::MAX, SQUARE_ROOT];
    const KEEPS: bool = true;

    /// The mean of squares is infinite if the square of a gradient overflows.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, [v, _]: [L; 2]) -> L {
        seen.raised(v) + w.poison()
    }
}

struct CenteredMomentum(Scalars);

impl Formula<3> for CenteredMomentum {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [v, b, a]: [L; 3]) -> (L, [L; 3]) {
        let (v, a, spread) = self.0.centered(g, v, a);
        let b = self.0.momentum(b, self.0.increment(g, spread));
        (w - b, [v, b, a])
    }

    const BOUNDS: [f32; 3] = [f32::MAX, f32::MAX, SQUARE_ROOT];
    const KEEPS: bool = true;

    /// An infinite momentum makes the parameter infinite.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, [v, ..]: [L; 3]) -> L {
        seen.raised(v) + w.poison()
    }
}
