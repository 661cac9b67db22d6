//! `InverseTimeDecay`: `initial / (1 + decay_rate * p)`, with `p = step / decay_steps`.

use super::{ABSENT, Spec, periods};

pub(super) const SPEC: Spec = Spec {
    name: "inverse_time_decay",
    arguments: &[
        ("initial_learning_rate", ABSENT),
        ("decay_steps", ABSENT),
        ("decay_rate", ABSENT),
        ("staircase", 0.0),
    ],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let [initial, decay_steps, decay_rate, staircase] = *arguments else {
        return None;
    };
    let p = periods(step, decay_steps, staircase);
    Some(initial as f32 / (1.0 + decay_rate as f32 * p))
}
