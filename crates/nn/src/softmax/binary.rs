//! Binary cross-entropy, from logits or from probabilities.
//!
//! From a logit z: `max(z, 0) - z y + log(1 + e^-|z|)`, which is finite for every finite z. From a probability p, as in Keras:
//! `q = clip(p, 1e-7, 1 - 1e-7)`, `-(y log q + (1 - y) log(1 - q))`.

use super::{EPSILON, clip};
use crate::exponential::{exp_shifted, ln};
use crate::fours::{combine, update};
use gradstep_core::lanes::{Lanes, Native};

/// Loss of each element.
pub fn binary_cross_entropy(from_logits: bool, labels: &[f32], output: &[f32], losses: &mut [f32]) {
    if from_logits {
        exp_of_minus_abs(output, losses);
    }
    for ((loss, &y), &x) in losses.iter_mut().zip(labels).zip(output) {
        *loss = if from_logits {
            // `f32::max` drops a NaN in `x`, but `loss` is NaN then too.
            x.max(0.0) - x * y + libm::log1pf(*loss)
        } else {
            let q = clip(x);
            -(y * ln(q) + (1.0 - y) * ln(1.0 - q))
        };
    }
}

/// `out = e^-|z|`.
#[inline(never)]
fn exp_of_minus_abs(z: &[f32], out: &mut [f32]) {
    combine([z], out, |[z]| -z.abs());
    exp_shifted(out, 0.0);
}

/// Gradient with respect to the outputs. Logits: `(sigmoid(z) - y) dy`. Probabilities:
/// `((1 - y) / (1 - p) - y / p) dy`, and 0 where `p` was clipped.
pub fn binary_cross_entropy_backward(
    from_logits: bool,
    labels: &[f32],
    output: &[f32],
    dy: &[f32],
    dx: &mut [f32],
) {
    let one = Native::splat(1.0);
    if from_logits {
        // `dx` first stores e^-|z|.
        exp_of_minus_abs(output, dx);
        update(dx, [labels, output, dy], |e, [y, z, dy]| {
            (one.where_positive(z, e) / (one + e) - y) * dy
        });
    } else {
        combine([labels, output, dy], dx, |[y, p, dy]| {
            let slope = (one - y) / (one - p) - y / p;
            // The difference from a bound is positive only beyond it.
            let below = Native::splat(EPSILON) - p;
            let above = p - Native::splat(1.0 - EPSILON);
            (slope * dy).unless_positive(above).unless_positive(below)
        });
    }
}
