//! Functions that keep a formula finite when its results cannot be corrected afterwards, see [`crate::plan::Care`].
//!
//! When Keras's numbers are finite, these functions change no bit. When a gradient is infinite or NaN, the weight becomes
//! the same as in Keras.

use crate::lanes::Lanes;

/// The largest number whose square is finite.
pub const SQUARE_ROOT: f32 = f32::from_bits(0x5f7f_ffff);

/// Slightly less than the square root of the smallest positive number: a square root is either 0 or larger than this.
const SMALLEST_ROOT: f32 = 3.7e-23;

/// The gradient for a first moment, limited to [`SQUARE_ROOT`]. A mean of such numbers, rounding included, is at most
/// 2^64.
#[inline(always)]
pub fn with_square<L: Lanes>(g: L) -> L {
    g.clamped(L::splat(SQUARE_ROOT))
}

/// `root + epsilon`, but never 0: with an epsilon of 0, an element without a gradient then computes `0 / divisor`, and does
/// not change.
#[inline(always)]
pub fn divisor<L: Lanes>(root: L, epsilon: f32) -> L {
    let least = if epsilon == 0.0 { SMALLEST_ROOT } else { 0.0 };
    (root + L::splat(epsilon)).raised(L::splat(least))
}

/// The epsilon of a divisor that is the larger of a root and of epsilon: with it, the divisor is never 0.
pub fn nonzero(epsilon: f32) -> f32 {
    epsilon.max(SMALLEST_ROOT)
}

/// A second moment, limited to the largest finite number.
#[inline(always)]
pub fn stored<L: Lanes>(square: L) -> L {
    square.capped(L::splat(f32::MAX))
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
