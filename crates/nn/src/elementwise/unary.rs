//! Operations on one operand.

use super::functions::{SELU_ALPHA, SELU_SCALE, is_nan, mish_gate, normal_cdf, not, softplus};
use super::hyperbolic::tanh_from;
use super::transcendental::Transcendental;
use super::{Four, each, map, on_threads};
use crate::exponential::ln;
use gradstep_core::lanes::{Lanes, Native};
use gradstep_core::rounded;

/// An operation on one operand. `a`, `b` and `c` are its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unary {
    /// `-x`
    Negative,
    /// `|x|`
    Abs,
    /// -1, 0 or 1
    Sign,
    /// `e^x`
    Exp,
    /// Natural logarithm.
    Log,
    /// `log(1 + x)`
    Log1p,
    /// Square root.
    Sqrt,
    /// `1 / sqrt(x)`
    Rsqrt,
    /// `x^2`
    Square,
    /// `1 / x`
    Reciprocal,
    /// Hyperbolic tangent.
    Tanh,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// `max(x, 0)`
    Relu,
    /// `min(x, b)` if `x > c`, else `a (x - c)`.
    BoundedRelu,
    /// `x` if `x > 0`, else `a (e^x - 1)`.
    Elu,
    /// Elu times a scale, with the fixed `a` and scale that preserve mean and variance.
    Selu,
    /// `log(1 + e^x)`
    Softplus,
    /// `x / (1 + |x|)`
    Softsign,
    /// `x` times the distribution function of the standard normal distribution at `x`.
    Gelu,
    /// Gelu with a tanh that approximates the distribution function.
    ApproximateGelu,
    /// `x sigmoid(x)`
    Silu,
    /// `(x + 3) / 6`, clipped to between 0 and 1.
    HardSigmoid,
    /// `x` times its hard sigmoid.
    HardSilu,
    /// `x tanh(softplus(x))`
    Mish,
    /// Error function.
    Erf,
    /// `x`, clipped to between `a` and `b`.
    Clip,
    /// Sine.
    Sin,
    /// Cosine.
    Cos,
    /// Rounds down to a whole number.
    Floor,
    /// Rounds to the nearest whole number, halves to even.
    Round,
    /// 1 where `x` is 0, 0 elsewhere.
    Not,
    /// 1 where `x` is NaN, 0 elsewhere.
    IsNan,
}

impl Unary {
    /// All operations; the index of an operation is its number in the exports.
    pub const ALL: [Unary; 32] = {
        use Unary::*;
        [
            Negative,
            Abs,
            Sign,
            Exp,
            Log,
            Log1p,
            Sqrt,
            Rsqrt,
            Square,
            Reciprocal,
            Tanh,
            Sigmoid,
            Relu,
            BoundedRelu,
            Elu,
            Selu,
            Softplus,
            Softsign,
            Gelu,
            ApproximateGelu,
            Silu,
            HardSigmoid,
            HardSilu,
            Mish,
            Erf,
            Clip,
            Sin,
            Cos,
            Floor,
            Round,
            Not,
            IsNan,
        ]
    };
}

/// `out = op(x)`. Operations with parameters use `[a, b, c]`, others ignore them.
///
/// # Panics
/// If the lengths differ.
pub fn unary(op: Unary, parameters: [f32; 3], x: &[f32], out: &mut [f32]) {
    on_threads([x], out, |[x], out| fours(op, parameters, x, out));
}

#[inline(never)]
fn fours(op: Unary, parameters: [f32; 3], x: &[Four], out: &mut [Four]) {
    let term = match op {
        Unary::Relu => {
            let zero = Native::splat(0.0);
            return map(x, out, |x| x.max(zero));
        }
        Unary::Exp => return Transcendental::Exp.of(x, out),
        Unary::Sigmoid => return Transcendental::Sigmoid.of(x, out),
        Unary::Log => return each(x, out, ln),
        Unary::Log1p => return each(x, out, libm::log1pf),
        Unary::Softplus => return each(x, out, softplus),
        Unary::Erf => return each(x, out, libm::erff),
        Unary::Sin => return each(x, out, rounded::sin),
        Unary::Cos => return each(x, out, rounded::cos),
        Unary::Not => return each(x, out, not),
        Unary::IsNan => return each(x, out, is_nan),
        Unary::Elu | Unary::Selu => Transcendental::Expm1,
        Unary::Tanh => Transcendental::Tanh,
        Unary::Gelu => Transcendental::Each(normal_cdf),
        Unary::ApproximateGelu => Transcendental::GeluSigmoid,
        Unary::Silu => Transcendental::Sigmoid,
        Unary::Mish => Transcendental::CappedExp,
        _ => Transcendental::None,
    };
    term.of(x, out);
    let parameters = parameters.map(Native::splat);
    for (out, x) in out.iter_mut().zip(x) {
        four(op, parameters, Native::load(x), Native::load(out)).store(out);
    }
}

/// The result for four elements; `term` is the [`Transcendental`] of the operation for these elements.
#[inline(always)]
fn four(op: Unary, [a, b, c]: [Native; 3], x: Native, term: Native) -> Native {
    let one = Native::splat(1.0);
    match op {
        Unary::Negative => -x,
        Unary::Abs => x.abs(),
        Unary::Sign => x.sign(),
        Unary::Sqrt => x.sqrt(),
        Unary::Rsqrt => one / x.sqrt(),
        Unary::Square => x * x,
        Unary::Reciprocal => one / x,
        Unary::BoundedRelu => {
            // With a slope of 0, -infinity would become NaN, and other negative numbers -0.
            let low = a * (x.max(Native::splat(f32::MIN)) - c) + Native::splat(0.0);
            x.min(b).where_positive(x - c, low)
        }
        Unary::Elu => x.where_positive(x, term * a),
        Unary::Selu => {
            let [alpha, scale] = [SELU_ALPHA, SELU_SCALE].map(Native::splat);
            scale * x.where_positive(x, term * alpha)
        }
        Unary::Tanh => tanh_from(x, term),
        Unary::Softsign => x / (one + x.abs()),
        Unary::HardSigmoid => hard_sigmoid(x),
        Unary::HardSilu => x * hard_sigmoid(x),
        Unary::Mish => x * mish_gate(term),
        Unary::Clip => x.max(a).min(b),
        Unary::Floor => x.floor(),
        Unary::Round => x.nearest(),
        // Gelu, its approximation, and silu: `x` times the fraction that passes.
        _ => x * term,
    }
}

/// `relu6(x + 3) / 6`
#[inline(always)]
pub(super) fn hard_sigmoid(x: Native) -> Native {
    let [zero, three, six] = [0.0, 3.0, 6.0].map(Native::splat);
    (x + three).max(zero).min(six) / six
}
