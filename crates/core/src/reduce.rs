//! Sums over a whole variable, in double precision and one fixed order.
//!
//! Element `i` is added to partial sum `i % 8`, and the eight partial sums are added as a tree at the end. SIMD and scalar
//! lanes have the same order, so a norm has the same bits everywhere. It is closer to the true value than numpy's pairwise
//! `f32` sum.

use crate::lanes::{Lanes, Native, WIDTH, padded};
use core::ops::Range;

type Sums = <Native as Lanes>::Sums;
const NO_SUMS: Sums = Native::NO_SUMS;

#[inline(always)]
fn fold(x: &[f32], add: impl Fn(Native, Sums) -> Sums) -> f64 {
    let (mut even, mut odd) = (NO_SUMS, NO_SUMS);
    let (pairs, tail) = x.as_chunks::<{ 2 * WIDTH }>();
    for pair in pairs {
        let (low, high) = pair.as_chunks::<WIDTH>().0.split_at(1);
        even = add(Native::load(&low[0]), even);
        odd = add(Native::load(&high[0]), odd);
    }
    let (whole, rest) = tail.as_chunks::<WIDTH>();
    for four in whole {
        even = add(Native::load(four), even);
    }
    if !rest.is_empty() {
        // The zeros that pad the tail add nothing to a sum or a sum of squares.
        if whole.is_empty() {
            even = add(padded(rest), even);
        } else {
            odd = add(padded(rest), odd);
        }
    }
    tree(even, odd)
}

