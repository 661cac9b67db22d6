//! Matrix product in SIMD128, blocked for the caches.
//!
//! Each element is summed in one lane, over `k` in order and in blocks of 256, whatever the tile and the packing. The bits
//! are those of the `matrixmultiply` crate (0.3.11), which was used before. The 8 x 8 tile of that crate needs more
//! registers than V8 has on x64; on Node 24 this implementation is 1.3 to 1.5 times as fast, and 8 times for one row. Muon
//! and the layers of gradstep-nn use it.
//!
//! A product allocates memory for packed operands, and aborts if memory is full. Callers check first, with
//! [`probe(packing(m, k, n))`](crate::memory::probe).

mod panels;
mod tile;

use crate::lanes::WIDTH;
use crate::memory::LINE;
use crate::pool;
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
    /// If `data` has a different length.
    pub fn new(data: &'a [f32], rows: usize, cols: usize) -> Self {
        assert!(rows.checked_mul(cols) == Some(data.len()), "rows x cols is not the length");
        Self { data, rows, cols, transposed: false }
    }

    /// The transposed view; nothing is copied.
    pub fn t(self) -> Self {
        Self { rows: self.cols, cols: self.rows, transposed: !self.transposed, ..self }
    }

    /// The strides from row to row, and along the summed axis.
    fn lines(self) -> Lines {
        let (across, along) = if self.transposed { (1, self.rows) } else { (self.cols, 1) };
        Lines { at: self.data.as_ptr(), across, along }
    }
}

/// Largest block of `k`. The sums of a block are added to `out` before the next block begins, so the block length determines
/// the bits.
const K_BLOCK: usize = 256;
/// Rows of `a` that are packed at a time: 64 kB, for the second-level cache.
const M_BLOCK: usize = 64;
/// Columns of `b` that are packed at a time: 1 MB.
const N_BLOCK: usize = 1024;
/// The maximum count of numbers that [`matmul`] packs at a time, for an `m` x `k` and a `k` x `n` matrix.
pub fn packing(m: usize, k: usize, n: usize) -> usize {
    let [a, b] = rooms(m, k, n);
    LINE + a + b
}

/// The lengths of the packed blocks of `a` and `b`.
fn rooms(m: usize, k: usize, n: usize) -> [usize; 2] {
    [m.min(M_BLOCK), n.min(N_BLOCK)].map(|len| k.min(K_BLOCK) * len.next_multiple_of(WIDTH))
}

/// `out = alpha * a b + beta * out`, with `out` in row-major order. A `beta` of 0 overwrites `out`.
///
/// Aborts if there is no memory for [`packing`]. Threads take blocks of rows and columns; one thread computes each element.
///
/// # Panics
/// If the shapes do not fit.
pub fn matmul(alpha: f32, a: Matrix, b: Matrix, beta: f32, out: &mut [f32]) {
    let (m, k, n) = (a.rows, a.cols, b.cols);
    assert!(k == b.rows, "the shapes do not fit");
    assert!(m.checked_mul(n) == Some(out.len()), "m x n is not the length");
    if k == 0 {
        let scaled = |x: f32| if beta == 0.0 { 0.0 } else { x * beta };
        return out.iter_mut().for_each(|x| *x = scaled(*x));
    }
    let [a_room, _] = rooms(m, k, n);
    let each = packing(m, k, n);
    let mut room = Vec::<f32>::new();
    // Every thread packs the operands that it needs, in separate memory: reading another core's numbers is slower than
    // packing them again. If there is not enough memory for all threads, helpers are idle.
    let is_shared = pool::threads() > 1
        && (m * n).saturating_mul(k) >= WORTH * pool::worth()
        && room.try_reserve_exact(each * pool::threads()).is_ok();
    if !is_shared {
        room.reserve_exact(each);
    }
    let (a_rows, b_cols) = (a.lines(), b.t().lines());
    // SAFETY: rows, columns and k stay inside the views, whose lengths were checked in `new`, and inside `out`, which is
    // an exclusive borrow; a room has space for a block of each operand. Chunks write different rows or columns.
    unsafe {
        let (rooms, out_at) = (room.as_mut_ptr(), out.as_mut_ptr());
        for (j0, cols) in blocks(n, N_BLOCK) {
            for (p0, depth) in blocks(k, K_BLOCK) {
                let scales = Scales { alpha, beta: if p0 == 0 { beta } else { 1.0 } };
                let b_of = |room: *mut f32| {
                    Panels::of_b(b_cols.from(j0, p0), m, cols, depth, room.add(LINE + a_room))
                };
                let block = |i0: usize, rows: usize, j: usize, cols: usize, room: *mut f32| {
                    let at = out_at.add(i0 * n + j0 + j);
                    let out = Target { at, stride: n, rows, cols };
                    let (a, b) = (a_rows.from(i0, p0), b_of(room).from(j));
                    if m == 1 {
                        product::<1, 4>(&Panels::in_place(a, 1, depth), &b, scales, out);
                    } else {
                        let a = Panels::packed(a, rows, depth, room.add(LINE));
                        product::<4, 2>(&a, &b, scales, out);
                    }
                };
                if !is_shared {
                    b_of(rooms).fill(0, cols);
                    blocks(m, M_BLOCK).for_each(|(i0, rows)| block(i0, rows, 0, cols, rooms));
                    continue;
                }
                let cut = Cut::of(m, cols);
                let shared = Shared((&block, &b_of, rooms));
                // A room starts with the index of the first column of the block that it contains; -1 for none.
                (0..pool::threads()).for_each(|thread| *rooms.add(thread * each) = -1.0);
                let kind = (cut.even(m, cols), m.wrapping_mul(cols).wrapping_mul(depth));
                pool::run_kind(cut.chunks(m, cols), kind, &|chunk, thread| {
                    let (i0, j) = cut.begin(chunk, m);
                    let (rows, cols) = (cut.rows.min(m - i0), cut.cols.min(cols - j));
                    let (block, b_of, rooms) = shared.get();
                    let room = rooms.add(thread * each);
                    if *room != j as f32 {
                        *room = j as f32;
                        b_of(room).fill(j, cols);
                    }
                    block(i0, rows, j, cols, room);
                });
            }
        }
    }
}

