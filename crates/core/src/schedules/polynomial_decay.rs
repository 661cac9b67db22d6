//! `PolynomialDecay`: `(initial - end) * (1 - step / decay_steps) ^ power + end`.
//!
//! Without `cycle`, the step is limited to `decay_steps`. With `cycle`, `decay_steps` is replaced by its smallest multiple that
//! is not below the step, so the rate reaches `end` at each multiple.

use super::{ABSENT, Spec};
use crate::rounded::pow;

pub(super) const SPEC: Spec = Spec {
    name: "polynomial_decay",
    arguments: &[
        ("initial_learning_rate", ABSENT),
        ("decay_steps", ABSENT),
        ("end_learning_rate", 0.0001),
        ("power", 1.0),
        ("cycle", 0.0),
    ],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let [initial, decay_steps, end, power, cycle] = *arguments else {
        return None;
    };
    let (initial, end) = (initial as f32, end as f32);
    let (mut step, mut decay_steps) = (step as f32, decay_steps as f32);
    if cycle == 0.0 {
        step = step.min(decay_steps);
    } else if step != 0.0 {
        decay_steps *= (step / decay_steps).ceil();
    }
    // Above 2^24 the multiple may round to less than the step. Keras then computes the power of a tiny negative number,
    // which is NaN for a fractional power; gradstep uses 0.
    let left = (1.0 - step / decay_steps).max(0.0);
    Some((initial - end) * pow(left, power as f32) + end)
}
