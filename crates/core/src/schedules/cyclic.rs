//! `Cyclic`: linear cycles between two rates. Not in Keras.
//!
//! Smith 2017, "Cyclical learning rates for training neural networks", as implemented by PyTorch 1.13's `CyclicLR`.

use super::{ABSENT, Spec};

pub(super) const SPEC: Spec = Spec {
    name: "cyclic",
    arguments: &[
        ("base_learning_rate", ABSENT),
        ("max_learning_rate", ABSENT),
        ("step_size_up", 2000.0),
        // Default: `step_size_up`.
        ("step_size_down", ABSENT),
        // 0: triangular, 1: triangular2, 2: exp_range.
        ("mode", 0.0),
        ("gamma", 1.0),
    ],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let [base, max, up, down, mode, gamma] = *arguments else {
        return None;
    };
    let down = if down.is_nan() { up } else { down };
    let step = step.max(0.0);
    let cycle = (step / (up + down)).floor();
    let position = step - cycle * (up + down);
    let height = if position <= up { position / up } else { (up + down - position) / down };
    let scale = match mode {
        0.0 => 1.0,
        1.0 => libm::pow(0.5, cycle),
        // Limited, because infinity times a height of 0 would be NaN.
        _ => libm::pow(gamma, step).min(f64::MAX),
    };
    Some((base + (max - base) * height * scale) as f32)
}
