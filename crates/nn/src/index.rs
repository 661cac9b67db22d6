//! Rows by index: gather, scatter-add, one-hot.

/// The first place whose index is not from 0 to `bound - 1`.
pub fn first_out_of_range(indices: &[i32], bound: usize) -> Option<usize> {
    // As unsigned numbers, negative ones are the largest.
    indices.iter().position(|&index| index as u32 as usize >= bound)
}
