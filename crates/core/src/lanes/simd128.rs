//! [`Lanes`] as one WebAssembly `v128`, with the deterministic instructions of SIMD128 only, no relaxed ones.

use super::{Lanes, WIDTH};
use core::arch::wasm32::{
    f32x4_abs, f32x4_add, f32x4_demote_f64x2_zero, f32x4_div, f32x4_floor, f32x4_ge, f32x4_gt,
    f32x4_le, f32x4_lt, f32x4_max, f32x4_min, f32x4_mul, f32x4_ne, f32x4_nearest, f32x4_neg,
    f32x4_pmax, f32x4_pmin, f32x4_splat, f32x4_sqrt, f32x4_sub, f32x4_trunc, f64x2, f64x2_add,
    f64x2_div, f64x2_extract_lane, f64x2_mul, f64x2_promote_low_f32x4, f64x2_splat, f64x2_sub,
    i16x8_add, i16x8_max, i16x8_min, i16x8_narrow_i32x4, i16x8_shr, i16x8_shuffle, i16x8_splat,
    i16x8_sub, i32x4, i32x4_add, i32x4_max, i32x4_mul, i32x4_shl, i32x4_shuffle, i32x4_splat,
    i32x4_trunc_sat_f32x4, u8x16_narrow_i16x8, u16x8_sub_sat, u32x4_extract_lane, u32x4_shr, v128,
    v128_and, v128_andnot, v128_any_true, v128_bitselect, v128_load, v128_or, v128_store, v128_xor,
};
use core::ops::{Add, Div, Mul, Neg, Sub};

/// Four `f32` in a 128-bit register.
#[derive(Clone, Copy, Debug)]
pub struct Simd128(v128);

macro_rules! lanewise {
    ($trait:ident, $method:ident, $op:ident) => {
        impl $trait for Simd128 {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self($op(self.0, other.0))
            }
        }
    };
}

lanewise!(Add, add, f32x4_add);
lanewise!(Sub, sub, f32x4_sub);
lanewise!(Mul, mul, f32x4_mul);
lanewise!(Div, div, f32x4_div);

impl Neg for Simd128 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(f32x4_neg(self.0))
    }
}

impl Simd128 {
    /// Lanes 0 and 1, then 2 and 3, in double precision.
    #[inline(always)]
    fn widened(self) -> (v128, v128) {
        let high = i32x4_shuffle::<2, 3, 2, 3>(self.0, self.0);
        (f64x2_promote_low_f32x4(self.0), f64x2_promote_low_f32x4(high))
    }
}

