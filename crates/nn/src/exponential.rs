//! `e^x`, four at a time, with the bits of [`libm::expf`].
//!
//! The steps are those of libm (FreeBSD's `e_expf.c`): `x = k ln 2 + r` with `|r| <= ln 2 / 2`, then a rational
//! approximation of `e^r`, times `2^k`. Where libm branches, lanes compute both sides and select.

use gradstep_core::lanes::{Lanes, Native, WIDTH, padded};

const LN2_HIGH: f32 = f32::from_bits(0x3f31_7200);
const LN2_LOW: f32 = f32::from_bits(0x35bf_be8e);
const INVERSE_LN2: f32 = f32::from_bits(0x3fb8_aa3b);
// 0xaaaa8f * 2^-26 and -0xb55215 * 2^-32.
const P1: f32 = 0xaaaa8f as f32 / (1u32 << 26) as f32;
const P2: f32 = -(0xb55215 as f32) / (1u64 << 32) as f32;

/// Up to here the result is 0: `e^x` is at most half of the smallest positive number.
const LOWEST: f32 = -103.972_084;
/// From here on the result is infinite.
const HIGHEST: f32 = 89.0;
/// Up to here `e^x` is `1 + x`.
const SMALL: f32 = 1.0 / 8192.0;

/// `e^x` of each lane, with the bits of `libm::expf`, including NaN.
#[inline(always)]
pub fn exp<L: Lanes>(x: L) -> L {
    let splat = L::splat;
    let one = splat(1.0);
    let clamped = x.max(splat(LOWEST)).min(splat(HIGHEST));
    // Adding half away from zero and rounding towards zero results in the nearest whole number.
    let half = splat(0.5).where_positive(clamped, splat(-0.5));
    let k = (splat(INVERSE_LN2) * clamped + half).trunc();
    let high = clamped - k * splat(LN2_HIGH);
    let low = k * splat(LN2_LOW);
    let r = high - low;
    let square = r * r;
    let c = r - square * (splat(P1) + square * splat(P2));
    let y = one + (r * c / (splat(2.0) - c) - low + high);
    // 2^k as two factors, which are normal numbers: only the second product may round, and only to a subnormal.
    let first = (k * splat(0.5)).trunc();
    let y = y * first.power_of_two() * (k - first).power_of_two();
    y.where_positive(x.abs() - splat(SMALL), one + clamped)
}

/// `x = e^(x - shift)` for every element.
#[inline(never)]
pub fn exp_shifted(x: &mut [f32], shift: f32) {
    let (body, tail) = x.as_chunks_mut::<WIDTH>();
    exp_fours(body, shift);
    if !tail.is_empty() {
        // The formula is long, so it is compiled once: the tail goes through the same loop.
        let mut lanes = [[0.0; WIDTH]];
        padded(tail).store(&mut lanes[0]);
        exp_fours(&mut lanes, shift);
        tail.copy_from_slice(&lanes[0][..tail.len()]);
    }
}

/// `x = e^(x - shift)`, four at a time.
#[inline(never)]
pub(crate) fn exp_fours(x: &mut [[f32; WIDTH]], shift: f32) {
    let shift = Native::splat(shift);
    for four in x {
        exp(Native::load(four) - shift).store(four);
    }
}

/// [`libm::logf`], compiled once for all callers.
#[inline(never)]
pub fn ln(x: f32) -> f32 {
    libm::logf(x)
}
