//! `InverseSqrt`: a linear warm-up from 0 to the rate, then `rate * sqrt(warmup_steps / step)`. Not in Keras.
//!
//! Vaswani et al. 2017, "Attention is all you need", section 5.3, with the rate at `warmup_steps` as an argument.

use super::{ABSENT, Spec};

pub(super) const SPEC: Spec = Spec {
    name: "inverse_sqrt",
    arguments: &[("initial_learning_rate", ABSENT), ("warmup_steps", ABSENT)],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let [initial, warmup_steps] = *arguments else {
        return None;
    };
    let (initial, warmup_steps) = (initial as f32, warmup_steps as f32);
    let step = step.max(0.0) as f32;
    Some(if step < warmup_steps {
        initial * (step / warmup_steps)
    } else {
        initial * (warmup_steps / step).sqrt()
    })
}
