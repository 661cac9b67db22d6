//! Second operand of an operation's formula, computed for all elements at once: so exponentials
//! have one loop, however many operations use them.

use super::functions::gelu_argument;
use super::hyperbolic::{expm1_fours, tanh_argument};
use super::{Four, each, map};
use crate::exponential::exp_fours;
use gradstep_core::lanes::{Lanes, Native};

/// A function of the operand.
pub(super) enum Part {
    /// Not needed; contains the previous values of the result's memory.
    Nothing,
    /// Any function of one number.
    Each(fn(f32) -> f32),
    /// `e^x`
    Exp,
    /// `e^x - 1`
    Expm1,
    /// The same of tanh's argument.
    Tanh,
    /// `e^min(x, 20)`: from there on the gate of mish is 1, and its terms would overflow later.
    CappedExp,
    /// `e^(-x^2)`
    Gauss,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// The sigmoid that stands for the tanh of the approximate gelu.
    GeluSigmoid,
}

impl Part {
    #[inline(never)]
    pub(super) fn of(self, x: &[Four], out: &mut [Four]) {
        match self {
            Part::Nothing => return,
            Part::Each(f) => return each(x, out, f),
            Part::Exp | Part::Expm1 => out.copy_from_slice(x),
            Part::Tanh => map(x, out, tanh_argument),
            Part::Sigmoid => map(x, out, |x| -x),
            Part::CappedExp => map(x, out, |x| x.min(Native::splat(20.0))),
            Part::Gauss => map(x, out, |x| -(x * x)),
            Part::GeluSigmoid => map(x, out, |x| -gelu_argument(x)),
        }
        if matches!(self, Part::Expm1 | Part::Tanh) {
            return expm1_fours(out);
        }
        exp_fours(out, 0.0);
        if matches!(self, Part::Sigmoid | Part::GeluSigmoid) {
            let one = Native::splat(1.0);
            for four in out {
                (one / (one + Native::load(four))).store(four);
            }
        }
    }
}
