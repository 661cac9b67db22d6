//! MARS-AdamW (Yuan et al. 2024, algorithm 2), as implemented in timm: Adam on gradients whose variance is reduced by
//! their last change.
//!
//! ```text
//! c = g + gamma b1 / (1 - b1) (g - p) ;  p <- g   p is the gradient before; at first c = g
//! c <- c / max(1, |c|)                            the norm of the variable
//! m <- m + (c - m)(1 - b1) ;  v <- v + (c^2 - v)(1 - b2)
//! w <- w - lr mh / (sqrt(vh) + eps)               mh = m / (1 - b1^t) ;  vh = v / (1 - b2^t)
//! ```
//!
//! Variables with fewer than two axes are updated by AdamW with decays of 0.9 and 0.95, unless `optimize_1d` is true.

use super::adam::Scalars;
use super::rule::{Rule, root_share};
use super::spec::{NONE, Slot, Spec};
use crate::finite::{divisor, stored, with_square};
use crate::lanes::{Formula, Lanes, Native, map_in_place, walk, walk_all, zip3_in_place};
use crate::plan::{Clock, Job, RowShape, Whole};
use crate::reduce::sum_of_squares;

const OPTIMIZE_1D: usize = 5;
const PREVIOUS: usize = 2;
/// Decays of variables with fewer than two axes (the authors' code).
const BETAS_1D: [f64; 2] = [0.9, 0.95];

/// Scalars of one step.
pub struct Mars {
    matrices: Scalars,
    vectors: Scalars,
    /// The factor of the change of the gradient; 0 in the first step.
    gamma: f32,
    optimizes_1d: bool,
}

impl Rule for Mars {
    const SPEC: Spec = Spec {
        name: "mars",
        arguments: &[
            ("learning_rate", 0.003),
            ("beta_1", 0.95),
            ("beta_2", 0.99),
            ("gamma", 0.025),
            ("epsilon", 1e-8),
            ("optimize_1d", 0.0),
        ],
        weight_decay: NONE,
        slots: &[
            Slot::zeros("momentum", 0),
            Slot::zeros("velocity", 0),
            Slot::zeros("previous_gradient", 0),
        ],
        shared: "",
    };

    const WHOLE: bool = true;

    fn has_slot(slot: usize, arguments: &[f64], shape: RowShape) -> bool {
        slot != PREVIOUS || shape.rank >= 2 || arguments[OPTIMIZE_1D] != 0.0
    }

    /// Memory for the corrected gradient.
    fn workspace(_arguments: &[f64], shape: RowShape) -> usize {
        shape.len
    }

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, gamma, epsilon, optimizes_1d] =
            arguments.first_chunk().expect("as many as SPEC has");
        let is_first = clock.t == 1.0;
        Self {
            matrices: adam([b1, b2], epsilon, clock),
            vectors: adam(BETAS_1D, epsilon, clock),
            gamma: if is_first { 0.0 } else { (gamma * b1 / (1.0 - b1)) as f32 },
            optimizes_1d: optimizes_1d != 0.0,
        }
    }

    fn update(&self, job: Job) {
        if job.shape().rank < 2 && !self.optimizes_1d {
            return self.vectors.update(job);
        }
        let mut whole = job.whole();
        let Whole { w, g, slots: [m, v, p, ..], workspace, .. } = &mut whole;
        let c = &mut workspace[..w.len()];
        let gamma = Native::splat(self.gamma);
        zip3_in_place(c, g, p, |_, g, p| {
            (g + ((g - p).saturated_from(g) * gamma).saturated_from(g)).saturated_from(g)
        });
        p.copy_from_slice(g);
        let norm = sum_of_squares(c).sqrt();
        if norm > 1.0 {
            map_in_place(c, |c| c.over(norm));
        }
        let mut moments = [&mut **m, &mut **v];
        let update = &mut |w: &mut [f32], c: &[f32], moments: &mut [&mut [f32]; 2], kept: &mut [f32]| {
            walk(&Clipped(&self.matrices), w, c, moments, kept)
        };
        walk_all(update, w, c, &mut moments, &mut []);
        whole.finish();
    }
}

/// Scalars of a step of AdamW.
fn adam(betas: [f64; 2], epsilon: f64, clock: Clock) -> Scalars {
    let t = f64::from(clock.t);
    let root = root_share(betas[1], t);
    Scalars::with_rate(betas, epsilon * root, f64::from(clock.lr) * root, t)
}

/// A step of AdamW for gradients with a norm of at most 1.
struct Clipped<'m>(&'m Scalars);

impl Formula<2> for Clipped<'_> {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, c: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        let rule = self.0;
        let m = m + (with_square(c) - m) * L::splat(rule.one_minus_b1) + c.poison();
        let v = v + (c.squared() - v) * L::splat(rule.one_minus_b2);
        let step = (m * L::splat(rule.alpha)).saturated_from(m) / divisor(v.sqrt(), rule.epsilon);
        ((w - step.saturated_from(m)).saturated_from(w), [m, stored(v)])
    }

    /// The formula keeps its results finite.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, _slots: [L; 2]) -> L {
        seen
    }
}
