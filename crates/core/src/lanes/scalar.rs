//! [`Lanes`] without SIMD: four plain `f32`. Native tests and the scalar test build use it.

use super::{Lanes, WIDTH};
use core::ops::{Add, Div, Mul, Neg, Sub};

/// Four `f32` in an array.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scalar([f32; WIDTH]);

macro_rules! lanewise {
    ($trait:ident, $method:ident, $op:tt) => {
        impl $trait for Scalar {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(core::array::from_fn(|i| self.0[i] $op other.0[i]))
            }
        }
    };
}

lanewise!(Add, add, +);
lanewise!(Sub, sub, -);
lanewise!(Mul, mul, *);
lanewise!(Div, div, /);

impl Neg for Scalar {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(self.0.map(|x| -x))
    }
}

/// `f32x4.max`. Rust's `f32::max` would drop a NaN, and may return either zero for (-0, +0).
fn maximum(a: f32, b: f32) -> f32 {
    if a.is_nan() || b.is_nan() {
        f32::NAN
    } else if a == b {
        f32::from_bits(a.to_bits() & b.to_bits())
    } else if a > b {
        a
    } else {
        b
    }
}

/// `f32x4.min`, which handles NaN and the signs of zeros as WebAssembly does.
fn minimum(a: f32, b: f32) -> f32 {
    -maximum(-a, -b)
}

fn sign(x: f32) -> f32 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        // 0 for either zero; NaN * 0 stays NaN.
        x * 0.0
    }
}

