//! `PiecewiseConstantDecay`: the first value up to and including the first boundary, and so on.
//!
//! Packed as n boundaries, then n + 1 values: 2n + 1 numbers, so the count alone tells n (at least 1).
//!
//! Keras adds `mask * value` over all intervals; picking the one interval gives the same number, and
//! an infinite value does not turn the others into NaN.

use super::{ABSENT, Spec};

pub(super) const SPEC: Spec = Spec {
    name: "piecewise_constant_decay",
    arguments: &[("boundaries", ABSENT), ("values", ABSENT)],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let count = arguments.len() / 2;
    if count == 0 || arguments.len() != 2 * count + 1 {
        return None;
    }
    let (boundaries, values) = arguments.split_at(count);
    let whole = step.fract() == 0.0;
    let interval = boundaries.iter().position(|&boundary| {
        if whole { step <= as_integer(boundary) } else { step as f32 <= boundary as f32 }
    });
    Some(values[interval.unwrap_or(count)] as f32)
}

/// Keras casts boundaries to the step's dtype: for an integer step 1.5 becomes 1. A boundary with a
/// fraction is a `float32` before that cast; a whole one is a Python int and stays exact.
fn as_integer(boundary: f64) -> f64 {
    if boundary.fract() == 0.0 { boundary } else { f64::from((boundary as f32).trunc()) }
}
