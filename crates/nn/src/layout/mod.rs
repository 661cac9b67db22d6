//! Strided copies and sums: transpose, slice, pad, concatenate, broadcast, and their gradients.

use gradstep_core::lanes::fill;

/// One axis of a copy: its length, and how far apart its elements are.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// Number of elements.
    pub len: usize,
    /// From one element to the next in the source; 0 repeats it.
    pub from: usize,
    /// From one element to the next in the copy.
    pub to: usize,
}

/// Rows and columns that are copied together when neither side has them in order: the lines of both fit
/// the nearest cache.
const TILE: usize = 16;
/// Shorter runs are faster element by element than by a call of `memcpy`.
const SHORT: usize = 16;

/// Copies what four axes, outermost first, reach.
///
/// # Panics
/// If an axis exceeds a slice.
pub fn copy_strided(src: &[f32], dst: &mut [f32], axes: [Axis; 4]) {
    let [.., rows, cols] = axes;
    each_plane(axes, |from, to| plane(&src[from..], &mut dst[to..], rows, cols));
}

/// Adds instead of copying: adds the gradient of a part to its place in the gradient of the whole.
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

/// Starts of the planes of the two inner axes.
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

/// Elements that are contiguous in the copy, and in the source are contiguous too or a single one.
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
