//! Selection from two operands by a condition.

use crate::fours::combine;
use gradstep_core::lanes::Lanes;
use gradstep_core::pool;

/// `out = condition != 0 ? a : b`; `b` if the condition is NaN.
///
/// # Panics
/// If the lengths differ.
pub fn choose(condition: &[f32], a: &[f32], b: &[f32], out: &mut [f32]) {
    pool::in_pieces(out, [], &|range, out, []| {
        combine([condition, a, b].map(|input| &input[range.clone()]), out, |[condition, a, b]| {
            a.where_positive(condition.abs(), b)
        });
    });
}
