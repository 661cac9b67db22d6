//! Strided copies and sums: transpose, slice, pad, concatenate, broadcast, and their gradients.

use gradstep_core::lanes::fill;

/// One axis of a copy: its length, and the strides of source and copy.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// Number of elements.
    pub len: usize,
    /// The stride in the source; 0 repeats an element.
    pub from: usize,
    /// The stride in the copy.
    pub to: usize,
}

/// Rows and columns that are copied together if neither source nor copy is contiguous; the cache lines of both fit the
/// first-level cache.
const TILE: usize = 16;
/// The length from which `memcpy` copies a run faster than a loop over its elements.
const SHORT: usize = 16;

/// Copies the elements that four axes address, outermost axis first.
///
/// # Panics
/// If an axis exceeds a slice.
pub fn copy_strided(src: &[f32], dst: &mut [f32], axes: [Axis; 4]) {
    let [.., rows, cols] = axes;
    each_plane(axes, |from, to| plane(&src[from..], &mut dst[to..], rows, cols));
}

/// Adds the elements of `src` to those of `dst` instead of copying them, such as the gradient of a slice to its place in the
/// gradient of the whole.
///
/// # Panics
/// If an axis exceeds a slice.
pub fn add_strided(src: &[f32], dst: &mut [f32], axes: [Axis; 4]) {
    let [.., rows, cols] = axes;
    each_plane(axes, |from, to| {
        for row in 0..rows.len {
            let (src, dst) = (&src[from + row * rows.from..], &mut dst[to + row * rows.to..]);
            if cols.from == 1 && cols.to == 1 {
                for (sum, x) in dst[..cols.len].iter_mut().zip(&src[..cols.len]) {
                    *sum += *x;
                }
            } else {
                for col in 0..cols.len {
                    dst[col * cols.to] += src[col * cols.from];
                }
            }
        }
    });
}

/// Calls `plane(start in the source, start in the copy)` for every plane of the two inner axes.
#[inline(always)]
fn each_plane(axes: [Axis; 4], mut plane: impl FnMut(usize, usize)) {
    let [outer, middle, ..] = axes;
    if axes.iter().any(|axis| axis.len == 0) {
        return;
    }
    for i in 0..outer.len {
        for j in 0..middle.len {
            plane(i * outer.from + j * middle.from, i * outer.to + j * middle.to);
        }
    }
}

#[inline(never)]
fn plane(src: &[f32], dst: &mut [f32], rows: Axis, cols: Axis) {
    if cols.to == 1 && cols.from <= 1 {
        for row in 0..rows.len {
            run(&src[row * rows.from..], &mut dst[row * rows.to..][..cols.len], cols.from);
        }
        return;
    }
    for top in (0..rows.len).step_by(TILE) {
        for left in (0..cols.len).step_by(TILE) {
            for row in top..rows.len.min(top + TILE) {
                let (src, dst) = (&src[row * rows.from..], &mut dst[row * rows.to..]);
                for col in left..cols.len.min(left + TILE) {
                    dst[col * cols.to] = src[col * cols.from];
                }
            }
        }
    }
}

/// Copies elements that are contiguous in the copy, and in the source contiguous or a single repeated element.
#[inline(always)]
fn run(src: &[f32], dst: &mut [f32], from: usize) {
    if from == 0 {
        fill(dst, src[0]);
    } else if dst.len() >= SHORT {
        dst.copy_from_slice(&src[..dst.len()]);
    } else {
        for (to, from) in dst.iter_mut().zip(src) {
            *to = *from;
        }
    }
}
