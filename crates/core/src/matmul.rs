//! Matrix product, by the `matrixmultiply` crate: the one place that knows it.
//!
//! Each element is summed over `k` in order, whatever the kernel's tile, so the result does not depend
//! on the vector width. Muon uses it here; the layers of gradstep-nn use the same function.
//!
//! `matrixmultiply` allocates room to pack its operands in, and aborts where it gets none. Callers ask first:
//! `probe(packing(m, k, n))`, of [`crate::memory::probe`].

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
        assert_eq!(data.len(), rows * cols);
        Self { data, rows, cols, transposed: false }
    }

    /// The same numbers with rows and columns exchanged; nothing is copied.
    pub fn t(self) -> Self {
        Self { rows: self.cols, cols: self.rows, transposed: !self.transposed, ..self }
    }

    fn strides(self) -> (isize, isize) {
        if self.transposed { (1, self.rows as isize) } else { (self.cols as isize, 1) }
    }
}

/// Numbers that [`matmul`] packs at a time for an `m` x `k` and a `k` x `n` matrix, at most.
pub fn packing(m: usize, k: usize, n: usize) -> usize {
    // matrixmultiply 0.3.11, archparam_defaults.rs: the largest blocks of m, k and n; and the largest tile.
    const BLOCKS: [usize; 3] = [64, 256, 1024];
    const TILE: usize = 16;
    let [m_block, k_block, n_block] = BLOCKS;
    let padded = |len: usize, block: usize| len.min(block).next_multiple_of(TILE);
    k.min(k_block) * (padded(m, m_block) + padded(n, n_block))
}

/// `out = alpha * a b + beta * out`, `out` row by row. `beta` 0 overwrites whatever was there.
///
/// Aborts where there is no room for [`packing`].
///
/// # Panics
/// When the shapes do not fit.
pub fn matmul(alpha: f32, a: Matrix, b: Matrix, beta: f32, out: &mut [f32]) {
    assert_eq!(a.cols, b.rows);
    assert_eq!(out.len(), a.rows * b.cols);
    let ((ar, ac), (br, bc)) = (a.strides(), b.strides());
    // SAFETY: the views' strides stay inside their slices (lengths checked here and in `new`), and
    // `out` is an exclusive borrow.
    unsafe {
        matrixmultiply::sgemm(
            a.rows,
            a.cols,
            b.cols,
            alpha,
            a.data.as_ptr(),
            ar,
            ac,
            b.data.as_ptr(),
            br,
            bc,
            beta,
            out.as_mut_ptr(),
            b.cols as isize,
            1,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Matrix, matmul, packing};

    #[test]
    fn packing_is_that_of_the_blocks() {
        assert_eq!(packing(1, 1, 1), 32);
        assert_eq!(packing(17, 3, 16), 3 * (32 + 16));
        assert_eq!(packing(10_000, 10_000, 10_000), 256 * (64 + 1024));
        assert_eq!(packing(0, 5, 0), 0);
    }

    #[test]
    fn products_of_every_orientation() {
        let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let ma = Matrix::new(&a, 2, 3);
        let mut out = [f32::NAN; 4];
        matmul(1.0, ma, ma.t(), 0.0, &mut out);
        assert_eq!(out, [14.0, 32.0, 32.0, 77.0]);
        let mut wide = [1.0; 9];
        matmul(2.0, ma.t(), ma, 1.0, &mut wide);
        assert_eq!(wide, [35.0, 45.0, 55.0, 45.0, 59.0, 73.0, 55.0, 73.0, 91.0]);
    }
}
