//! The transcendental term of an operation's formula, computed for all elements before the formula: so exponentials have one
//! loop in the module, however many operations use them.

use super::functions::gelu_argument;
use super::hyperbolic::{expm1_fours, tanh_argument};
use super::{Four, each, map};
use crate::exponential::exp_fours;
use gradstep_core::lanes::{Lanes, Native};

/// A term of a formula, as a function of the operand `x`.
pub(super) enum Transcendental {
    /// No term: the formula gets the previous contents of `out`, and ignores them.
    None,
    /// Any function of one number.
    Each(fn(f32) -> f32),
    /// `e^x`
    Exp,
    /// `e^x - 1`
    Expm1,
    /// `e^t - 1` with `t` the argument from which tanh is computed.
    Tanh,
    /// `e^min(x, 20)`. From 20 on, the tanh of mish is 1, and for larger `x` its terms would overflow.
    CappedExp,
    /// `e^(-x^2)`
    Gauss,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// The sigmoid that replaces the tanh of the approximate gelu.
    GeluSigmoid,
}

impl Transcendental {
    /// Writes the term of each element of `x` to `out`.
    #[inline(never)]
    pub(super) fn of(self, x: &[Four], out: &mut [Four]) {
        match self {
            Transcendental::None => return,
            Transcendental::Each(f) => return each(x, out, f),
            Transcendental::Exp | Transcendental::Expm1 => out.copy_from_slice(x),
            Transcendental::Tanh => map(x, out, tanh_argument),
            Transcendental::Sigmoid => map(x, out, |x| -x),
            Transcendental::CappedExp => map(x, out, |x| x.min(Native::splat(20.0))),
            Transcendental::Gauss => map(x, out, |x| -(x * x)),
            Transcendental::GeluSigmoid => map(x, out, |x| -gelu_argument(x)),
        }
        if matches!(self, Transcendental::Expm1 | Transcendental::Tanh) {
            return expm1_fours(out);
        }
        exp_fours(out, 0.0);
        if matches!(self, Transcendental::Sigmoid | Transcendental::GeluSigmoid) {
            let one = Native::splat(1.0);
            for four in out {
                (one / (one + Native::load(four))).store(four);
            }
        }
    }
}
