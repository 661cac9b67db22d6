//! Stochastic gradient descent, with momentum or Nesterov's momentum.
//!
//! ```text
//! w <- w - lr g                                   momentum = 0
//! m <- mu m - lr g ;  w <- w + m                  momentum
//! m <- mu m - lr g ;  w <- w + (mu m - lr g)      nesterov, with the new m
//! ```

use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job, RowShape};

const MOMENTUM: usize = 1;
const NESTEROV: usize = 2;

/// Scalars of one step.
pub struct Sgd {
    lr: f32,
    mu: f32,
    nesterov: bool,
}

impl Rule for Sgd {
    const SPEC: Spec = Spec {
        name: "sgd",
        arguments: &[("learning_rate", 0.01), ("momentum", 0.0), ("nesterov", 0.0)],
        weight_decay: NONE,
        slots: &[Slot::zeros("momentum", 0)],
        shared: "",
    };

    fn has_slot(_slot: usize, arguments: &[f64], _shape: RowShape) -> bool {
        arguments[MOMENTUM] != 0.0
    }

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        Self {
            lr: clock.lr,
            mu: arguments[MOMENTUM] as f32,
            nesterov: arguments[NESTEROV] != 0.0,
        }
    }

    fn update(&self, job: Job) {
        let Self { lr, mu, nesterov } = *self;
        // If the momentum becomes 0 later, it keeps its slot.
        if !job.has(0) {
            job.elementwise([], Care::Plain, &Plain { lr });
        } else if nesterov {
            job.elementwise([0], Care::Plain, &Momentum::<true> { lr, mu });
        } else {
            job.elementwise([0], Care::Plain, &Momentum::<false> { lr, mu });
        }
    }
}

struct Plain {
    lr: f32,
}

impl Formula<0> for Plain {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, _: [L; 0]) -> (L, [L; 0]) {
        (w - g * L::splat(self.lr), [])
    }

    const UNROLL: usize = 8;
}

struct Momentum<const NESTEROV: bool> {
    lr: f32,
    mu: f32,
}

impl<const NESTEROV: bool> Formula<1> for Momentum<NESTEROV> {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m]: [L; 1]) -> (L, [L; 1]) {
        let (lr, mu) = (L::splat(self.lr), L::splat(self.mu));
        let step = g * lr;
        let m = m * mu - step;
        (w + if NESTEROV { m * mu - step } else { m }, [m])
    }

    /// An infinite momentum makes the parameter infinite.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, _: [L; 1]) -> L {
        seen + w
    }

    const UNROLL: usize = 4;
}
