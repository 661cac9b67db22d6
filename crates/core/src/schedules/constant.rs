//! `Constant`: one rate at all steps. Not in Keras.

use super::Spec;

pub(super) const SPEC: Spec =
    Spec { name: "constant", arguments: &[("learning_rate", 0.001)], rate };

fn rate(arguments: &[f64], _step: f64) -> Option<f32> {
    let [rate] = *arguments else {
        return None;
    };
    Some(rate as f32)
}
