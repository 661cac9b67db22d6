//! One of two, by a condition.

use crate::fours::combine;
use gradstep_core::lanes::Lanes;

/// `out = condition != 0 ? a : b`; of a condition that is NaN, `b`.
///
/// # Panics
/// When the lengths differ.
pub fn choose(condition: &[f32], a: &[f32], b: &[f32], out: &mut [f32]) {
    combine([condition, a, b], out, |[condition, a, b]| a.where_positive(condition.abs(), b));
}
