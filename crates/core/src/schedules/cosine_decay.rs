//! `CosineDecay`: half a cosine wave from the peak rate down to `alpha` times the peak rate. With a `warmup_target`, a linear
//! warm-up from `initial` to the target precedes it, and `decay_steps` counts from the end of the warm-up.

use super::{ABSENT, Spec};
use crate::rounded::cos;
use core::f32::consts::PI;

pub(super) const SPEC: Spec = Spec {
    name: "cosine_decay",
    arguments: &[
        ("initial_learning_rate", ABSENT),
        ("decay_steps", ABSENT),
        ("alpha", 0.0),
        ("warmup_target", ABSENT),
        ("warmup_steps", 0.0),
    ],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let [initial, decay_steps, alpha, warmup_target, warmup_steps] = *arguments else {
        return None;
    };
    let (initial, decay_steps) = (initial as f32, decay_steps as f32);
    let step = step as f32;
    if warmup_target.is_nan() {
        return Some(decayed(step.min(decay_steps), decay_steps, initial, alpha));
    }
    let (target, warmup_steps) = (warmup_target as f32, warmup_steps as f32);
    let step = step.min(decay_steps + warmup_steps);
    Some(if step < warmup_steps {
        (target - initial) * (step / warmup_steps) + initial
    } else {
        decayed(step - warmup_steps, decay_steps, target, alpha)
    })
}

fn decayed(step: f32, decay_steps: f32, from: f32, alpha: f64) -> f32 {
    // Keras computes `1 - alpha` in Python, in double precision, and rounds the difference.
    let swing = (1.0 - alpha) as f32;
    from * (swing * half_wave(1.0, step / decay_steps) + alpha as f32)
}

/// `height` at fraction 0, down to 0 at fraction 1.
pub(super) fn half_wave(height: f32, fraction: f32) -> f32 {
    0.5 * height * (1.0 + cos(PI * fraction))
}
