//! Four `f32` at a time.
//!
//! [`Lanes`] has only the operations that update rules need. [`Native`] is the implementation that the build uses: `v128`
//! with SIMD128, otherwise an array of four (native tests, the scalar test build). Both are four wide, so blocks, tails
//! and reductions have the same order and the same result.

mod scalar;
#[cfg(target_feature = "simd128")]
mod simd128;
mod strided;
mod walk;

pub use scalar::Scalar;
#[cfg(target_feature = "simd128")]
pub use simd128::Simd128;
pub use strided::strided;
pub use walk::{
    Formula, Walk, add, blend, cross, fill, map_in_place, padded, walk, walk_all, walk_halves,
    zip_both, zip_in_place, zip3_in_place,
};

use core::ops::{Add, Div, Mul, Neg, Sub};

/// Lanes of this build.
#[cfg(target_feature = "simd128")]
pub type Native = Simd128;
/// Lanes of this build.
#[cfg(not(target_feature = "simd128"))]
pub type Native = Scalar;

/// Numbers in one [`Lanes`] value.
pub const WIDTH: usize = 4;

/// Four `f32` that are processed together.
///
/// Every operation applies the IEEE operation to each lane; none is fused or reassociated.
pub trait Lanes:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// `x` in all four lanes.
    fn splat(x: f32) -> Self;
    /// Loads four numbers; they need no alignment.
    fn load(from: &[f32; WIDTH]) -> Self;
    /// The transpose of a 4 x 4 matrix.
    fn transposed(rows: [Self; WIDTH]) -> [Self; WIDTH];
    /// Stores four numbers; they need no alignment.
    fn store(self, to: &mut [f32; WIDTH]);
    /// Square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// Magnitude.
    fn abs(self) -> Self;
    /// The larger; NaN if either is NaN, like `numpy.maximum`.
    fn max(self, other: Self) -> Self;
    /// The smaller; NaN if either is NaN, like `numpy.minimum`.
    fn min(self, other: Self) -> Self;
    /// The smaller; `self` if either is NaN. A single instruction on every CPU, unlike [`Lanes::min`].
    fn capped(self, most: Self) -> Self;
    /// The larger; `self` if either is NaN.
    fn raised(self, least: Self) -> Self;
    /// `self` where it is finite, `other` elsewhere.
    fn where_finite(self, other: Self) -> Self;
    /// -1, 0 or 1 by sign; NaN stays NaN, like `numpy.sign`.
    fn sign(self) -> Self;
    /// `self` where `test > 0`, `other` elsewhere (also where `test` is NaN).
    fn where_positive(self, test: Self, other: Self) -> Self;
    /// `self` where `test > 0`, 0 elsewhere. Saves one instruction over [`Lanes::where_positive`], three on x86 with AVX.
    fn if_positive(self, test: Self) -> Self;
    /// 0 where `test > 0`, `self` elsewhere.
    fn unless_positive(self, test: Self) -> Self;
    /// 0 where `test` is 0, `self` elsewhere (also where `test` is NaN).
    fn if_nonzero(self, test: Self) -> Self;
    /// `-self` where `test < 0`, `self` elsewhere (also where `test` is NaN).
    fn negated_if_negative(self, test: Self) -> Self;
    /// 1 where `self >= other`, 0 elsewhere (also where either is NaN).
    fn at_least(self, other: Self) -> Self;
    /// Rounds towards zero to a whole number.
    fn trunc(self) -> Self;
    /// Rounds down to a whole number.
    fn floor(self) -> Self;
    /// Rounds to the nearest whole number, halves to even.
    fn nearest(self) -> Self;
    /// `self / by`, computed in double precision and rounded once.
    fn over(self, by: f64) -> Self;
    /// `2^self`, exact, for whole numbers from -126 to 127; 1 for NaN.
    fn power_of_two(self) -> Self;
    /// Unpacks bfloat16 numbers: those in the lower 16 bits of each lane, then those in the upper 16 bits.
    fn halves(self) -> [Self; 2];
    /// Packs two numbers per lane as bfloat16, `low` into the lower 16 bits. The upper 16 bits of `noise` are added to the
    /// 16 bits that are lost; if the sum carries, the number is rounded up.
    fn of_halves(low: Self, high: Self, noise: Self) -> Self;
    /// The next element of the Weyl sequence of the golden ratio, as bits; its period is 2^32.
    fn stepped(self) -> Self;
    /// The larger of both as 32-bit whole numbers: of magnitudes, the largest is NaN. One instruction everywhere, which
    /// [`Lanes::max`] is not.
    fn higher(self, other: Self) -> Self;
    /// The upper 16 bits of each magnitude, minus `lowest` (0 if they are below it), and the bits of that in `mask`.
    fn places(self, lowest: u32, mask: u32) -> [u32; WIDTH];
    /// 16 codes of 8 bits. A code is the upper 16 bits of the entry, plus 1 where the sum of its lower 16 bits and the number's
    /// carries; at most `one` (`one - 1` for a negative number), and at least `least`, 0 or 1, for a positive one. A negative
    /// number has the negative code, wrapped.
    fn codes(numbers: [Self; WIDTH], entries: [Self; WIDTH], one: u8, least: u8) -> Self;
    /// Hashes of the four numbers from `first` on, as bits: C. Wellons's lowbias32.
    fn hashes(first: u32) -> Self;
    /// Four sums in double precision, kept in registers: an array would go through memory in each iteration of a loop.
    type Sums: Copy;
    /// Zero sums.
    const NO_SUMS: Self::Sums;
    /// `sums[i] + self[i]^2`.
    fn add_squares(self, sums: Self::Sums) -> Self::Sums;
    /// `sums[i] + self[i]`.
    fn add_to(self, sums: Self::Sums) -> Self::Sums;
    /// `sums[i] + (self[i] - before[i])^2`, with the difference in double precision too.
    fn add_changes(self, before: Self, sums: Self::Sums) -> Self::Sums;
    /// The four sums as an array.
    fn unpacked(sums: Self::Sums) -> [f64; WIDTH];

    /// The square, rounded once.
    #[inline(always)]
    fn squared(self) -> Self {
        self * self
    }

    /// Clamped to `[-most, most]`; NaN stays NaN.
    #[inline(always)]
    fn clamped(self, most: Self) -> Self {
        self.capped(most).raised(-most)
    }

    /// Infinities become the largest number of their sign; NaN stays NaN.
    #[inline(always)]
    fn saturated(self) -> Self {
        self.clamped(Self::splat(f32::MAX))
    }

    /// [`Lanes::saturated`] where `from` is finite. `self` was computed from `from`, whose infinities are the caller's and stay.
    #[inline(always)]
    fn saturated_from(self, from: Self) -> Self {
        self.clamped(Self::splat(f32::MAX).raised(from.abs()))
    }

    /// 0 where `self` is finite, NaN elsewhere.
    #[inline(always)]
    #[expect(clippy::eq_op, reason = "an infinity or NaN less itself is NaN")]
    fn poison(self) -> Self {
        self - self
    }

    /// Whether any lane is infinite or NaN.
    #[inline(never)]
    fn is_poisoned(self) -> bool {
        let mut lanes = [0.0; WIDTH];
        self.poison().store(&mut lanes);
        lanes.iter().sum::<f32>().is_nan()
    }

    /// Applies a scalar function to each lane, such as `pow`, which has no vector form.
    #[inline(always)]
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        let mut lanes = [0.0; WIDTH];
        self.store(&mut lanes);
        Self::load(&lanes.map(f))
    }
}
