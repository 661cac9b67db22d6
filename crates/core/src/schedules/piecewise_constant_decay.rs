//! `PiecewiseConstantDecay`: the first value up to and including the first boundary, then the second value, and so on.
//!
//! The arguments are packed as n boundaries, then n + 1 values. These are 2n + 1 numbers, so the count determines n (at
//! least 1).
//!
//! Keras adds `mask * value` over all intervals. Selecting one interval returns the same number, and an infinite value does
//! not turn the others into NaN.

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

/// A boundary, cast to the dtype of the step as in Keras: with an integer step, 1.5 becomes 1. A fractional boundary is a
/// `float32` before the cast; a whole one is a Python int, which stays exact.
fn as_integer(boundary: f64) -> f64 {
    if boundary.fract() == 0.0 { boundary } else { f64::from((boundary as f32).trunc()) }
}
