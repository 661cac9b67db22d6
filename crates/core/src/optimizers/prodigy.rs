//! Prodigy (Mishchenko and Defazio 2023, algorithm 4), as implemented in prodigyopt: Adam that estimates its learning rate.
//!
//! ```text
//! a = d lr c ;  d = d0 at first                   c = sqrt(1 - b2^t) / (1 - b1^t) with useBiasCorrection, else 1
//! r <- b3 r + (d / d0) a <g, w0 - w>              one number for all variables; w0 are the first weights
//! m <- b1 m + (1 - b1) d g ;  v <- b2 v + (1 - b2)(d g)^2 ;  s <- b3 s + (d / d0) a g
//! d <- max(d, dCoef r / sum |s|)                  over all variables; b3 is sqrt(b2) unless beta3 is given
//! w <- w - w weightDecay a - a m / (sqrt(v) + d eps)
//! ```

use super::rule::Rule;
use super::spec::{Extent, NONE, Slot, Spec, Start};
use crate::finite::{divisor, stored, with_square};
use crate::lanes::{Formula, Lanes, walk, walk_all, zip3_in_place};
use crate::plan::{Clock, Job, RowShape, Whole};
use super::stable_adamw::{BLOCK, move_by};
use crate::reduce::sum;

/// Indices of the numbers that all variables share: the estimate `d / d0`, the numerator `r`, and the estimate that determines
/// the rate of this step, which is 0 for a step without gradients.
pub(super) const RATIO: usize = 0;
const NUMERATOR: usize = 1;
pub(super) const TAKEN: usize = 2;

/// Scalars of one step.
pub struct Prodigy(Adapted);

impl Rule for Prodigy {
    const SPEC: Spec = Spec {
        name: "prodigy",
        arguments: &[
            ("learning_rate", 1.0),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("beta_3", NONE),
            ("epsilon", 1e-8),
            ("d0", 1e-6),
            ("d_coef", 1.0),
            ("use_bias_correction", 0.0),
        ],
        weight_decay: NONE,
        slots: &[
            Slot::zeros("momentum", 0),
            Slot::zeros("velocity", 0),
            Slot::zeros("gradient_sum", 0),
            Slot { name: "first_weights", group: 0, start: Start::Variable, extent: Extent::Full },
        ],
        shared: "estimate,numerator",
    };

    const WHOLE: bool = true;
    const SURVEYS: bool = true;

    fn workspace(_arguments: &[f64], shape: RowShape) -> usize {
        shape.len.min(BLOCK)
    }

    fn begin(arguments: &[f64], clock: Clock, shared: &mut [f32]) -> Self {
        let &[_, b1, b2, b3, epsilon, d0, d_coef, corrects] =
            arguments.first_chunk().expect("as many as SPEC has");
        let b3 = if b3.is_nan() { b2.sqrt() } else { b3 };
        let (ratio, rate) = (f64::from(shared[RATIO]), rate(corrects, [b1, b2], clock));
        let (d, share) = (d0 * ratio, ratio * d0 * ratio * rate);
        let step = scalar(d0 * f64::from(shared[TAKEN]) * rate);
        Self(Adapted {
            rests: [b1, b2, b3].map(|b| (1.0 - b) as f32),
            scales: [d, d, share / (1.0 - b3)].map(scalar),
            b3,
            numerator: share,
            coefficient: d_coef / d0,
            decay: step,
            step,
            epsilon: scalar(d * epsilon),
            is_anchored: true,
        })
    }

    fn survey(&self, job: Job) -> [f64; 2] {
        self.0.survey(job)
    }

    fn conclude(&self, sums: [f64; 2], shared: &mut [f32]) {
        self.0.conclude(sums, shared);
    }

    fn update(&self, job: Job) {
        self.0.update(job);
    }
}

/// A scalar of the step, limited to the largest `f32`.
pub(super) fn scalar(x: f64) -> f32 {
    x.min(f64::from(f32::MAX)) as f32
}

/// The learning rate, times Adam's bias correction if it is used.
#[inline(never)]
pub(super) fn rate(corrects: f64, [b1, b2]: [f64; 2], clock: Clock) -> f64 {
    let (lr, t) = (f64::from(clock.lr), f64::from(clock.t));
    if corrects == 0.0 { lr } else { lr * (1.0 - libm::pow(b2, t)).sqrt() / (1.0 - libm::pow(b1, t)) }
}