impl Lanes for Scalar {
    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self([x; WIDTH])
    }
    #[inline(always)]
    fn load(from: &[f32; WIDTH]) -> Self {
        Self(*from)
    }
    #[inline(always)]
    fn transposed(rows: [Self; WIDTH]) -> [Self; WIDTH] {
        core::array::from_fn(|i| Self(rows.map(|row| row.0[i])))
    }
    #[inline(always)]
    fn store(self, to: &mut [f32; WIDTH]) {
        *to = self.0;
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.map(f32::sqrt))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.map(f32::abs))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| maximum(self.0[i], other.0[i])))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| minimum(self.0[i], other.0[i])))
    }
    #[inline(always)]
    fn capped(self, most: Self) -> Self {
        Self(core::array::from_fn(|i| if most.0[i] < self.0[i] { most.0[i] } else { self.0[i] }))
    }
    #[inline(always)]
    fn raised(self, least: Self) -> Self {
        Self(core::array::from_fn(|i| if self.0[i] < least.0[i] { least.0[i] } else { self.0[i] }))
    }
    #[inline(always)]
    fn where_finite(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| if self.0[i].is_finite() { self.0[i] } else { other.0[i] }))
    }
    #[inline(always)]
    fn sign(self) -> Self {
        Self(self.0.map(sign))
    }
    #[inline(always)]
    fn where_positive(self, test: Self, other: Self) -> Self {
        Self(core::array::from_fn(|i| if test.0[i] > 0.0 { self.0[i] } else { other.0[i] }))
    }
    #[inline(always)]
    fn if_positive(self, test: Self) -> Self {
        self.where_positive(test, Self::splat(0.0))
    }
    #[inline(always)]
    fn unless_positive(self, test: Self) -> Self {
        Self::splat(0.0).where_positive(test, self)
    }
    #[inline(always)]
    fn if_nonzero(self, test: Self) -> Self {
        Self(core::array::from_fn(|i| if test.0[i] == 0.0 { 0.0 } else { self.0[i] }))
    }
    #[inline(always)]
    fn negated_if_negative(self, test: Self) -> Self {
        Self(core::array::from_fn(|i| if test.0[i] < 0.0 { -self.0[i] } else { self.0[i] }))
    }
    #[inline(always)]
    fn at_least(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| f32::from(u8::from(self.0[i] >= other.0[i]))))
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        Self(self.0.map(f32::trunc))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(self.0.map(f32::floor))
    }
    #[inline(always)]
    fn nearest(self) -> Self {
        Self(self.0.map(f32::round_ties_even))
    }
    #[inline(always)]
    fn over(self, by: f64) -> Self {
        Self(self.0.map(|x| (f64::from(x) / by) as f32))
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        Self(self.0.map(|x| f32::from_bits(((x as i32 + 127) << 23) as u32)))
    }
    #[inline(always)]
    fn halves(self) -> [Self; 2] {
        let bits = self.0.map(f32::to_bits);
        [bits.map(|bits| bits << 16), bits.map(|bits| bits & 0xffff_0000)]
            .map(|bits| Self(bits.map(f32::from_bits)))
    }
    #[inline(always)]
    fn of_halves(low: Self, high: Self, noise: Self) -> Self {
        Self(core::array::from_fn(|i| {
            let [low, high, noise] = [low, high, noise].map(|lanes| lanes.0[i].to_bits());
            let [low, high] = [low, high].map(|bits| bits.wrapping_add(noise >> 16));
            f32::from_bits(low >> 16 | high & 0xffff_0000)
        }))
    }
    #[inline(always)]
    fn stepped(self) -> Self {
        Self(self.0.map(|bits| f32::from_bits(bits.to_bits().wrapping_add(0x9e37_79b9))))
    }
    #[inline(always)]
    fn higher(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| {
            let [a, b] = [self, other].map(|lanes| lanes.0[i].to_bits() as i32);
            f32::from_bits(a.max(b) as u32)
        }))
    }
    #[inline(always)]
    fn places(self, lowest: u32, mask: u32) -> [u32; WIDTH] {
        self.0.map(|x| (x.abs().to_bits() >> 16).saturating_sub(lowest) & mask)
    }
    #[inline(always)]
    fn codes(numbers: [Self; WIDTH], entries: [Self; WIDTH], one: u8, least: u8) -> Self {
        Self(core::array::from_fn(|i| {
            f32::from_bits(u32::from_le_bytes(core::array::from_fn(|k| {
                let [x, entry] = [numbers, entries].map(|all| all[i].0[k].to_bits());
                let sign = (x >> 31) as u8;
                let code = (((x & 0xffff) + entry) >> 16) as u8;
                let code = code.min(one - sign).max(if x as i32 > 0 { least } else { 0 });
                if sign == 0 { code } else { code.wrapping_neg() }
            })))
        }))
    }
    #[inline(always)]
    fn hashes(first: u32) -> Self {
        Self(core::array::from_fn(|i| {
            let mut hash = first.wrapping_add(i as u32);
            hash = (hash ^ hash >> 16).wrapping_mul(0x7feb_352d);
            hash = (hash ^ hash >> 15).wrapping_mul(0x846c_a68b);
            f32::from_bits(hash ^ hash >> 16)
        }))
    }
    type Sums = [f64; WIDTH];
    const NO_SUMS: Self::Sums = [0.0; WIDTH];
    #[inline(always)]
    fn add_squares(self, sums: Self::Sums) -> Self::Sums {
        core::array::from_fn(|i| sums[i] + f64::from(self.0[i]) * f64::from(self.0[i]))
    }
    #[inline(always)]
    fn add_to(self, sums: Self::Sums) -> Self::Sums {
        core::array::from_fn(|i| sums[i] + f64::from(self.0[i]))
    }
    #[inline(always)]
    fn add_changes(self, before: Self, sums: Self::Sums) -> Self::Sums {
        core::array::from_fn(|i| {
            let change = f64::from(self.0[i]) - f64::from(before.0[i]);
            sums[i] + change * change
        })
    }
    #[inline(always)]
    fn unpacked(sums: Self::Sums) -> [f64; WIDTH] {
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::{maximum, minimum, sign};

    #[test]
    fn extremes_follow_webassembly() {
        assert!(maximum(f32::NAN, 1.0).is_nan() && maximum(1.0, f32::NAN).is_nan());
        assert!(minimum(f32::NAN, 1.0).is_nan());
        assert!(maximum(-0.0, 0.0).is_sign_positive());
        assert!(minimum(-0.0, 0.0).is_sign_negative());
        assert_eq!(maximum(-2.0, 3.0), 3.0);
        assert_eq!(minimum(-2.0, f32::INFINITY), -2.0);
    }

    #[test]
    fn sign_keeps_nan_and_zero() {
        assert_eq!(sign(-3.0), -1.0);
        assert_eq!(sign(f32::MIN_POSITIVE), 1.0);
        assert_eq!(sign(-0.0), 0.0);
        assert!(sign(f32::NAN).is_nan());
    }
}
