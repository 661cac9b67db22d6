//! Yogi (Zaheer et al. 2018, algorithm 2), as in optax: the second moment changes by no more than the squared gradient.
//!
//! ```text
//! m <- m + (g - m)(1 - b1) ;  v <- v - sign(v - g^2) g^2 (1 - b2)         both start at initial_accumulator_value
//! w <- w - lr mh / (sqrt(vh) + eps)               mh = m / (1 - b1^t) ;  vh = v / (1 - b2^t)
//! ```

use super::adam::Scalars;
use super::rule::{Rule, root_share};
use super::spec::{Extent, NONE, Slot, Spec, Start};
use crate::finite::SQUARE_ROOT;
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

const INITIAL_ACCUMULATOR_VALUE: usize = 4;

/// Scalars of one step.
pub struct Yogi {
    adam: Scalars,
    care: Care,
}

impl Rule for Yogi {
    const SPEC: Spec = Spec {
        name: "yogi",
        arguments: &[
            ("learning_rate", 0.01),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-3),
            ("initial_accumulator_value", 1e-6),
        ],
        weight_decay: NONE,
        slots: &[accumulator("momentum"), accumulator("velocity")],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon, initial] = arguments.first_chunk().expect("as many as SPEC has");
        let t = f64::from(clock.t);
        let root = root_share(b2, t);
        let adam = Scalars::with_rate([b1, b2], epsilon * root, f64::from(clock.lr) * root, t);
        let care = if initial > f64::from(SQUARE_ROOT) {
            // The first moment may be larger than a gradient that has a square.
            Care::Always
        } else {
            Care::of_quotient(adam.alpha, adam.epsilon)
        };
        Self { adam, care }
    }

    fn update(&self, job: Job) {
        job.elementwise([0, 1], self.care, self);
    }
}

const fn accumulator(name: &'static str) -> Slot {
    let start = Start::Argument(INITIAL_ACCUMULATOR_VALUE);
    Slot { name, group: 0, start, extent: Extent::Full }
}

impl Formula<2> for Yogi {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        let square = g.squared();
        let m = m + (g - m) * L::splat(self.adam.one_minus_b1);
        let off = v - square;
        // With the sign of `off`, and 0 if `off` is 0.
        let change = (square * L::splat(self.adam.one_minus_b2)).negated_if_negative(off);
        let v = v - change.if_nonzero(off);
        (self.adam.step(w, m, v), [m, v])
    }

    const BOUNDS: [f32; 2] = [SQUARE_ROOT, f32::MAX];

    /// The second moment is infinite if the square of a gradient overflows.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [_, v]: [L; 2]) -> L {
        seen.raised(v)
    }
}
