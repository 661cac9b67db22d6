//! Follow the regularized leader, per coordinate (McMahan et al. 2013, algorithm 1), with shrinkage.
//!
//! ```text
//! L2 = l2 + beta / (2 lr) ;  p = -learning_rate_power
//! n = A + g^2 ;  z <- z + (g + 2 shrinkage w) - ((n^p - A^p) / lr) w
//! w <- (clamp(z, -l1, l1) - z) / (n^p / lr + 2 L2) ;  A <- n
//! ```
//!
//! # Dead inputs
//! If an accumulator starts at 0, its divisor is 0 until the element's first gradient, unless `L2` is set: in Keras, the
//! weight becomes 0/0, permanently. In gradstep, such an element and its state do not change in the step. Neither do elements
//! whose new state would overflow, nor any element if the learning rate is 0, as at the start of a warm-up: Keras divides by
//! the learning rate too.

use crate::finite::{stored, with_square};
use super::rule::Rule;
use super::spec::{Extent, NONE, Slot, Spec, Start};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};
use crate::rounded::pow;

const INITIAL: usize = 2;

/// Scalars of one step.
pub struct Ftrl {
    power: f32,
    scalars: Scalars,
}

impl Rule for Ftrl {
    const SPEC: Spec = Spec {
        name: "ftrl",
        arguments: &[
            ("learning_rate", 0.001),
            ("learning_rate_power", -0.5),
            ("initial_accumulator_value", 0.1),
            ("l1_regularization_strength", 0.0),
            ("l2_regularization_strength", 0.0),
            ("l2_shrinkage_regularization_strength", 0.0),
            ("beta", 0.0),
        ],
        weight_decay: NONE,
        slots: &[
            Slot {
                name: "accumulator",
                group: 0,
                start: Start::Argument(INITIAL),
                extent: Extent::Full,
            },
            Slot::zeros("linear", 0),
        ],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, power, _, l1, l2, shrinkage, beta] =
            arguments.first_chunk().expect("as many as SPEC has");
        let (lr, l2) = match clock.lr {
            // An infinite rate makes the divisor 0, so no element changes.
            0.0 => (f32::INFINITY, 0.0),
            lr => (lr, l2 as f32 + beta as f32 / (2.0 * lr)),
        };
        Self {
            power: -power as f32,
            scalars: Scalars {
                lr,
                l1: l1 as f32,
                two_l2: 2.0 * l2,
                two_shrinkage: (2.0 * shrinkage) as f32,
            },
        }
    }

    fn update(&self, job: Job) {
        let Self { power, scalars } = *self;
        if power == 0.5 {
            job.elementwise([0, 1], Care::Plain, &Update { scalars, raise: Root });
        } else {
            job.elementwise([0, 1], Care::Plain, &Update { scalars, raise: Power(power) });
        }
    }
}

#[derive(Clone, Copy)]
struct Scalars {
    lr: f32,
    l1: f32,
    two_l2: f32,
    two_shrinkage: f32,
}

trait Raise: Sync {
    fn raise<L: Lanes>(&self, x: L) -> L;
}

/// The default power, 0.5, computed by the square root of the lanes: a correctly rounded power has the same bits.
struct Root;

impl Raise for Root {
    #[inline(always)]
    fn raise<L: Lanes>(&self, x: L) -> L {
        x.sqrt()
    }
}

struct Power(f32);

impl Raise for Power {
    #[inline(always)]
    fn raise<L: Lanes>(&self, x: L) -> L {
        x.map(|x| pow(x, self.0))
    }
}

struct Update<R> {
    scalars: Scalars,
    raise: R,
}

impl<R: Raise> Formula<2> for Update<R> {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [old, z]: [L; 2]) -> (L, [L; 2]) {
        let Scalars { lr, l1, two_l2, two_shrinkage } = self.scalars;
        let lr = L::splat(lr);
        // A gradient that is not finite becomes NaN; others do not change, unless their square would overflow.
        let g = with_square(g) + g.poison();
        let new = stored(old + g.squared());
        let raised = self.raise.raise(new);
        let shrunk = g + L::splat(two_shrinkage) * w;
        let moved = z + (shrunk - (raised - self.raise.raise(old)) / lr * w);
        let divisor = raised / lr + L::splat(two_l2);
        let reached = (moved.clamped(L::splat(l1)) - moved) / divisor;
        // An element changes only if the divisor is not 0 and no result overflows. A NaN gradient makes everything NaN.
        let size = divisor.abs() + (reached.poison() + moved.poison());
        let waits = new.poison();
        let or_wait = |value: L, old: L| value.where_positive(size, old - waits);
        (or_wait(reached, w), [or_wait(new, old), or_wait(moved, z)])
    }

    /// The formula keeps its results finite.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, _slots: [L; 2]) -> L {
        seen
    }
}
