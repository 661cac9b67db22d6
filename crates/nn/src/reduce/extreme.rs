//! The largest and the smallest element, and their indices.

use crate::fours::{at, largest, put};
use gradstep_core::lanes::{Lanes, Native, WIDTH};

/// The minimum or the maximum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extreme {
    /// The largest element.
    Max,
    /// The smallest element.
    Min,
}

impl Extreme {
    /// The factor of the elements: one loop finds the largest of `x` or, for the smallest, the largest of `-x`.
    fn sign(self) -> f32 {
        match self {
            Extreme::Max => 1.0,
            Extreme::Min => -1.0,
        }
    }
}

/// The extreme of each column of a matrix with as many columns as `out` has numbers.
#[inline(never)]
pub(super) fn columns(which: Extreme, block: &[f32], out: &mut [f32]) {
    let sign = which.sign();
    if let [only] = out {
        *only = sign * largest(sign, block);
        return;
    }
    let cols = out.len();
    out.fill(-sign * f32::INFINITY);
    let sign = Native::splat(sign);
    for row in block.chunks_exact(cols) {
        for (i, out) in out.chunks_mut(WIDTH).enumerate() {
            put(sign * (sign * at(out, 0)).max(sign * at(row, i * WIDTH)), out);
        }
    }
}

/// Index of the extreme along the middle axis; the first one of equal elements. NaN counts as the extreme, and -0 is below 0.
///
/// # Panics
/// If the lengths do not fit.
pub fn arg_extreme(which: Extreme, x: &[f32], len: usize, inner: usize, out: &mut [i32]) {
    let sign = which.sign();
    for (block, out) in x.chunks_exact(len * inner).zip(out.chunks_exact_mut(inner)) {
        for (i, out) in out.iter_mut().enumerate() {
            let (mut best, mut at) = (sign * block[i], 0);
            for (index, x) in block[i..].iter().step_by(inner).enumerate() {
                let x = sign * x;
                // Only zeros are equal with different bits, and the bits of -0 are larger.
                let is_zero_above = x == best && x.to_bits() < best.to_bits();
                if x > best || is_zero_above || x.is_nan() && !best.is_nan() {
                    (best, at) = (x, index);
                }
            }
            *out = at as i32;
        }
    }
}