/// Multiplications that count as one number of an elementwise job: a product is worth a second thread from 2^18
/// multiplications on.
const WORTH: usize = (1 << 18) / pool::WORTH;
/// Minimum number of chunks of a large block, so that a helper that is late takes fewer of them.
const CHUNKS: usize = 8;
/// Minimum number of columns of a chunk, because the rows of `a` are packed for each chunk.
const COLUMNS: usize = 64;

/// Rows and columns of the chunks of a block.
#[derive(Clone, Copy)]
struct Cut {
    rows: usize,
    cols: usize,
}

impl Cut {
    fn of(m: usize, cols: usize) -> Self {
        let rows = m.div_ceil(CHUNKS).next_multiple_of(WIDTH).min(M_BLOCK);
        let parts = CHUNKS.div_ceil(m.div_ceil(rows));
        Self { rows, cols: cols.div_ceil(parts).next_multiple_of(COLUMNS) }
    }

    fn chunks(self, m: usize, cols: usize) -> usize {
        m.div_ceil(self.rows) * cols.div_ceil(self.cols)
    }

    /// The number of chunks before the last column of chunks, or before the last chunk if there is one column: the last ones
    /// may have fewer columns or rows. Of several columns, each ends with a chunk that may have fewer rows; its shorter time at
    /// most begins an unnecessary probe, see `pool::solo`.
    fn even(self, m: usize, cols: usize) -> usize {
        let down = m.div_ceil(self.rows);
        self.chunks(m, cols) - if cols > self.cols { down } else { 1 }
    }

    /// The first row and the first column of a chunk.
    fn begin(self, chunk: usize, m: usize) -> (usize, usize) {
        let down = m.div_ceil(self.rows);
        (chunk % down * self.rows, chunk / down * self.cols)
    }
}

/// Addresses that the threads of a job share.
struct Shared<T>(T);

// SAFETY: the threads of a job only read the memory at these addresses, or write different parts of it, see `matmul`.
unsafe impl<T> Sync for Shared<T> {}

impl<T: Copy> Shared<T> {
    /// The addresses, through a method: a closure that used the field would capture only the field, which is not `Sync`.
    fn get(&self) -> T {
        self.0
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
    // The outer loop is over columns of `b`, whose panels then stay in the first-level cache.
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

/// The start and the length of each block of `0..len`.
fn blocks(len: usize, block: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..len).step_by(block).map(move |first| (first, block.min(len - first)))
}

#[cfg(test)]
mod tests {
    use super::packing;

    #[test]
    fn packing_is_that_of_the_blocks() {
        assert_eq!(packing(1, 1, 1), 16 + 8);
        assert_eq!(packing(17, 3, 16), 16 + 3 * (20 + 16));
        assert_eq!(packing(10_000, 10_000, 10_000), 16 + 256 * (64 + 1024));
        assert_eq!(packing(0, 5, 0), 16);
    }
}
