//! Sums over a whole variable, in double precision and one fixed order.
//!
//! Eight partial sums: element `i` goes to sum `i % 8`; at the end they are added as a tree. SIMD and
//! scalar lanes follow the same order, so a norm has the same bits everywhere, and is closer to the
//! true sum than numpy's pairwise `f32` one.

use crate::lanes::{Lanes, Native, WIDTH, padded};

type Sums = [f64; WIDTH];

#[inline(always)]
fn fold(x: &[f32], add: impl Fn(Native, Sums) -> Sums) -> f64 {
    let (mut even, mut odd) = ([0.0; WIDTH], [0.0; WIDTH]);
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
        // Zeros behind the tail add nothing to a sum or a sum of squares.
        if whole.is_empty() {
            even = add(padded(rest), even);
        } else {
            odd = add(padded(rest), odd);
        }
    }
    let four: [f64; WIDTH] = core::array::from_fn(|i| even[i] + odd[i]);
    (four[0] + four[2]) + (four[1] + four[3])
}

/// Sum of the elements.
pub fn sum(x: &[f32]) -> f64 {
    fold(x, |lanes, sums| lanes.add_to(sums))
}

/// Sum of the squares: the square of the L2 norm.
pub fn sum_of_squares(x: &[f32]) -> f64 {
    fold(x, |lanes, sums| lanes.add_squares(sums))
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
    // 0 * x is NaN for an infinity and for NaN, and NaN stays in the sum.
    fold(x, |lanes, sums| (lanes * Native::splat(0.0)).add_to(sums)) == 0.0
}

#[cfg(test)]
mod tests {
    use super::{is_finite, norm, root_mean_square, sum, sum_of_squares};

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
}
