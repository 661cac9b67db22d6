//! DAdaptAdam (Defazio and Mishchenko 2023, algorithm 5), as implemented in dadaptation: Adam that estimates its learning rate.
//!
//! ```text
//! a = d lr c ;  d = d0 at first                   c = sqrt(1 - b2^t) / (1 - b1^t) with useBiasCorrection, else 1
//! r <- b3 r + (1 - b3) a <g, s / (sqrt(v) + eps)> one number for all variables; b3 = sqrt(b2)
//! m <- b1 m + (1 - b1) a g ;  v <- b2 v + (1 - b2) g^2 ;  s <- b3 s + (1 - b3) a g
//! d <- max(d, r / ((1 - b3) sum |s|))             over all variables
//! w <- w - w weightDecay a - m / (sqrt(v) + eps)
//! ```

use super::prodigy::{Adapted, RATIO, TAKEN, rate, scalar};
use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use super::stable_adamw::BLOCK;
use crate::plan::{Clock, Job, RowShape};

/// Scalars of one step.
pub struct DAdaptAdam(Adapted);

impl Rule for DAdaptAdam {
    const SPEC: Spec = Spec {
        name: "dadapt_adam",
        arguments: &[
            ("learning_rate", 1.0),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-8),
            ("d0", 1e-6),
            ("use_bias_correction", 0.0),
        ],
        weight_decay: NONE,
        slots: &[
            Slot::zeros("momentum", 0),
            Slot::zeros("velocity", 0),
            Slot::zeros("gradient_sum", 0),
        ],
        shared: "estimate,numerator",
    };

    const WHOLE: bool = true;
    const SURVEYS: bool = true;

    fn workspace(_arguments: &[f64], shape: RowShape) -> usize {
        shape.len.min(BLOCK)
    }

    fn begin(arguments: &[f64], clock: Clock, shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon, d0, corrects] =
            arguments.first_chunk().expect("as many as SPEC has");
        let (b3, rate) = (b2.sqrt(), d0 * rate(corrects, [b1, b2], clock));
        let step = rate * f64::from(shared[RATIO]);
        Self(Adapted {
            rests: [b1, b2, b3].map(|b| (1.0 - b) as f32),
            scales: [step, 1.0, step].map(scalar),
            b3,
            numerator: (1.0 - b3) * step,
            coefficient: 1.0 / (d0 * (1.0 - b3)),
            decay: scalar(rate * f64::from(shared[TAKEN])),
            step: 1.0,
            epsilon: epsilon as f32,
            is_anchored: false,
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
