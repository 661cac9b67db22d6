//! One of two, by a condition.

use super::{Four, in_fours};

/// `out = condition != 0 ? a : b`; NaN is not 0.
///
/// # Panics
/// When the lengths differ.
pub fn choose(condition: &[f32], a: &[f32], b: &[f32], out: &mut [f32]) {
    in_fours([condition, a, b], out, fours);
}

#[inline(never)]
fn fours([condition, a, b]: [&[Four]; 3], out: &mut [Four]) {
    let [condition, a, b] = [condition, a, b].map(<[Four]>::as_flattened);
    for (((out, c), a), b) in out.as_flattened_mut().iter_mut().zip(condition).zip(a).zip(b) {
        *out = if *c != 0.0 { *a } else { *b };
    }
}
