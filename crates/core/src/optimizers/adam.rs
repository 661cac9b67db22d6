//! Adam (Kingma and Ba 2014, the form after section 2.1 with epsilon hat), and AMSGrad (Reddi et al. 2018).
//!
//! ```text
//! alpha = lr sqrt(1 - b2^t) / (1 - b1^t)
//! m <- m + (g - m)(1 - b1) ;  v <- v + (g^2 - v)(1 - b2)
//! clip_threshold:  alpha <- alpha / max(1, rms / clip_threshold)     rms of g sqrt(1 - b2^t) / max(sqrt(v), eps) over the variable
//! w <- w - m alpha / (sqrt(v) + eps)              amsgrad: the largest v so far, not corrected
//! ```

use crate::finite::SQUARE_ROOT;
use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use super::stable_adamw::StableAdamW;
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job, RowShape};
use crate::rounded::pow;

const AMSGRAD: usize = 4;
const CLIP_THRESHOLD: usize = 5;

/// Slots of Adam and of the rules built on it.
pub(super) const SLOTS: &[Slot] = &[
    Slot::zeros("momentum", 0),
    Slot::zeros("velocity", 0),
    Slot::zeros("velocity_hat", 1),
];

/// Scalars of one step.
pub struct Adam {
    scalars: Scalars,
    amsgrad: bool,
    clipped: Option<StableAdamW>,
}

impl Rule for Adam {
    const SPEC: Spec = Spec {
        name: "adam",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-7),
            ("amsgrad", 0.0),
            ("clip_threshold", NONE),
        ],
        weight_decay: NONE,
        slots: SLOTS,
        shared: "",
    };

    fn has_slot(slot: usize, arguments: &[f64], _shape: RowShape) -> bool {
        slot < 2 || arguments[AMSGRAD] != 0.0
    }

    fn workspace(arguments: &[f64], shape: RowShape) -> usize {
        if arguments[CLIP_THRESHOLD].is_nan() { 0 } else { StableAdamW::workspace(arguments, shape) }
    }

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon, amsgrad, threshold] =
            arguments.first_chunk().expect("as many as SPEC has");
        let scalars = Scalars::new(b1, b2, epsilon, clock.lr, clock.t);
        let clipped = (!threshold.is_nan()).then(|| scalars.clipped(threshold as f32, b2, clock.t));
        Self { scalars, amsgrad: amsgrad != 0.0, clipped }
    }

    fn update(&self, job: Job) {
        if let Some(clipped) = &self.clipped {
            clipped.clipped(job, 0.0);
        } else if self.amsgrad {
            job.elementwise([0, 1, 2], self.scalars.care(), &AmsGrad(self.scalars));
        } else {
            self.scalars.update(job);
        }
    }
}

/// Scalars of an Adam step, also of Muon's second rule, and of rules that are Adam's with other rates.
#[derive(Clone, Copy)]
pub(super) struct Scalars {
    pub one_minus_b1: f32,
    pub one_minus_b2: f32,
    pub epsilon: f32,
    pub alpha: f32,
}

impl Scalars {
    pub(super) fn new(b1: f64, b2: f64, epsilon: f64, lr: f32, t: f32) -> Self {
        let b1_power = pow(b1 as f32, t);
        let b2_power = pow(b2 as f32, t);
        Self {
            // 1 - beta is computed in double precision and then rounded, as in Python.
            one_minus_b1: (1.0 - b1) as f32,
            one_minus_b2: (1.0 - b2) as f32,
            epsilon: epsilon as f32,
            alpha: lr * (1.0 - b2_power).sqrt() / (1.0 - b1_power),
        }
    }

    /// Scalars for rules beyond Keras: with this epsilon, and this rate divided by `1 - b1^t`, in double precision.
    #[inline(never)]
    pub(super) fn with_rate([b1, b2]: [f64; 2], epsilon: f64, rate: f64, t: f64) -> Self {
        Self {
            one_minus_b1: (1.0 - b1) as f32,
            one_minus_b2: (1.0 - b2) as f32,
            epsilon: epsilon as f32,
            // Limited, because an infinite rate times a moment of 0 would be NaN.
            alpha: ((rate / (1.0 - libm::pow(b1, t))) as f32).min(f32::MAX),
        }
    }

    /// These scalars with update clipping, as in StableAdamW.
    fn clipped(&self, threshold: f32, b2: f64, t: f32) -> StableAdamW {
        StableAdamW {
            lr: self.alpha,
            m_share: self.one_minus_b1,
            v_share: self.one_minus_b2,
            epsilon: self.epsilon,
            threshold: threshold / (1.0 - pow(b2 as f32, t)).sqrt(),
        }
    }

    fn care(&self) -> Care {
        Care::of_ratio([1.0 - self.one_minus_b1, 1.0 - self.one_minus_b2], self.alpha, self.epsilon)
    }

    /// Updates one variable, with slots 0 and 1.
    pub(super) fn update(&self, job: Job) {
        job.elementwise_decayed([0, 1], self.care(), self);
    }

    #[inline(always)]
    pub(super) fn moments<L: Lanes>(&self, g: L, m: L, v: L) -> (L, L) {
        (
            m + (g - m) * L::splat(self.one_minus_b1),
            v + (g.squared() - v) * L::splat(self.one_minus_b2),
        )
    }

    #[inline(always)]
    pub(super) fn step<L: Lanes>(&self, w: L, m: L, v: L) -> L {
        w - m * L::splat(self.alpha) / (v.sqrt() + L::splat(self.epsilon))
    }
}

impl Formula<2> for Scalars {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        let (m, v) = self.moments(g, m, v);
        (self.step(w, m, v), [m, v])
    }

    const BOUNDS: [f32; 2] = [SQUARE_ROOT, f32::MAX];
    const HALVES: bool = true;

    /// The second moment is infinite if the square of a gradient overflows.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [_, v]: [L; 2]) -> L {
        seen.raised(v)
    }
}

struct AmsGrad(Scalars);

impl Formula<3> for AmsGrad {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, v, largest]: [L; 3]) -> (L, [L; 3]) {
        let (m, v) = self.0.moments(g, m, v);
        let largest = largest.max(v);
        (self.0.step(w, m, largest), [m, v, largest])
    }

    const BOUNDS: [f32; 3] = [SQUARE_ROOT, f32::MAX, f32::MAX];

    /// The second moment is infinite if the square of a gradient overflows.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, [_, v, _]: [L; 3]) -> L {
        seen.raised(v)
    }
}
