//! Functions that several operations share.

use core::f32::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};
use gradstep_core::lanes::{Lanes, Native};
use gradstep_core::rounded;

pub(super) const SELU_ALPHA: f32 = 1.673_263_2;
pub(super) const SELU_SCALE: f32 = 1.050_701;

/// `log(1 + e^x)` without overflow.
pub(super) fn softplus(x: f32) -> f32 {
    // `f32::max` would drop a NaN.
    let positive = if x < 0.0 { 0.0 } else { x };
    positive + libm::log1pf(rounded::exp(-x.abs()))
}

/// The distribution function of the standard normal distribution, computed by `erfc`, which is precise for large negative `x`.
pub(super) fn normal_cdf(x: f32) -> f32 {
    0.5 * libm::erfcf(-x * FRAC_1_SQRT_2)
}

/// Derivative of `x * normal_cdf(x)`.
pub(super) fn gelu_slope(x: f32) -> f32 {
    // 1 / sqrt(2 pi)
    const DENSITY: f32 = 0.5 * FRAC_1_SQRT_2 * FRAC_2_SQRT_PI;
    normal_cdf(x) + x * DENSITY * rounded::exp(-0.5 * x * x)
}

/// 1 for 0, 0 for everything else.
pub(super) fn not(x: f32) -> f32 {
    f32::from(u8::from(x == 0.0))
}

/// 1 for NaN, 0 for everything else.
pub(super) fn is_nan(x: f32) -> f32 {
    f32::from(u8::from(x.is_nan()))
}

/// Twice the argument of the tanh in the approximate gelu, `sqrt(2 / pi) (x + 0.044715 x^3)`, since
/// `(1 + tanh(u)) / 2 = sigmoid(2 u)`.
#[inline(always)]
pub(super) fn gelu_argument(x: Native) -> Native {
    Native::splat(GELU_SCALE) * (x + Native::splat(GELU_CUBIC) * (x * x * x))
}

/// Derivative of [`gelu_argument`].
#[inline(always)]
pub(super) fn gelu_argument_slope(x: Native) -> Native {
    let cubic = Native::splat(3.0 * GELU_CUBIC) * x * x;
    Native::splat(GELU_SCALE) * (Native::splat(1.0) + cubic)
}

/// `2 sqrt(2 / pi)`
const GELU_SCALE: f32 = 1.595_769;
const GELU_CUBIC: f32 = 0.044_715;

/// The tanh of mish, `tanh(log(1 + e^x)) = n / (n + 2)` with `n = e^x (e^x + 2)`, from `e^x`.
#[inline(always)]
pub(super) fn mish_gate(e: Native) -> Native {
    let two = Native::splat(2.0);
    let n = e * (e + two);
    n / (n + two)
}
