//! Correction of overflowed results, after the formula.
//!
//! In Keras, one gradient of 1e25 makes a second moment infinite; the next step is `Inf - Inf`, and NaN permanently.
//! Formulas in gradstep compute the same, [watch](Formula::watch) their results, and correct non-finite ones: the
//! parameter does not change in that step (as in Keras, where it is divided by infinity), moments are limited to their
//! largest magnitude, which keeps later steps in proportion, and parameters to the largest number. Where Keras's
//! numbers are finite, no bit changes; where a gradient is infinite or NaN, everything is the same as in Keras.

use super::MAX_SLOTS;
#[cfg(doc)]
use crate::lanes::Formula;

/// The kind of overflow of a formula; its scalars may decide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Care {
    /// A parameter is infinite only where it grows beyond the largest number, and never NaN.
    Plain,
    /// The formula [keeps](Formula::KEEPS) the parameters.
    Kept,
    /// [`Formula::watch`] does not see everything: parameters are copied before, and all results are checked.
    Always,
}

impl Care {
    /// For a formula that is plain as long as its scalars are `tame`.
    pub fn unless(tame: bool) -> Self {
        if tame { Care::Plain } else { Care::Always }
    }

    /// For a step `alpha m / (sqrt(v) + epsilon)` of two moments with these decays. The product of a first moment with
    /// `alpha` is finite. By Cauchy-Schwarz, `m^2` is at most `v (1 - b1)^2 / (1 - b2) / (1 - b1^2 / b2)`, so a step is
    /// far below the largest number.
    pub fn of_ratio([b1, b2]: [f32; 2], alpha: f32, epsilon: f32) -> Self {
        let is_bounded = b1 * b1 <= 0.999 * b2 && 1.0 - b2 > 1e-12;
        Self::unless(is_bounded && alpha.abs() <= 1.0 && epsilon >= 1e-30)
    }
}

/// Corrects the results for finite gradients: parameters, to `kept` if given, and the slots of a bound
/// other than 0.
#[cold]
#[inline(never)]
pub(super) fn mend(
    w: &mut [f32],
    g: &[f32],
    slots: &mut [&mut [f32]; MAX_SLOTS],
    bounds: &[f32; MAX_SLOTS],
    kept: Option<&[f32]>,
) {
    mend_one(w, g, f32::MAX, kept, f32::NAN);
    for (slot, &bound) in slots.iter_mut().zip(bounds) {
        if bound == f32::INFINITY {
            mend_one(slot, g, f32::MAX, kept, 0.0);
        } else if bound != 0.0 {
            mend_one(slot, g, bound, None, 0.0);
        }
    }
}

/// Replaces numbers outside of the bound by `kept`, otherwise by the bound, and NaN by `nan`.
#[inline(never)]
fn mend_one(x: &mut [f32], g: &[f32], bound: f32, kept: Option<&[f32]>, nan: f32) {
    for (i, (x, g)) in x.iter_mut().zip(g).enumerate() {
        if g.is_finite() && (x.is_nan() || x.abs() > bound) {
            *x = match kept {
                Some(kept) => kept[i],
                None if x.is_nan() => nan,
                // Not `clamp`: its panic for unordered bounds prints them, which takes 10 kB of the module.
                None => bound.copysign(*x),
            };
        }
    }
}
