//! Rows by index: gather and scatter-add.

use gradstep_core::lanes::add;

/// The position of the first index that is not between 0 and `bound - 1`; `None` if all are.
pub fn first_out_of_range(indices: &[i32], bound: usize) -> Option<usize> {
    // Cast to unsigned numbers, negative indices are the largest.
    indices.iter().position(|&index| index as u32 as usize >= bound)
}

/// Row `i` of `out` is row `indices[i]` of `params`; indices are in range.
pub fn take_rows(params: &[f32], indices: &[i32], cols: usize, out: &mut [f32]) {
    for (out, &index) in out.chunks_exact_mut(cols).zip(indices) {
        out.copy_from_slice(&params[index as usize * cols..][..cols]);
    }
}

/// Adds row `i` of `dy` to row `indices[i]` of `out`, in the order of `i`.
pub fn add_rows(dy: &[f32], indices: &[i32], cols: usize, out: &mut [f32]) {
    for (dy, &index) in dy.chunks_exact(cols).zip(indices) {
        add(&mut out[index as usize * cols..][..cols], dy);
    }
}
