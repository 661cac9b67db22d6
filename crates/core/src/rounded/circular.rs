//! Sine and cosine of an `f32`, in `f64`.
//!
//! `libm::cos` accepts any `f64`, and most of its code (5 kB of the module) reduces arguments such as 1e300. An `f32`
//! has 24 bits and an exponent of at most 127, for which a window of 96 bits of `2 / pi` is enough.

use core::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// The first 25 bits of `pi / 2`: its multiples up to 2^28 are exact.
const HALF_PI_HIGH: f64 = f64::from_bits(0x3ff9_21fb_5000_0000);
/// `pi / 2` minus [`HALF_PI_HIGH`].
const HALF_PI_LOW: f64 = f64::from_bits(0x3e51_10b4_611a_6263);

/// The bits of `2 / pi` after the binary point.
const TWO_OVER_PI: [u32; 8] = [
    0xa2f9_836e,
    0x4e44_1529,
    0xfc27_57d1,
    0xf534_ddc0,
    0xdb62_9599,
    0x3c43_9041,
    0xfe51_63ab,
    0xdebb_c561,
];

/// Cosine of `x` radians.
pub fn cos(x: f32) -> f32 {
    let (quarters, rest) = reduced(x);
    turned(quarters.wrapping_add(1), rest)
}

/// Sine of `x` radians.
pub fn sin(x: f32) -> f32 {
    let (quarters, rest) = reduced(x);
    turned(quarters, rest)
}

/// `x` in quarter turns: the nearest whole number, whose last two bits matter, and the remainder in radians.
#[inline(never)]
fn reduced(x: f32) -> (u64, f64) {
    let exponent = x.to_bits() >> 23 & 0xff;
    if exponent < 127 + 25 {
        let x = f64::from(x);
        let quarters = (x * FRAC_2_PI + 0.5).floor();
        return (quarters as i64 as u64, x - quarters * HALF_PI_HIGH - quarters * HALF_PI_LOW);
    }
    if exponent == 0xff {
        return (0, f64::NAN);
    }
    // |x| = mantissa 2^(skip + 2): the first `skip` bits of 2 / pi contribute whole turns only.
    let mantissa = u64::from(x.to_bits() & 0x7f_ffff | 0x80_0000);
    let skip = exponent - 127 - 25;
    let (word, shift) = ((skip / 32) as usize, skip % 32);
    let pair =
        |i: usize| u64::from(TWO_OVER_PI[word + i]) << 32 | u64::from(TWO_OVER_PI[word + i + 1]);
    let (first, second) = (pair(0), pair(2));
    let high = first << shift | second >> 1 >> (63 - shift);
    let low = second << shift >> 32;
    // In units of which 2^64 are a whole turn.
    let turns = mantissa.wrapping_mul(high).wrapping_add((mantissa * low) >> 32);
    let quarters = turns.wrapping_add(1 << 61) >> 62;
    let rest = turns.wrapping_sub(quarters << 62) as i64 as f64;
    let rest = rest * (FRAC_PI_2 / (1u64 << 62) as f64);
    if x < 0.0 { (quarters.wrapping_neg(), -rest) } else { (quarters, rest) }
}

/// The sine of `quarters` quarter turns plus `x` radians, for `|x| <= pi / 4`: a Taylor series whose first omitted term is
/// below 2^-57 of the result.
#[inline(never)]
fn turned(quarters: u64, x: f64) -> f32 {
    let z = x * x;
    let series = |ratios: [f64; 8]| ratios.iter().rfold(1.0, |sum, ratio| 1.0 - z * sum * ratio);
    let value = if quarters & 1 == 0 {
        x * series(
            [2.0 * 3.0, 4.0 * 5.0, 6.0 * 7.0, 8.0 * 9.0, 110.0, 156.0, 210.0, 272.0]
                .map(f64::recip),
        )
    } else {
        series(
            [1.0 * 2.0, 3.0 * 4.0, 5.0 * 6.0, 7.0 * 8.0, 90.0, 132.0, 182.0, 240.0].map(f64::recip),
        )
    };
    if quarters & 2 == 0 { value as f32 } else { -value as f32 }
}
