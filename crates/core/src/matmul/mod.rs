//! Matrix product in SIMD128, blocked for the caches.
//!
//! Each element is summed in one lane, over `k` in order and in blocks of 256, whatever the tile and the packing: these
//! are the bits of the `matrixmultiply` crate (0.3.11), which was used before. Its tile of 8 x 8 needs more registers
//! than x64 has under V8; on Node 24 this one is 1.3 to 1.5 times as fast, and 8 times for one row.
//! Muon uses it here; the layers of gradstep-nn use the same function.
//!
//! The room for packed operands is allocated, which aborts when memory is full. Callers ask first:
//! `probe(packing(m, k, n))`, of [`crate::memory::probe`].

mod panels;
mod tile;

use crate::lanes::WIDTH;
use panels::{Lines, Panels};
use tile::{Scales, Target, tile};

/// A row-major or transposed view of a matrix.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    data: &'a [f32],
    rows: usize,
    cols: usize,
    transposed: bool,
}

impl<'a> Matrix<'a> {
    /// `rows` x `cols` numbers, row by row.
    ///
    /// # Panics
    /// When `data` has another length.
    pub fn new(data: &'a [f32], rows: usize, cols: usize) -> Self {
        assert!(rows.checked_mul(cols) == Some(data.len()), "rows x cols is not the length");
        Self { data, rows, cols, transposed: false }
    }

    /// The same numbers with rows and columns exchanged; nothing is copied.
    pub fn t(self) -> Self {
        Self { rows: self.cols, cols: self.rows, transposed: !self.transposed, ..self }
    }

    /// Its rows, across, and what is summed, along.
    fn lines(self) -> Lines {
        let (across, along) = if self.transposed { (1, self.rows) } else { (self.cols, 1) };
        Lines { at: self.data.as_ptr(), across, along }
    }
}

/// Largest block of `k`: the sums of a block are added to `out` before the next begins, which fixes the bits.
const K_BLOCK: usize = 256;
/// Rows of a that are packed at a time: 64 kB, for the second-level cache.
const M_BLOCK: usize = 64;
/// Columns of b that are packed at a time: 1 MB.
const N_BLOCK: usize = 1024;
/// Numbers that [`matmul`] packs at a time for an `m` x `k` and a `k` x `n` matrix, at most.
pub fn packing(m: usize, k: usize, n: usize) -> usize {
    let [a, b] = rooms(m, k, n);
    a + b
}

/// Numbers of the packed blocks of a and b.
fn rooms(m: usize, k: usize, n: usize) -> [usize; 2] {
    [m.min(M_BLOCK), n.min(N_BLOCK)].map(|len| k.min(K_BLOCK) * len.next_multiple_of(WIDTH))
}

/// `out = alpha * a b + beta * out`, `out` row by row. `beta` 0 overwrites whatever was there.
///
/// Aborts where there is no room for [`packing`].
///
/// # Panics
/// When the shapes do not fit.
pub fn matmul(alpha: f32, a: Matrix, b: Matrix, beta: f32, out: &mut [f32]) {
    let (m, k, n) = (a.rows, a.cols, b.cols);
    assert!(k == b.rows, "the shapes do not fit");
    assert!(m.checked_mul(n) == Some(out.len()), "m x n is not the length");
    if k == 0 {
        let scaled = |x: f32| if beta == 0.0 { 0.0 } else { x * beta };
        return out.iter_mut().for_each(|x| *x = scaled(*x));
    }
    let [a_room, b_room] = rooms(m, k, n);
    let mut room = Vec::<f32>::with_capacity(a_room + b_room);
    let (a_rows, b_cols) = (a.lines(), b.t().lines());
    // SAFETY: rows, columns and k stay inside the views, whose lengths were checked in `new`, and inside `out`, which is
    // an exclusive borrow; the rooms take a block each.
    unsafe {
        let a_to = room.as_mut_ptr();
        let b_to = a_to.add(a_room);
        for (j0, cols) in blocks(n, N_BLOCK) {
            for (p0, depth) in blocks(k, K_BLOCK) {
                let scales = Scales { alpha, beta: if p0 == 0 { beta } else { 1.0 } };
                let b = Panels::of_b(b_cols.from(j0, p0), m, cols, depth, b_to);
                for (i0, rows) in blocks(m, M_BLOCK) {
                    let at = out.as_mut_ptr().add(i0 * n + j0);
                    let out = Target { at, stride: n, rows, cols };
                    let a = a_rows.from(i0, p0);
                    if m == 1 {
                        product::<1, 4>(&Panels::where_they_are(a, 1, depth), &b, scales, out);
                    } else {
                        product::<4, 2>(&Panels::packed(a, rows, depth, a_to), &b, scales, out);
                    }
                }
            }
        }
    }
}

/// The product of two blocks, in tiles of `R` rows by `4 V` columns.
///
/// # Safety
/// The blocks are readable, and `out` is writable.
#[inline(never)]
unsafe fn product<const R: usize, const V: usize>(
    a: &Panels,
    b: &Panels,
    scales: Scales,
    out: Target,
) {
    let at = |i: usize| if R == 1 { a.at(i) } else { a.packed_at(i) };
    // Columns of b outside, so that their panels stay in the first-level cache.
    for (j, cols) in blocks(out.cols, V * WIDTH) {
        for (i, rows) in blocks(out.rows, R) {
            // SAFETY: the tile is in the target.
            unsafe {
                let out = Target { at: out.at.add(i * out.stride + j), rows, cols, ..out };
                if R == 1 || cols > WIDTH {
                    let last = (cols - 1) / WIDTH;
                    let b = core::array::from_fn(|v| b.at(j + v.min(last) * WIDTH));
                    tile::<R, V>(a.depth, at(i), b, scales, out);
                } else {
                    tile::<R, 1>(a.depth, at(i), [b.at(j)], scales, out);
                }
            }
        }
    }
}

/// Begin and length of each block of `0..len`.
fn blocks(len: usize, block: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..len).step_by(block).map(move |first| (first, block.min(len - first)))
}

#[cfg(test)]
mod tests {
    use super::packing;

    #[test]
    fn packing_is_that_of_the_blocks() {
        assert_eq!(packing(1, 1, 1), 8);
        assert_eq!(packing(17, 3, 16), 3 * (20 + 16));
        assert_eq!(packing(10_000, 10_000, 10_000), 256 * (64 + 1024));
        assert_eq!(packing(0, 5, 0), 0);
    }
}
