//! `e^x - 1` and tanh, four at a time, with the bits of `libm::expm1f` and `libm::tanhf`.
//!
//! The steps are those of libm (FreeBSD's `s_expm1f.c`, musl's `tanhf.c`): `x = k ln 2 + r`, a rational approximation of
//! `e^r - 1`, then scaling by `2^k`. libm's separate formulas for k = -1, 0, 1 and above are scaled versions of one formula,
//! which has the same bits.

use super::Four;
use gradstep_core::lanes::{Lanes, Native};

const LN2_HIGH: f32 = f32::from_bits(0x3f31_7180);
const LN2_LOW: f32 = f32::from_bits(0x3717_f7d1);
const INVERSE_LN2: f32 = f32::from_bits(0x3fb8_aa3b);
// -0x888868 * 2^-28 and 0xcf3010 * 2^-33.
const Q1: f32 = -(0x888868 as f32) / (1u64 << 28) as f32;
const Q2: f32 = 0xcf3010 as f32 / (1u64 << 33) as f32;

/// From here down the result is -1: `27 ln 2`.
const LOWEST: f32 = -18.714_973;
/// Above this, results would differ from libm, which then uses another formula. tanh needs no larger arguments.
pub(super) const HIGHEST: f32 = 20.0;

/// `x = e^x - 1`, for `x` up to [`HIGHEST`].
#[inline(never)]
pub(super) fn expm1_fours(x: &mut [Four]) {
    for four in x {
        expm1(Native::load(four)).store(four);
    }
}

#[inline(always)]
fn expm1(x: Native) -> Native {
    let splat = Native::splat;
    let [half, one] = [0.5, 1.0].map(splat);
    let x = x.max(splat(LOWEST)).min(splat(HIGHEST));
    let k = (splat(INVERSE_LN2) * x + half.where_positive(x, -half)).trunc();
    let high = x - k * splat(LN2_HIGH);
    let low = k * splat(LN2_LOW);
    let r = high - low;
    // The rounding error of the subtraction.
    let c = (high - r) - low;
    let half_r = half * r;
    let squares = r * half_r;
    let r1 = one + squares * (splat(Q1) + squares * splat(Q2));
    let t = splat(3.0) - r1 * half_r;
    let e = squares * ((r1 - t) / (splat(6.0) - r * t));
    let e = r * (e - c) - c - squares;
    let power = k.power_of_two();
    let near = (r - e + (one - (-k).power_of_two())) * power;
    let far_below = (r - e + one) * power - one;
    let y = far_below.where_positive(splat(-1.5) - k, near);
    // k = 1 and r below -1/4.
    let at_one = splat(-2.0) * (e - (r + half));
    let is_one = (half - (k - one).abs()).min(splat(-0.25) - r);
    at_one.where_positive(is_one, y)
}

/// Below this, tanh is computed from a negative argument.
const LOW: f32 = f32::from_bits(0x3e82_c578);
/// From here up, tanh is computed as 1 minus its distance from 1.
const HIGH: f32 = f32::from_bits(0x3f0c_9f54);
/// Below this, tanh is its argument.
const TINY: f32 = 1.0 / (1u32 << 30) as f32;

/// The number whose `e^x - 1` tanh is computed from.
#[inline(always)]
pub(super) fn tanh_argument(x: Native) -> Native {
    let twice = x.abs() + x.abs();
    twice.where_positive(x.abs() - Native::splat(LOW), -twice).min(Native::splat(HIGHEST))
}

/// tanh, from [`expm1`] of [`tanh_argument`].
#[inline(always)]
pub(super) fn tanh_from(x: Native, t: Native) -> Native {
    let [one, two] = [1.0, 2.0].map(Native::splat);
    let is_high = x.abs() - Native::splat(HIGH);
    let quotient = two.where_positive(is_high, t) / (t + two);
    let y = (one - quotient).where_positive(is_high, quotient.abs());
    let signed = y.where_positive(x, -y);
    // For tiny arguments the result is `x`: zeros keep their sign, and NaN stays NaN.
    signed.where_positive(x.abs() - Native::splat(TINY), x)
}
