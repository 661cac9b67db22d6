//! What keeps an update finite where Keras's formula overflows in between.
//!
//! A gradient beyond [`SQUARE_ROOT`] has no square in `f32`. In Keras its second moment is infinite from then on,
//! and the step after it is `Inf - Inf`. Here, as in Keras, such an element does not move in that step (it is
//! divided by infinity), but its second moment is stored as the largest number, and its first moment as that of
//! the largest gradient that has a square: the steps after it stay in proportion. Weights end at the largest
//! number. Where Keras's numbers are finite, these functions change no bit; where a gradient is infinite or
//! NaN, the weight becomes what it is in Keras.

use super::Lanes;

/// The largest number whose square is finite.
const SQUARE_ROOT: f32 = f32::from_bits(0x5f7f_ffff);

/// The root of the smallest number, or just below it: a divisor that is a root is 0 or larger than this.
const SMALLEST_ROOT: f32 = 3.7e-23;

/// The numbers at which `f32` ends, as a formula needs them: in memory as `f32`, in a loop as lanes.
///
/// Formulas get them as an argument, and the plan hands them to all loops: a vector constant takes 18 bytes of code
/// wherever it is used, and there are hundreds of uses.
#[derive(Clone, Copy, Debug)]
pub struct Limits<T> {
    most: T,
    square_root: T,
    smallest_root: T,
}

impl Limits<f32> {
    /// The numbers.
    pub const F32: Self =
        Self { most: f32::MAX, square_root: SQUARE_ROOT, smallest_root: SMALLEST_ROOT };

    /// The same in each lane.
    #[inline(always)]
    pub fn splat<L: Lanes>(&self) -> Limits<L> {
        Limits {
            most: L::splat(self.most),
            square_root: L::splat(self.square_root),
            smallest_root: L::splat(self.smallest_root),
        }
    }
}

impl<L: Lanes> Limits<L> {
    /// An infinity becomes the largest number of its sign; NaN stays NaN.
    #[inline(always)]
    pub fn saturated(&self, x: L) -> L {
        x.clamped(self.most)
    }

    /// The same where `from`, which `x` was computed from, is finite: its infinities are the caller's.
    #[inline(always)]
    pub fn saturated_from(&self, x: L, from: L) -> L {
        x.clamped(self.most.raised(from.abs()))
    }

    /// A second moment as it is stored.
    #[inline(always)]
    pub fn stored(&self, square: L) -> L {
        square.capped(self.most)
    }

    /// The first moment's gradient: beyond [`SQUARE_ROOT`], that. Its own rounding keeps the mean of such numbers
    /// within the next power of two.
    #[inline(always)]
    pub fn with_square(&self, g: L) -> L {
        g.clamped(self.square_root)
    }

    /// `root + epsilon`, NaN where `g` is not finite. Never 0: with an epsilon of 0 an element without a gradient
    /// divides 0 by it, and stays.
    #[inline(always)]
    pub fn divisor(&self, root: L, epsilon: f32, g: L) -> L {
        self.at_least_a_root(root + (L::splat(epsilon) + g.poison()))
    }

    /// `sqrt(square + epsilon)`, never 0.
    #[inline(always)]
    pub fn root(&self, square: L, epsilon: f32) -> L {
        self.at_least_a_root((square + L::splat(epsilon)).sqrt())
    }

    #[inline(always)]
    fn at_least_a_root(&self, divisor: L) -> L {
        divisor.raised(self.smallest_root)
    }
}

#[cfg(test)]
mod tests {
    use super::{SMALLEST_ROOT, SQUARE_ROOT};

    #[test]
    fn the_bounds_are_tight() {
        let next = |x: f32| f32::from_bits(x.to_bits() + 1);
        assert!((SQUARE_ROOT * SQUARE_ROOT).is_finite());
        assert!((next(SQUARE_ROOT) * next(SQUARE_ROOT)).is_infinite());
        assert!(SMALLEST_ROOT < f32::from_bits(1).sqrt());
    }
}