impl Lanes for Simd128 {
    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self(f32x4_splat(x))
    }
    #[inline(always)]
    fn load(from: &[f32; WIDTH]) -> Self {
        // SAFETY: the reference covers 16 readable bytes, and `v128.load` needs no alignment.
        Self(unsafe { v128_load(from.as_ptr().cast()) })
    }
    #[inline(always)]
    fn transposed([a, b, c, d]: [Self; WIDTH]) -> [Self; WIDTH] {
        let (ab_low, cd_low) =
            (i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0), i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0));
        let (ab_high, cd_high) =
            (i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0), i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0));
        [
            Self(i32x4_shuffle::<0, 1, 4, 5>(ab_low, cd_low)),
            Self(i32x4_shuffle::<2, 3, 6, 7>(ab_low, cd_low)),
            Self(i32x4_shuffle::<0, 1, 4, 5>(ab_high, cd_high)),
            Self(i32x4_shuffle::<2, 3, 6, 7>(ab_high, cd_high)),
        ]
    }
    #[inline(always)]
    fn store(self, to: &mut [f32; WIDTH]) {
        // SAFETY: the reference covers 16 writable bytes, and `v128.store` needs no alignment.
        unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
    }
    #[inline(never)]
    fn is_poisoned(self) -> bool {
        let poison = self.poison().0;
        v128_any_true(f32x4_ne(poison, poison))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(f32x4_sqrt(self.0))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(f32x4_abs(self.0))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(f32x4_max(self.0, other.0))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(f32x4_min(self.0, other.0))
    }
    #[inline(always)]
    fn capped(self, most: Self) -> Self {
        Self(f32x4_pmin(self.0, most.0))
    }
    #[inline(always)]
    fn raised(self, least: Self) -> Self {
        Self(f32x4_pmax(self.0, least.0))
    }
    #[inline(always)]
    fn where_finite(self, other: Self) -> Self {
        let finite = f32x4_le(f32x4_abs(self.0), f32x4_splat(f32::MAX));
        Self(v128_bitselect(self.0, other.0, finite))
    }
    #[inline(always)]
    fn sign(self) -> Self {
        let zero = f32x4_splat(0.0);
        // 1 with the sign of the number. min and max would take many instructions on x86, because they handle NaN and
        // the sign of zero.
        let one = v128_or(v128_and(self.0, f32x4_splat(-0.0)), f32x4_splat(1.0));
        let nan = v128_and(f32x4_ne(self.0, self.0), self.0);
        Self(v128_or(v128_and(one, f32x4_ne(self.0, zero)), nan))
    }
    #[inline(always)]
    fn where_positive(self, test: Self, other: Self) -> Self {
        Self(v128_bitselect(self.0, other.0, f32x4_gt(test.0, f32x4_splat(0.0))))
    }
    #[inline(always)]
    fn if_positive(self, test: Self) -> Self {
        Self(v128_and(self.0, f32x4_gt(test.0, f32x4_splat(0.0))))
    }
    #[inline(always)]
    fn unless_positive(self, test: Self) -> Self {
        Self(v128_andnot(self.0, f32x4_gt(test.0, f32x4_splat(0.0))))
    }
    #[inline(always)]
    fn if_nonzero(self, test: Self) -> Self {
        Self(v128_and(self.0, f32x4_ne(test.0, f32x4_splat(0.0))))
    }
    #[inline(always)]
    fn negated_if_negative(self, test: Self) -> Self {
        let is_negative = f32x4_lt(test.0, f32x4_splat(0.0));
        Self(v128_xor(self.0, v128_and(is_negative, f32x4_splat(-0.0))))
    }
    #[inline(always)]
    fn at_least(self, other: Self) -> Self {
        Self(v128_and(f32x4_ge(self.0, other.0), f32x4_splat(1.0)))
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        Self(f32x4_trunc(self.0))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(f32x4_floor(self.0))
    }
    #[inline(always)]
    fn nearest(self) -> Self {
        Self(f32x4_nearest(self.0))
    }
    #[inline(always)]
    fn over(self, by: f64) -> Self {
        let (low, high) = self.widened();
        let [low, high] =
            [low, high].map(|two| f32x4_demote_f64x2_zero(f64x2_div(two, f64x2_splat(by))));
        Self(i32x4_shuffle::<0, 1, 4, 5>(low, high))
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        Self(i32x4_shl(i32x4_add(i32x4_trunc_sat_f32x4(self.0), i32x4_splat(127)), 23))
    }
    #[inline(always)]
    fn halves(self) -> [Self; 2] {
        [Self(i32x4_shl(self.0, 16)), Self(v128_and(self.0, i32x4_splat(-0x1_0000)))]
    }
    #[inline(always)]
    fn of_halves(low: Self, high: Self, noise: Self) -> Self {
        let noise = u32x4_shr(noise.0, 16);
        let low = u32x4_shr(i32x4_add(low.0, noise), 16);
        Self(i16x8_shuffle::<0, 9, 2, 11, 4, 13, 6, 15>(low, i32x4_add(high.0, noise)))
    }
    #[inline(always)]
    fn stepped(self) -> Self {
        Self(i32x4_add(self.0, i32x4_splat(0x9e37_79b9_u32 as i32)))
    }
    #[inline(always)]
    fn higher(self, other: Self) -> Self {
        Self(i32x4_max(self.0, other.0))
    }
    #[inline(always)]
    fn places(self, lowest: u32, mask: u32) -> [u32; WIDTH] {
        // By halves, of which the upper ones are 0: there is no saturating difference of whole lanes.
        let place = u16x8_sub_sat(u32x4_shr(f32x4_abs(self.0), 16), i32x4_splat(lowest as i32));
        let place = v128_and(place, i32x4_splat(mask as i32));
        [
            u32x4_extract_lane::<0>(place),
            u32x4_extract_lane::<1>(place),
            u32x4_extract_lane::<2>(place),
            u32x4_extract_lane::<3>(place),
        ]
    }
    #[inline(always)]
    fn codes(numbers: [Self; WIDTH], entries: [Self; WIDTH], one: u8, least: u8) -> Self {
        let code = |i: usize| {
            let lower = v128_and(numbers[i].0, i32x4_splat(0xffff));
            u32x4_shr(i32x4_add(lower, entries[i].0), 16)
        };
        let eight = |i: usize| {
            let code = i16x8_narrow_i32x4(code(i), code(i + 1));
            // Saturated, bits are still 0, or above, or below.
            let bits = i16x8_narrow_i32x4(numbers[i].0, numbers[i + 1].0);
            let sign = i16x8_shr(bits, 15);
            let code = i16x8_min(code, i16x8_add(i16x8_splat(one.into()), sign));
            let code = i16x8_max(code, i16x8_min(bits, i16x8_splat(least.into())));
            v128_and(i16x8_sub(v128_xor(code, sign), sign), i16x8_splat(0xff))
        };
        Self(u8x16_narrow_i16x8(eight(0), eight(2)))
    }
    #[inline(always)]
    fn hashes(first: u32) -> Self {
        let mut hash = i32x4_add(i32x4_splat(first as i32), i32x4(0, 1, 2, 3));
        hash = i32x4_mul(v128_xor(hash, u32x4_shr(hash, 16)), i32x4_splat(0x7feb_352d));
        hash = i32x4_mul(v128_xor(hash, u32x4_shr(hash, 15)), i32x4_splat(0x846c_a68b_u32 as i32));
        Self(v128_xor(hash, u32x4_shr(hash, 16)))
    }
    type Sums = (v128, v128);
    const NO_SUMS: Self::Sums = (f64x2(0.0, 0.0), f64x2(0.0, 0.0));
    #[inline(always)]
    fn add_squares(self, (low_sums, high_sums): Self::Sums) -> Self::Sums {
        let (low, high) = self.widened();
        (f64x2_add(low_sums, f64x2_mul(low, low)), f64x2_add(high_sums, f64x2_mul(high, high)))
    }
    #[inline(always)]
    fn add_to(self, (low_sums, high_sums): Self::Sums) -> Self::Sums {
        let (low, high) = self.widened();
        (f64x2_add(low_sums, low), f64x2_add(high_sums, high))
    }
    #[inline(always)]
    fn add_changes(self, before: Self, (low_sums, high_sums): Self::Sums) -> Self::Sums {
        let ((low, high), (old_low, old_high)) = (self.widened(), before.widened());
        let (low, high) = (f64x2_sub(low, old_low), f64x2_sub(high, old_high));
        (f64x2_add(low_sums, f64x2_mul(low, low)), f64x2_add(high_sums, f64x2_mul(high, high)))
    }
    #[inline(always)]
    fn unpacked((low, high): Self::Sums) -> [f64; WIDTH] {
        [
            f64x2_extract_lane::<0>(low),
            f64x2_extract_lane::<1>(low),
            f64x2_extract_lane::<0>(high),
            f64x2_extract_lane::<1>(high),
        ]
    }
}
