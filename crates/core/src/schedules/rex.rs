//! `REX`: `initial * (1 - z) / (1/2 + (1 - z) / 2)` for `z = step / total_steps`. Not in Keras.
//!
//! Chen, Wolfe and Kyrillidis 2022, "REX: Revisiting budgeted training with an improved schedule", section 4.

use super::{ABSENT, Spec};

pub(super) const SPEC: Spec = Spec {
    name: "rex",
    arguments: &[("initial_learning_rate", ABSENT), ("total_steps", ABSENT)],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let [initial, total_steps] = *arguments else {
        return None;
    };
    // In double precision: near the end, `1 - z` is a difference of nearly equal numbers.
    let left = (1.0 - step.max(0.0) / total_steps).max(0.0);
    Some(initial as f32 * (left / (0.5 + 0.5 * left)) as f32)
}
