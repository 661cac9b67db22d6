//! Operands packed for the tile: panels of four rows of `a`, or of four columns of `b`, in the order of `k`.

use super::tile::Panel;
use crate::lanes::{Lanes, Native, WIDTH};
use crate::memory::LINE;

/// The rows of `a` or the columns of `b`, each along `k`.
#[derive(Clone, Copy)]
pub(super) struct Lines {
    pub at: *const f32,
    /// The distance from one row of `a`, or column of `b`, to the next.
    pub across: usize,
    /// The distance from one `k` to the next.
    pub along: usize,
}

impl Lines {
    /// The lines that start at row or column `i` and at `k = p`.
    pub fn from(self, i: usize, p: usize) -> Self {
        Self { at: self.at.wrapping_add(i * self.across + p * self.along), ..self }
    }
}

/// A block of an operand, divided into panels of four rows or columns: the first panels are read in place, the others packed.
#[derive(Clone, Copy)]
pub(super) struct Panels {
    lines: Lines,
    direct: usize,
    packed: *const f32,
    /// Length along `k`.
    pub depth: usize,
}

/// Maximum distance from one `k` to the next for which reading columns of `b` in place is no slower than packing them, for few
/// rows of `a`.
const CLOSE: usize = 256;
/// The maximum number of rows of `a` that counts as few.
const FEW: usize = 64;

impl Panels {
    /// The first `count` lines, read in place.
    pub fn in_place(lines: Lines, count: usize, depth: usize) -> Self {
        Self { lines, direct: count, packed: lines.at, depth }
    }

    /// All lines, packed to `to`.
    ///
    /// # Safety
    /// As in [`pack`].
    pub unsafe fn packed(lines: Lines, count: usize, depth: usize, to: *mut f32) -> Self {
        // SAFETY: promised by the caller.
        unsafe { pack(lines, count, depth, to) };
        Self { lines, direct: 0, packed: to, depth }
    }

    /// A block of `b`, to be multiplied with `m` rows of `a`. [`Panels::fill`] packs the columns that are not read in place to
    /// `to`.
    pub fn of_b(lines: Lines, m: usize, count: usize, depth: usize, to: *mut f32) -> Self {
        let pays = m <= WIDTH || m <= FEW && lines.along <= CLOSE;
        let direct = if lines.across == 1 && pays { count / WIDTH * WIDTH } else { 0 };
        Self { lines, direct, packed: to, depth }
    }

    /// Packs `count` columns from `first` on, a multiple of four; columns that are read in place are skipped.
    ///
    /// # Safety
    /// As in [`pack`], for the columns that are packed.
    pub unsafe fn fill(&self, first: usize, count: usize) {
        let from = first.max(self.direct);
        let count = (first + count).saturating_sub(from);
        let to = self.packed.wrapping_add((from - self.direct) * self.depth).cast_mut();
        // SAFETY: promised by the caller.
        unsafe { pack(self.lines.from(from, 0), count, self.depth, to) };
    }

    /// The panels from column `first` on, a multiple of four.
    pub fn from(&self, first: usize) -> Self {
        let packed = self.packed.wrapping_add(first.saturating_sub(self.direct) * self.depth);
        let direct = self.direct.saturating_sub(first);
        Self { lines: self.lines.from(first, 0), direct, packed, ..*self }
    }

    /// The panel that begins with row or column `i`.
    #[inline(always)]
    pub fn at(&self, i: usize) -> Panel {
        if i < self.direct {
            Panel { at: self.lines.from(i, 0).at, step: self.lines.along }
        } else {
            self.packed_at(i)
        }
    }

    /// The packed panel that begins with row or column `i`; its step is a constant.
    #[inline(always)]
    pub fn packed_at(&self, i: usize) -> Panel {
        Panel { at: self.packed.wrapping_add((i - self.direct) * self.depth), step: WIDTH }
    }
}

/// Packs `count` rows or columns into panels of four; the last panel is padded with zeros.
///
/// # Safety
/// `count` x `depth` numbers of the lines are readable, and `to` has room for the panels.
unsafe fn pack(lines: Lines, count: usize, depth: usize, to: *mut f32) {
    let Lines { at, across, along } = lines;
    let whole = if across == 1 { count / WIDTH * WIDTH } else { 0 };
    // SAFETY: reads are in the lines, because `first + r < count` and `p < depth`; writes are in the panels.
    unsafe {
        // One cache line of each `k` at a time, because the numbers of successive `k` may be far apart.
        let lines = whole / LINE * LINE;
        for first in (0..lines).step_by(LINE) {
            copy::<{ LINE / WIDTH }>(at.add(first), along, depth, to.add(first * depth));
        }
        for first in (lines..whole).step_by(WIDTH) {
            copy::<1>(at.add(first), along, depth, to.add(first * depth));
        }
        for first in (whole..count).step_by(WIDTH) {
            let (from, to) = (at.add(first * across), to.add(first * depth));
            let lanes = WIDTH.min(count - first);
            let mut p = 0;
            if lanes == WIDTH && along == 1 {
                while p + WIDTH <= depth {
                    let rows = core::array::from_fn(|r| {
                        Native::load(&*from.add(r * across + p).cast::<[f32; WIDTH]>())
                    });
                    for (l, four) in Native::transposed(rows).into_iter().enumerate() {
                        four.store(&mut *to.add((p + l) * WIDTH).cast::<[f32; WIDTH]>());
                    }
                    p += WIDTH;
                }
            }
            for p in p..depth {
                for r in 0..WIDTH {
                    let x = if r < lanes { *from.add(r * across + p * along) } else { 0.0 };
                    *to.add(p * WIDTH + r) = x;
                }
            }
        }
    }
}

/// Packs `N` panels whose rows or columns are contiguous.
///
/// # Safety
/// As in [`pack`].
#[inline(always)]
unsafe fn copy<const N: usize>(at: *const f32, along: usize, depth: usize, to: *mut f32) {
    for p in 0..depth {
        for panel in 0..N {
            // SAFETY: promised by the caller.
            unsafe {
                let four = Native::load(&*at.add(p * along + panel * WIDTH).cast::<[f32; WIDTH]>());
                four.store(&mut *to.add((panel * depth + p) * WIDTH).cast::<[f32; WIDTH]>());
            }
        }
    }
}
