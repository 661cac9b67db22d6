//! StableAdamW (Wortsman et al. 2023, section 3.5), as implemented in pytorch_optimizer: AdamW with update clipping, which
//! reduces the rate of a variable if its gradient is large compared with its second moment.
//!
//! ```text
//! m <- m + (g - m)(1 - b1) / (1 - b1^t) ;  v <- v + (g^2 - v)(1 - b2) / (1 - b2^t)
//! a = lr / max(1, sqrt(mean(g^2 / max(v, eps^2))))                        the mean over the variable
//! w <- w - w weightDecay a - a m / (sqrt(v) + eps)
//! ```
//!
//! The decays contain the bias correction, so the moments need none.

use super::rule::Rule;
use super::spec::{Slot, Spec};
use crate::finite::{divisor, nonzero, stored, with_square};
use crate::lanes::{Formula, Lanes, Native, walk, walk_all, zip_in_place, zip3_in_place};
use crate::plan::{Clock, Job, RowShape, Whole};
use crate::reduce::sum_of_squares;

/// Elements whose moments and ratios are computed together, while they are in the first-level cache.
pub(super) const BLOCK: usize = 1024;

/// Scalars of one step.
pub struct StableAdamW {
    /// The learning rate, times the bias correction of the moments if the decays do not contain it.
    pub(super) lr: f32,
    pub(super) m_share: f32,
    pub(super) v_share: f32,
    pub(super) epsilon: f32,
    /// The largest root mean square of the gradient divided by the root of the stored second moment; above it, the rate is
    /// reduced.
    pub(super) threshold: f32,
}

impl Rule for StableAdamW {
    const SPEC: Spec = Spec {
        name: "stable_adamw",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.9),
            ("beta_2", 0.99),
            ("epsilon", 1e-8),
        ],
        weight_decay: 0.01,
        slots: &[Slot::zeros("momentum", 0), Slot::zeros("velocity", 0)],
        shared: "",
    };

    const WHOLE: bool = true;

    /// Memory for a block: the pass that updates the moments changes no parameter, and writes to this block instead.
    fn workspace(_arguments: &[f64], shape: RowShape) -> usize {
        shape.len.min(BLOCK)
    }

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        let share = |beta: f64| ((1.0 - beta) / (1.0 - libm::pow(beta, clock.t.into()))) as f32;
        let epsilon = epsilon as f32;
        Self { lr: clock.lr, m_share: share(b1), v_share: share(b2), epsilon, threshold: 1.0 }
    }

    fn update(&self, mut job: Job) {
        let decay = job.take_decay().map_or(0.0, |decay| decay.wd);
        self.clipped(job, decay);
    }
}

impl StableAdamW {
    /// Updates a variable with a clipped rate, by which it also decays. Adam's `clip_threshold` uses it too.
    #[inline(never)]
    pub(super) fn clipped(&self, job: Job, decay: f32) {
        let mut whole = job.whole();
        let Whole { w, g, slots: [m, v, ..], workspace, .. } = &mut whole;
        let mut squares = 0.0;
        for start in (0..w.len()).step_by(BLOCK) {
            let part = start..w.len().min(start + BLOCK);
            let (idle, g) = (&mut workspace[..part.len()], &g[part.clone()]);
            let mut moments = [&mut m[part.clone()], &mut v[part.clone()]];
            let update = &mut |idle: &mut [f32], g: &[f32], moments: &mut [&mut [f32]; 2], kept: &mut [f32]| {
                walk(self, idle, g, moments, kept)
            };
            walk_all(update, idle, g, &mut moments, &mut []);
            // The block stores the ratios, because another loop that computes sums would take 0.5 kB of the module.
            let epsilon = Native::splat(nonzero(self.epsilon));
            idle.copy_from_slice(g);
            zip_in_place(idle, &v[part], |g, v| {
                with_square(g) / v.sqrt().raised(epsilon)
            });
            squares += sum_of_squares(idle);
        }
        if !w.is_empty() {
            let rms = (squares / w.len() as f64).sqrt() as f32;
            let ratio = rms / self.threshold;
            let a = self.lr / if ratio > 1.0 { ratio } else { 1.0 };
            move_by(w, m, v, decay * a, a, self.epsilon);
        }
        whole.finish();
    }
}

/// `w <- w - w decay - a m / (sqrt(v) + epsilon)`.
#[inline(never)]
pub(super) fn move_by(w: &mut [f32], m: &[f32], v: &[f32], decay: f32, a: f32, epsilon: f32) {
    // A product with an infinite decay would be NaN where the parameter is 0.
    let (decay, a) = (Native::splat(decay.min(f32::MAX)), Native::splat(a));
    zip3_in_place(w, m, v, |w, m, v| {
        let step = m * a / divisor(v.sqrt(), epsilon);
        (w - (w * decay).saturated_from(w) - step.saturated_from(m)).saturated_from(w)
    });
}

/// The update of the moments alone.
impl Formula<2> for StableAdamW {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        let m = m + (with_square(g) - m) * L::splat(self.m_share) + g.poison();
        let v = v + (g.squared() - v) * L::splat(self.v_share);
        (w, [m, stored(v)])
    }

    /// The formula keeps its results finite.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, _slots: [L; 2]) -> L {
        seen
    }
}
