//! The tile of a matrix product: 4 rows by 8 columns, each element summed in one lane.
//!
//! 8 sums, 2 vectors of `b`, the broadcast of `a` and a product take 12 of V8's 16 registers on x64. A tile of 8 x 8 would
//! spill its sums to the stack in each iteration; unrolling the loop would too.

use crate::lanes::{Lanes, Native, WIDTH};

/// Four rows of `a` or columns of `b`: the address of the four numbers of the first `k`, and the distance to those of the next.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub at: *const f32,
    pub step: usize,
}

/// Factors of the sums and of `out`: `out = alpha * sums + beta * out`.
#[derive(Clone, Copy)]
pub(super) struct Scales {
    pub alpha: f32,
    pub beta: f32,
}

/// The part of `out` that a tile covers.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub at: *mut f32,
    /// The distance from one row to the next.
    pub stride: usize,
    pub rows: usize,
    pub cols: usize,
}

/// Computes a tile of `R` rows by `4 V` columns. Elements outside of the target are computed, but not stored.
///
/// # Safety
/// At each of `depth` steps, `a` has `R` readable numbers and each panel of `b` four; `out` is writable.
#[inline(always)]
pub(super) unsafe fn tile<const R: usize, const V: usize>(
    depth: usize,
    a: Panel,
    b: [Panel; V],
    scales: Scales,
    out: Target,
) {
    let mut sums = [[Native::splat(0.0); V]; R];
    let mut a_at = a.at;
    let mut b_at = b.map(|panel| panel.at);
    for _ in 0..depth {
        // SAFETY: the addresses are within `depth` steps, and an array of `f32` is aligned like an `f32`.
        unsafe {
            let b_now: [Native; V] = b_at.map(|at| Native::load(&*at.cast::<[f32; WIDTH]>()));
            for (i, row) in sums.iter_mut().enumerate() {
                let a_now = Native::splat(*a_at.add(i));
                for (sum, b_now) in row.iter_mut().zip(b_now) {
                    *sum = *sum + a_now * b_now;
                }
            }
        }
        // The last address may be past the operand; it is not read.
        a_at = a_at.wrapping_add(a.step);
        for (at, panel) in b_at.iter_mut().zip(&b) {
            *at = at.wrapping_add(panel.step);
        }
    }
    let row = |i: usize| {
        // Neither the sums nor the target may have a row `i`.
        let Some(sums) = sums.get(i).filter(|_| i < out.rows) else { return };
        for (j, sum) in sums.iter().enumerate() {
            let left = out.cols.saturating_sub(j * WIDTH).min(WIDTH);
            // With 0 columns left, `to` may be outside of the target; nothing is stored.
            let to = out.at.wrapping_add(i * out.stride + j * WIDTH);
            // SAFETY: `left` numbers of row `i` are in the target.
            unsafe { store(*sum, scales, to, left) };
        }
    };
    // A loop would spill the sums to the stack.
    const { assert!(R <= 4) };
    row(0);
    row(1);
    row(2);
    row(3);
}

/// `to = alpha * sum + beta * to` for the first `count` lanes.
///
/// # Safety
/// `count` numbers at `to` are readable and writable.
#[inline(always)]
unsafe fn store(sum: Native, Scales { alpha, beta }: Scales, to: *mut f32, count: usize) {
    let scaled = sum * Native::splat(alpha);
    let combined = |old: &[f32; WIDTH]| {
        if beta == 0.0 { scaled } else { Native::load(old) * Native::splat(beta) + scaled }
    };
    // SAFETY: promised by the caller.
    unsafe {
        if count == WIDTH {
            let to = &mut *to.cast::<[f32; WIDTH]>();
            combined(to).store(to);
        } else {
            let mut lanes = [0.0; WIDTH];
            to.copy_to(lanes.as_mut_ptr(), count);
            combined(&lanes).store(&mut lanes);
            to.copy_from(lanes.as_ptr(), count);
        }
    }
}
