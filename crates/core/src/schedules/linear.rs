//! `Linear`: a linear change from one rate to another, then constant. Not in Keras.

use super::{ABSENT, Spec};

pub(super) const SPEC: Spec = Spec {
    name: "linear",
    arguments: &[
        ("initial_learning_rate", ABSENT),
        ("total_steps", ABSENT),
        ("end_learning_rate", 0.0),
    ],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let [initial, total_steps, end] = *arguments else {
        return None;
    };
    let left = 1.0 - (step.max(0.0) / total_steps).min(1.0);
    Some((end + (initial - end) * left) as f32)
}
