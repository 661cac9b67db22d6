//! `WarmupStableDecay`: a linear warm-up from 0 to the peak, a plateau at the peak, then a cooldown to 0. Not in Keras.
//!
//! Hu et al. 2024, "MiniCPM", equation 1; the shapes of the cooldown are those of Hägele et al. 2024,
//! "Scaling laws and compute-optimal training beyond fixed training durations", section 3.

use super::cosine_decay::half_wave;
use super::{ABSENT, Spec};

pub(super) const SPEC: Spec = Spec {
    name: "warmup_stable_decay",
    arguments: &[
        ("peak_learning_rate", ABSENT),
        ("warmup_steps", ABSENT),
        ("stable_steps", ABSENT),
        ("decay_steps", ABSENT),
        // 0: cosine, 1: linear, 2: 1-sqrt, 3: 1-square.
        ("cooldown", 0.0),
    ],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let [peak, warmup_steps, stable_steps, decay_steps, cooldown] = *arguments else {
        return None;
    };
    let peak = peak as f32;
    let step = step.max(0.0);
    if step < warmup_steps {
        return Some(peak * (step as f32 / warmup_steps as f32));
    }
    // The difference is computed in double precision, in which steps above 2^24 keep their last bits.
    let past = (step - warmup_steps - stable_steps) as f32;
    if past <= 0.0 {
        return Some(peak);
    }
    let fraction = past / decay_steps as f32;
    if fraction >= 1.0 {
        return Some(0.0);
    }
    Some(match cooldown {
        0.0 => half_wave(peak, fraction),
        1.0 => peak * (1.0 - fraction),
        2.0 => peak * (1.0 - fraction.sqrt()),
        _ => peak * (1.0 - fraction * fraction),
    })
}
