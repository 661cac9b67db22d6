//! Correction of overflowed results, after the formula.
//!
//! In Keras, one gradient of 1e25 makes a second moment infinite; the next step computes `Inf - Inf`, and the weight is NaN
//! permanently. Formulas in gradstep compute the same numbers and [watch](Formula::watch) them; results that are not finite
//! are then corrected. A step that is divided by an infinite moment does not change the parameter (nor does it in Keras), and a
//! parameter that would be lost keeps its value; one that only grows is limited to the largest number. Moments are limited to
//! their largest magnitude, which keeps later steps in proportion. When Keras's numbers are finite, no bit changes; when a
//! gradient is infinite or NaN, the results are Keras's.

use super::MAX_SLOTS;
#[cfg(doc)]
use crate::lanes::Formula;
use crate::lanes::{Lanes, Native, WIDTH, padded};

/// The kind of overflow that a formula may have, which may depend on its scalars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Care {
    /// A parameter may become infinite by growing beyond the largest number, but never NaN.
    Plain,
    /// The formula [keeps](Formula::KEEPS) the parameters.
    Kept,
    /// [`Formula::watch`] does not see every overflow: parameters are copied before the update, and all results are checked,
    /// which doubles the time.
    Always,
}

impl Care {
    /// The kind of a formula that is plain if its scalars are `tame`.
    pub fn unless(tame: bool) -> Self {
        if tame { Care::Plain } else { Care::Always }
    }

    /// The kind of a step `alpha m / (sqrt(v) + epsilon)` of two moments with these decays. With `|alpha| <= 1` the product
    /// with the first moment is finite. By Cauchy-Schwarz, `m^2` is at most `v (1 - b1)^2 / (1 - b2) / (1 - b1^2 / b2)`, so
    /// the step is far below the largest number.
    pub fn of_ratio([b1, b2]: [f32; 2], alpha: f32, epsilon: f32) -> Self {
        let is_bounded = b1 * b1 <= 0.999 * b2 && 1.0 - b2 > 1e-12;
        Self::unless(is_bounded && alpha.abs() <= 1.0 && epsilon >= 1e-30)
    }

    /// The kind of a step `(a m + b g) / (sqrt(v) + epsilon)` of rates with this sum, whose `v` is infinite if the square of a
    /// gradient overflows: the step is 0 then. Otherwise gradients, and means that start at such numbers, are at most 2^64, and a
    /// step is below 2e30. That is less than half of the last place of the largest number, so no parameter grows beyond it.
    pub fn of_quotient(rates: f32, epsilon: f32) -> Self {
        Self::unless(rates.abs() <= 0.9 && epsilon >= 1e-11)
    }
}

/// Corrects the results of finite gradients: parameters, which become those of `kept` if given, and slots, unless their bound
/// is 0.
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

/// Replaces numbers beyond the bound, and NaN, by those of `kept`; without `kept`, by the bound and by `nan`.
#[inline(never)]
fn mend_one(x: &mut [f32], g: &[f32], bound: f32, kept: Option<&[f32]>, nan: f32) {
    if is_within(x, bound) {
        return;
    }
    for (i, (x, g)) in x.iter_mut().zip(g).enumerate() {
        if g.is_finite() && (x.is_nan() || x.abs() > bound) {
            *x = match kept {
                Some(kept) => kept[i],
                None if x.is_nan() => nan,
                // `clamp` would take 10 kB of the module, because its panic for unordered bounds prints them.
                None => bound.copysign(*x),
            };
        }
    }
}

/// Whether no number is NaN or beyond the bound: most checks find nothing, four numbers at a time.
fn is_within(x: &[f32], bound: f32) -> bool {
    let bound = Native::splat(bound);
    let (fours, tail) = x.as_chunks::<WIDTH>();
    // 1 in lanes whose numbers are all within, 0 in others.
    let with = |within: Native, four: Native| within.capped(bound.at_least(four.abs()));
    let within = fours.iter().fold(Native::splat(1.0), |all, four| with(all, Native::load(four)));
    !(Native::splat(1.0) / with(within, padded(tail))).is_poisoned()
}