/// Scalars of a step of the rules that estimate the distance to the solution: Prodigy and DAdaptAdam.
pub(super) struct Adapted {
    /// 1 minus the decay of the first moment, of the second moment, and of the sum of gradients.
    pub rests: [f32; 3],
    /// The factors of the gradient in these three; in the second moment, before squaring.
    pub scales: [f32; 3],
    pub b3: f64,
    /// The factor of a variable's contribution to the numerator.
    pub numerator: f64,
    /// The estimate `d / d0` is this number times numerator / denominator.
    pub coefficient: f64,
    /// The rates of weight decay and of the update.
    pub decay: f32,
    pub step: f32,
    pub epsilon: f32,
    /// Whether the numerator is computed from the distance to the initial weights (Prodigy), or from the sum of gradients
    /// (DAdaptAdam).
    pub is_anchored: bool,
}

impl Adapted {
    #[inline(never)]
    pub fn survey(&self, mut job: Job) -> [f64; 2] {
        let mut sums = [0.0; 2];
        // A rate of 0 changes nothing.
        if self.numerator == 0.0 {
            return sums;
        }
        // The survey needs the weights before weight decay, which `update` applies.
        job.take_decay();
        let Whole { w, g, slots: [m, v, s, first], workspace, .. } = job.whole();
        for start in (0..w.len()).step_by(BLOCK) {
            let part = start..w.len().min(start + BLOCK);
            let (g, each) = (&g[part.clone()], &mut workspace[..part.len()]);
            let [m, v, s] = [&mut *m, &mut *v, &mut *s].map(|slot| &mut slot[part.clone()]);
            each.copy_from_slice(g);
            if self.is_anchored {
                zip3_in_place(each, &first[part.clone()], &w[part], |g, first, w| g * (first - w));
            } else {
                zip3_in_place(each, s, v, |g, s, v| g * s / divisor(v.sqrt(), self.epsilon));
            }
            sums[0] += sum(each);
            let update = &|each: &mut [f32], g: &[f32], slots: &mut [&mut [f32]; 3], kept: &mut [f32]| {
                walk(self, each, g, slots, kept)
            };
            walk_all(update, each, g, &mut [m, v, s], &mut []);
            sums[1] += sum(each);
        }
        [sums[0] * self.numerator, sums[1]]
    }

    #[inline(never)]
    pub fn conclude(&self, [numerator, denominator]: [f64; 2], shared: &mut [f32]) {
        if denominator == 0.0 {
            shared[TAKEN] = 0.0;
            return;
        }
        shared[TAKEN] = shared[RATIO];
        let numerator = self.b3 * f64::from(shared[NUMERATOR]) + numerator;
        let ratio = (self.coefficient * numerator / denominator) as f32;
        // An estimate that is not finite is discarded.
        if numerator.is_finite() && ratio < f32::INFINITY {
            shared[NUMERATOR] = numerator as f32;
            shared[RATIO] = shared[RATIO].max(ratio);
        }
    }

    #[inline(never)]
    pub fn update(&self, mut job: Job) {
        let decay = job.take_decay().map_or(0.0, |decay| decay.wd) * self.decay;
        let mut whole = job.whole();
        if self.decay != 0.0 {
            let Whole { w, slots: [m, v, ..], .. } = &mut whole;
            move_by(w, m, v, decay, self.step, self.epsilon);
        }
        whole.finish();
    }
}

/// Updates the slots, and writes the magnitude of the sum of gradients in place of a weight.
impl Formula<3> for Adapted {
    #[inline(always)]
    fn apply<L: Lanes>(&self, _w: L, g: L, [m, v, s]: [L; 3]) -> (L, [L; 3]) {
        let [rest_m, rest_v, rest_s] = self.rests.map(L::splat);
        let [to_m, to_v, to_s] = self.scales.map(|scale| (g * L::splat(scale)).saturated_from(g));
        let mean = |m: L, g: L, rest: L| (m + (g - m).saturated_from(g) * rest).saturated_from(g);
        let m = mean(m, to_m, rest_m);
        let v = v + (with_square(to_v).squared() - v) * rest_v;
        let s = mean(s, to_s, rest_s);
        (s.abs(), [m, stored(v), s])
    }

    /// The formula keeps its results finite.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, _slots: [L; 3]) -> L {
        seen
    }
}
