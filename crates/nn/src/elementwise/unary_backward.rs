//! Gradients of the operations on one operand.

use super::functions::{SELU_ALPHA, SELU_SCALE, gelu_argument_slope, gelu_slope, mish_gate};
use super::transcendental::Transcendental;
use super::unary::hard_sigmoid;
use super::{Four, Unary, on_threads, zip};
use core::f32::consts::FRAC_2_SQRT_PI;
use gradstep_core::lanes::{Lanes, Native};
use gradstep_core::rounded;

/// `dx = dy * op'(x)`, with `y = op(x)`; 0 for operations without a gradient.
///
/// Gradients at kinks are those of TensorFlow: 0 at the kinks of relu and abs, and at the bounds of relu6 and the hard
/// sigmoid; `dy` at the bounds of clip.
///
/// # Panics
/// If the lengths differ.
pub fn unary_backward(op: Unary, parameters: [f32; 3], [x, y, dy]: [&[f32]; 3], dx: &mut [f32]) {
    on_threads([x, y, dy], dx, |[x, y, dy], dx| fours(op, parameters, [x, y, dy], dx));
}

#[inline(never)]
fn fours(op: Unary, parameters: [f32; 3], [x, y, dy]: [&[Four]; 3], dx: &mut [Four]) {
    let term = match op {
        Unary::Relu => {
            return zip(x, dy, dx, |x, dy| dy.if_positive(x));
        }
        Unary::Softplus | Unary::Silu => Transcendental::Sigmoid,
        Unary::ApproximateGelu => Transcendental::GeluSigmoid,
        Unary::Gelu => Transcendental::Each(gelu_slope),
        Unary::Mish => Transcendental::CappedExp,
        Unary::Erf => Transcendental::Gauss,
        Unary::Sin => Transcendental::Each(rounded::cos),
        Unary::Cos => Transcendental::Each(rounded::sin),
        _ => Transcendental::None,
    };
    term.of(x, dx);
    let parameters = parameters.map(Native::splat);
    for (((dx, x), y), dy) in dx.iter_mut().zip(x).zip(y).zip(dy) {
        let given = [x, y, dy].map(Native::load);
        four(op, parameters, given, Native::load(dx)).store(dx);
    }
}

/// The gradient for four elements; `term` is the [`Transcendental`] of the operation for these elements.
#[inline(always)]
fn four(op: Unary, [a, b, c]: [Native; 3], [x, y, dy]: [Native; 3], term: Native) -> Native {
    let [zero, half, one] = [0.0, 0.5, 1.0].map(Native::splat);
    match op {
        Unary::Negative => -dy,
        Unary::Abs => dy * x.sign(),
        Unary::Exp => dy * y,
        Unary::Log => dy / x,
        Unary::Log1p => dy / (one + x),
        Unary::Sqrt => dy * half / y,
        Unary::Rsqrt => -dy * half * (y * y * y),
        Unary::Square => (dy + dy) * x,
        Unary::Reciprocal => -dy * y * y,
        Unary::Tanh => dy * (one - y * y),
        Unary::Sigmoid => dy * y * (one - y),
        Unary::BoundedRelu => dy.if_positive(b - x).where_positive(x - c, dy * a),
        // For x <= 0 the derivative is a e^x, which is y + a.
        Unary::Elu => dy * one.where_positive(x, y + a),
        Unary::Selu => {
            let [low, high] = [SELU_SCALE * SELU_ALPHA, SELU_SCALE].map(Native::splat);
            dy * high.where_positive(x, y + low)
        }
        Unary::Softsign => {
            let d = one + x.abs();
            dy / (d * d)
        }
        Unary::ApproximateGelu => dy * (term + x * term * (one - term) * gelu_argument_slope(x)),
        Unary::Silu => dy * (term + x * term * (one - term)),
        Unary::HardSigmoid => dy * ramp(x),
        Unary::HardSilu => dy * (hard_sigmoid(x) + x * ramp(x)),
        Unary::Mish => {
            // The derivative is t + x (1 - t^2) sigmoid(x), with t the tanh.
            let t = mish_gate(term);
            dy * (t + x * (one - t * t) * (term / (one + term)))
        }
        Unary::Erf => dy * Native::splat(FRAC_2_SQRT_PI) * term,
        // The difference from a bound is positive only beyond it.
        Unary::Clip => dy.unless_positive(x - b).unless_positive(a - x),
        Unary::Cos => -dy * term,
        Unary::Softplus | Unary::Gelu | Unary::Sin => dy * term,
        _ => zero,
    }
}

/// Derivative of the hard sigmoid.
#[inline(always)]
fn ramp(x: Native) -> Native {
    let [three, sixth] = [3.0, 1.0 / 6.0].map(Native::splat);
    sixth.if_positive(three - x.abs())
}
