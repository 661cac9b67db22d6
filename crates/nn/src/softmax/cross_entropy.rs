//! Cross-entropy over classes, from logits or from probabilities.
//!
//! From logits z: `loss = log(sum e^z) sum(y) - sum(y z)`. From probabilities o, as in Keras:
//! `p = o / sum(o)`, `q = clip(p, 1e-7, 1 - 1e-7)`, `loss = -sum(y log q)`.

use super::target::{Labels, Target};
use super::{clip, exponentials};
use crate::exponential::ln;
use crate::fours::{combine, divide, sum};
use gradstep_core::lanes::{Lanes, Native};

/// Computes the loss of each row, and writes the probabilities, which the gradient needs, to `p`: the softmax of the logits, or
/// the outputs divided by their sum.
pub fn categorical_cross_entropy(
    from_logits: bool,
    labels: Labels,
    output: &[f32],
    classes: usize,
    p: &mut [f32],
    losses: &mut [f32],
) {
    p.copy_from_slice(output);
    let rows = output.chunks_exact(classes).zip(p.chunks_exact_mut(classes));
    for (row, ((output, p), loss)) in rows.zip(losses).enumerate() {
        let target = labels.row(row, classes);
        let (max, total) = if from_logits { exponentials(p) } else { (0.0, sum(p) as f32) };
        divide(p, total);
        let log = ln(total);
        let mut weighted = 0.0;
        target.each(&mut |class, label| {
            let log_q = if from_logits { output[class] - max - log } else { ln(clip(p[class])) };
            // Each product is rounded to `f32`, as in Keras; the sum is in double precision.
            weighted += f64::from(label * log_q);
        });
        *loss = -weighted as f32;
    }
}

/// Gradients of [`categorical_cross_entropy`] with respect to the outputs, from the saved `p`.
///
/// From logits: `(p sum(y) - y) dy`. From probabilities: `(g - sum(g p)) / sum(o)`, with `g = -y dy / q` where `p` was not
/// clipped, and 0 elsewhere.
pub fn categorical_cross_entropy_backward(
    from_logits: bool,
    labels: Labels,
    output: &[f32],
    classes: usize,
    p: &[f32],
    dy: &[f32],
    dx: &mut [f32],
) {
    let rows = p.chunks_exact(classes).zip(dx.chunks_exact_mut(classes));
    for (row, ((p, dx), &dy)) in rows.zip(dy).enumerate() {
        let target = labels.row(row, classes);
        if from_logits {
            let mut mass = 0.0;
            target.each(&mut |_, label| mass += f64::from(label));
            let factor = Native::splat(mass as f32 * dy);
            combine([p], dx, |[p]| p * factor);
            target.each(&mut |class, label| dx[class] -= label * dy);
        } else {
            let output = &output[row * classes..][..classes];
            through_division(target, p, sum(output) as f32, dy, dx);
        }
    }
}

#[inline(never)]
fn through_division(target: Target, p: &[f32], total: f32, dy: f32, dx: &mut [f32]) {
    // g is not 0 only for the few classes with a label; the gradient of all others is -sum(g p) / sum(o).
    let slope = |class: usize, label: f32| {
        let p = p[class];
        if clip(p) == p { -label / p * dy } else { 0.0 }
    };
    let mut dot = 0.0;
    target.each(&mut |class, label| dot += f64::from(slope(class, label) * p[class]));
    dx.fill((0.0 - dot as f32) / total);
    target.each(&mut |class, label| dx[class] = (slope(class, label) - dot as f32) / total);
}
