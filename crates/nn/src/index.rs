//! Rows by index: gather, scatter-add, one-hot, the largest of a row.

/// The first place whose index is not from 0 to `bound - 1`.
pub fn first_out_of_range(indices: &[i32], bound: usize) -> Option<usize> {
    // As unsigned numbers, negative ones are the largest.
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
        for (sum, dy) in out[index as usize * cols..][..cols].iter_mut().zip(dy) {
            *sum += dy;
        }
    }
}

/// Rows of zeros with a 1 at the index; all zeros for an index out of range.
pub fn one_hot(indices: &[i32], depth: usize, out: &mut [f32]) {
    out.fill(0.0);
    for (row, &index) in out.chunks_exact_mut(depth).zip(indices) {
        if let Some(one) = row.get_mut(index as u32 as usize) {
            *one = 1.0;
        }
    }
}

/// The `k` largest elements of each row with their indices, largest first, equal ones in order of index,
/// NaN last.
pub fn top_k(x: &[f32], cols: usize, k: usize, values: &mut [f32], indices: &mut [i32]) {
    let rows = values.chunks_exact_mut(k).zip(indices.chunks_exact_mut(k));
    for (x, (values, indices)) in x.chunks_exact(cols).zip(rows) {
        for (i, &x) in x.iter().enumerate() {
            let filled = i.min(k);
            let before = |y: f32| y >= x || x.is_nan();
            let place = values[..filled].iter().position(|&y| !before(y)).unwrap_or(filled);
            if place < k {
                let end = (filled + 1).min(k);
                values[place..end].rotate_right(1);
                indices[place..end].rotate_right(1);
                (values[place], indices[place]) = (x, i as i32);
            }
        }
    }
}

/// 1 for each row in which fewer than `k` elements exceed that of the target, else 0. Ties count for the
/// target, a NaN there is the smallest of all. Targets are in range.
pub fn in_top_k(targets: &[i32], x: &[f32], cols: usize, k: usize, out: &mut [f32]) {
    for ((x, &target), out) in x.chunks_exact(cols).zip(targets).zip(out) {
        let own = x[target as usize];
        let exceeds = |x: &&f32| **x > own || own.is_nan() && **x > f32::NEG_INFINITY;
        *out = f32::from(x.iter().filter(exceeds).count() < k);
    }
}