/// The sum of the eight partial sums.
#[inline(always)]
fn tree(even: Sums, odd: Sums) -> f64 {
    let ([a, b, c, d], [e, f, g, h]) = (Native::unpacked(even), Native::unpacked(odd));
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// Sum of the elements.
#[inline(never)]
pub fn sum(x: &[f32]) -> f64 {
    fold(x, |lanes, sums| lanes.add_to(sums))
}

/// Sum of the squares: the square of the L2 norm.
#[inline(never)]
pub fn sum_of_squares(x: &[f32]) -> f64 {
    fold(x, |lanes, sums| lanes.add_squares(sums))
}

/// The sum of the squared changes of a variable, and that of its squared numbers before: four partial sums each, with element
/// `i` in partial sum `i % 4`.
#[derive(Clone, Copy)]
pub struct Changes([Sums; 2]);

impl Changes {
    /// The sums of no elements.
    pub const NONE: Self = Self([NO_SUMS; 2]);

    /// Adds the elements of a part, which changed from `before` to `now`. The length of every part but the last is a multiple
    /// of four.
    #[inline(never)]
    pub fn add(&mut self, now: &[f32], before: &[f32]) {
        let mut sums = self.0;
        let mut add = |now: Native, before: Native| {
            let [changes, squares] = sums;
            sums = [now.add_changes(before, changes), before.add_squares(squares)];
        };
        let ((now, now_tail), (before, tail)) =
            (now.as_chunks::<WIDTH>(), before.as_chunks::<WIDTH>());
        for (now, before) in now.iter().zip(before) {
            add(Native::load(now), Native::load(before));
        }
        add(padded(now_tail), padded(tail));
        self.0 = sums;
    }

    /// Both sums.
    #[inline(never)]
    pub fn sums(self) -> [f64; 2] {
        self.0.map(|sums| {
            let [a, b, c, d] = Native::unpacked(sums);
            (a + c) + (b + d)
        })
    }
}

/// [`Changes::sums`] of a whole variable. If it did not change (`now` and `before` are one slice), the faster
/// [`sum_of_squares`] computes them.
#[inline(never)]
pub fn sums_of_changes(now: &[f32], before: &[f32]) -> [f64; 2] {
    if core::ptr::eq(now, before) {
        return [0.0, sum_of_squares(now)];
    }
    let mut changes = Changes::NONE;
    changes.add(now, before);
    changes.sums()
}

/// Means of some columns of a row-major matrix with `cols` columns: `out <- b out + (1 - b) sum / divisor`, rounded as in Keras;
/// with a `b` of 0, the quotient alone. Sums are from top to bottom.
///
/// It takes strips of one cache line of columns, then of 4 columns, then the rest. It is not inlined, because the strips take
/// 2 kB of the module.
#[inline(never)]
pub fn means_of_columns(
    matrix: &[f32],
    cols: usize,
    columns: Range<usize>,
    divisor: f64,
    b: f32,
    out: &mut [f32],
) {
    let first = columns.start;
    let mut put = |column: usize, sum: f64| {
        let new = (sum / divisor) as f32;
        let out = &mut out[column - first];
        *out = if b == 0.0 { new } else { mixed(*out, new, b) };
    };
    let mut left = first;
    while left < columns.end {
        let width = columns.end - left;
        left += match width {
            16.. => strip::<4>(matrix, cols, left, &mut put),
            4.. => strip::<1>(matrix, cols, left, &mut put),
            _ => {
                let mut sums = NO_SUMS;
                for row in matrix.chunks_exact(cols) {
                    sums = padded(&row[left..left + width]).add_to(sums);
                }
                Native::unpacked(sums)[..width]
                    .iter()
                    .zip(left..)
                    .for_each(|(sum, i)| put(i, *sum));
                width
            }
        };
    }
}

/// `b old + (1 - b) new`, rounded as in Keras.
#[inline(always)]
pub fn mixed(old: f32, new: f32, b: f32) -> f32 {
    b * old + (1.0 - b) * new
}

/// Sums of `4 V` columns from `left` on, in registers. Returns the number of columns.
#[inline(always)]
fn strip<const V: usize>(
    matrix: &[f32],
    cols: usize,
    left: usize,
    mut put: impl FnMut(usize, f64),
) -> usize {
    let mut sums = [NO_SUMS; V];
    for row in matrix.chunks_exact(cols) {
        let fours: &[[f32; WIDTH]; V] = row[left..].as_chunks().0.first_chunk().expect("V fours");
        for (four, sum) in fours.iter().zip(&mut sums) {
            *sum = Native::load(four).add_to(*sum);
        }
    }
    for (v, sum) in sums.into_iter().enumerate() {
        for (i, sum) in Native::unpacked(sum).into_iter().enumerate() {
            put(left + v * WIDTH + i, sum);
        }
    }
    V * WIDTH
}

/// L2 norm, rounded to `f32` once.
pub fn norm(x: &[f32]) -> f32 {
    sum_of_squares(x).sqrt() as f32
}

/// Root of the mean square, rounded to `f32` once. 0 for no elements.
pub fn root_mean_square(x: &[f32]) -> f32 {
    if x.is_empty() { 0.0 } else { (sum_of_squares(x) / x.len() as f64).sqrt() as f32 }
}

/// Whether no element is infinite or NaN.
pub fn is_finite(x: &[f32]) -> bool {
    // A sum of squares of finite f32 numbers is far below the largest f64.
    sum_of_squares(x).is_finite()
}

#[cfg(test)]
mod tests {
    use super::{
        is_finite, means_of_columns, norm, root_mean_square, sum, sum_of_squares, sums_of_changes,
    };

    #[test]
    fn sums_have_every_element_once() {
        for len in 0..70usize {
            let x: Vec<f32> = (1..=len).map(|i| i as f32).collect();
            let n = len as f64;
            assert_eq!(sum(&x), n * (n + 1.0) / 2.0, "len {len}");
            assert_eq!(sum_of_squares(&x), n * (n + 1.0) * (2.0 * n + 1.0) / 6.0, "len {len}");
        }
    }

    #[test]
    fn changes_have_every_element_once() {
        for len in 0..30usize {
            let before: Vec<f32> = (1..=len).map(|i| i as f32).collect();
            let now: Vec<f32> = before.iter().map(|x| 3.0 * x).collect();
            let squares = sum_of_squares(&before);
            assert_eq!(sums_of_changes(&now, &before), [4.0 * squares, squares], "len {len}");
        }
        // The square of the largest possible change is finite.
        assert!(sums_of_changes(&[f32::MAX], &[f32::MIN])[0].is_finite());
        assert!(sums_of_changes(&[f32::NAN; 5], &[1.0; 5])[0].is_nan());
    }

    #[test]
    fn squares_neither_overflow_nor_vanish() {
        assert_eq!(norm(&[3e30, 4e30]), 5e30);
        assert_eq!(norm(&[3e-30, 4e-30]), 5e-30);
        assert_eq!(root_mean_square(&[2.0; 9]), 2.0);
        assert_eq!(root_mean_square(&[]), 0.0);
    }

    #[test]
    fn one_bad_element_is_seen_anywhere() {
        for len in 1..20 {
            for at in 0..len {
                for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                    let mut x = vec![1.0; len];
                    assert!(is_finite(&x));
                    x[at] = bad;
                    assert!(!is_finite(&x), "{bad} at {at} of {len}");
                }
            }
        }
    }

    #[test]
    fn columns_of_every_width() {
        for cols in 1..40usize {
            for rows in 0..4usize {
                let x: Vec<f32> = (0..rows * cols).map(|i| i as f32).collect();
                // Without the first column; a divisor of 0.5 doubles the sums.
                let mut sums = vec![f32::NAN; cols - 1];
                means_of_columns(&x, cols, 1..cols, 0.5, 0.0, &mut sums);
                for (col, &got) in (1..).zip(&sums) {
                    let expected: usize = (0..rows).map(|row| 2 * (row * cols + col)).sum();
                    assert_eq!(got, expected as f32, "{rows} x {cols}, column {col}");
                }
                let before = sums.clone();
                means_of_columns(&x, cols, 1..cols, 1.0, 0.25, &mut sums);
                for (got, old) in sums.iter().zip(before) {
                    assert_eq!(*got, 0.25 * old + 0.75 * (old / 2.0));
                }
            }
        }
    }
}
