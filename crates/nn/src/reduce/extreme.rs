//! The largest and the smallest element, and where they are.

use gradstep_core::lanes::{Lanes, Native, WIDTH, zip_in_place};

/// Which end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extreme {
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

impl Extreme {
    /// The smallest of `x` is the largest of `-x`, which is exact: so there is one loop.
    fn sign(self) -> f32 {
        match self {
            Extreme::Max => 1.0,
            Extreme::Min => -1.0,
        }
    }
}

/// The extreme of each column of a matrix with `out`'s columns.
#[inline(never)]
pub(super) fn columns(which: Extreme, block: &[f32], out: &mut [f32]) {
    let sign = Native::splat(which.sign());
    if out.len() == 1 {
        out[0] = which.sign() * largest(sign, block);
        return;
    }
    let mut rows = block.chunks_exact(out.len());
    if let Some(first) = rows.next() {
        out.copy_from_slice(first);
    }
    for row in rows {
        zip_in_place(out, row, |a, b| sign * (sign * a).max(sign * b));
    }
}

/// The largest of `sign * row`.
fn largest(sign: Native, row: &[f32]) -> f32 {
    let (body, tail) = row.as_chunks::<WIDTH>();
    let mut largest = Native::splat(f32::NEG_INFINITY);
    for four in body {
        largest = largest.max(sign * Native::load(four));
    }
    for &x in tail {
        largest = largest.max(sign * Native::splat(x));
    }
    let mut lanes = [0.0; WIDTH];
    largest.store(&mut lanes);
    let [a, b, c, d] = lanes.map(Native::splat);
    a.max(b).max(c.max(d)).store(&mut lanes);
    lanes[0]
}

/// Index along the middle axis of the extreme; the first where there are several. NaN counts as more
/// extreme than everything.
///
/// # Panics
/// When the lengths do not fit.
pub fn arg_extreme(which: Extreme, x: &[f32], len: usize, inner: usize, out: &mut [i32]) {
    let sign = which.sign();
    for (block, out) in x.chunks_exact(len * inner).zip(out.chunks_exact_mut(inner)) {
        for (i, out) in out.iter_mut().enumerate() {
            let (mut best, mut at) = (sign * block[i], 0);
            for (index, x) in block[i..].iter().step_by(inner).enumerate() {
                let x = sign * x;
                if x > best || x.is_nan() && !best.is_nan() {
                    (best, at) = (x, index);
                }
            }
            *out = at as i32;
        }
    }
}
