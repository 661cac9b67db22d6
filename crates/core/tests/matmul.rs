//! Matrix products against their definition, bit by bit.

use gradstep_core::matmul::{Matrix, matmul};

/// The product by its definition: blocks of 256 along `k`, each summed in order.
fn by_hand(
    alpha: f32,
    a: &dyn Fn(usize, usize) -> f32,
    b: &dyn Fn(usize, usize) -> f32,
    k: usize,
    beta: f32,
    out: &mut [f32],
    n: usize,
) {
    for (at, out) in out.iter_mut().enumerate() {
        let (i, j) = (at / n, at % n);
        let mut beta = beta;
        for begin in (0..k).step_by(256) {
            let sum = (begin..k.min(begin + 256)).fold(0.0, |sum, p| sum + a(i, p) * b(p, j));
            *out = if beta == 0.0 { alpha * sum } else { *out * beta + alpha * sum };
            beta = 1.0;
        }
    }
}

#[test]
fn every_tile_edge_and_block_has_the_bits_of_the_definition() {
    let mut state = 1_u32;
    let mut draw = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    };
    let lens: &[usize] = if cfg!(miri) { &[1, 5, 9] } else { &[1, 3, 4, 5, 8, 11, 18] };
    let depths: &[usize] = if cfg!(miri) { &[1, 6] } else { &[1, 4, 7, 256, 259] };
    for (&m, &n) in lens.iter().flat_map(|m| lens.iter().map(move |n| (m, n))) {
        for (case, &k) in depths.iter().enumerate() {
            let a: Vec<f32> = (0..m * k).map(|_| draw()).collect();
            let b: Vec<f32> = (0..k * n).map(|_| draw()).collect();
            let start: Vec<f32> = (0..m * n).map(|_| draw()).collect();
            for (a_t, b_t) in [(false, false), (true, false), (false, true), (true, true)] {
                let left = if a_t { Matrix::new(&a, k, m).t() } else { Matrix::new(&a, m, k) };
                let right = if b_t { Matrix::new(&b, n, k).t() } else { Matrix::new(&b, k, n) };
                let (alpha, beta) = [(1.0, 0.0), (1.0, 1.0), (0.75, -0.3)][(case + m) % 3];
                let (mut out, mut wanted) = (start.clone(), start.clone());
                matmul(alpha, left, right, beta, &mut out);
                let a_at = |i: usize, p: usize| a[if a_t { p * m + i } else { i * k + p }];
                let b_at = |p: usize, j: usize| b[if b_t { j * k + p } else { p * n + j }];
                by_hand(alpha, &a_at, &b_at, k, beta, &mut wanted, n);
                assert_eq!(out, wanted, "{m} x {k} x {n}, {a_t} {b_t}");
            }
        }
    }
}

#[test]
fn many_rows_and_columns_take_several_blocks() {
    // Miri tests the edges of both blocks separately; together they would take minutes.
    let shapes: &[(usize, usize)] = if cfg!(miri) { &[(67, 3), (3, 1027)] } else { &[(67, 1027)] };
    for &(m, n) in shapes {
        let a: Vec<f32> = (0..m * 5).map(|i| i as f32).collect();
        let b = vec![1.0; 5 * n];
        let mut out = vec![f32::NAN; m * n];
        matmul(1.0, Matrix::new(&a, m, 5), Matrix::new(&b, 5, n), 0.0, &mut out);
        for (i, row) in out.chunks_exact(n).enumerate() {
            assert!(row.iter().all(|&x| x == (25 * i + 10) as f32));
        }
    }
}

#[test]
fn infinities_stay_in_their_rows_and_columns() {
    let mut a = [1.0; 5 * 3];
    a[4 * 3] = f32::INFINITY;
    let mut b = [1.0; 3 * 9];
    b[8] = f32::NAN;
    let mut out = [0.0; 45];
    matmul(1.0, Matrix::new(&a, 5, 3), Matrix::new(&b, 3, 9), 0.0, &mut out);
    for (at, x) in out.into_iter().enumerate() {
        let wanted = if at % 9 == 8 {
            f32::NAN
        } else if at / 9 == 4 {
            f32::INFINITY
        } else {
            3.0
        };
        // Miri chooses the bits of a NaN at random, because Rust does not specify them.
        let is_drawn = cfg!(miri) && wanted.is_nan() && x.is_nan();
        assert!(is_drawn || x.to_bits() == wanted.to_bits(), "{at}");
    }
}

#[test]
fn nothing_to_sum_scales_what_is_there() {
    let mut out = [2.0, f32::NAN];
    matmul(1.0, Matrix::new(&[], 1, 0), Matrix::new(&[], 0, 2), 0.0, &mut out);
    assert_eq!(out, [0.0, 0.0]);
    out = [2.0, 3.0];
    matmul(1.0, Matrix::new(&[], 1, 0), Matrix::new(&[], 0, 2), 0.5, &mut out);
    assert_eq!(out, [1.0, 1.5]);
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

/// A factor that makes products of lengths wrap to 0, which would equal the length of an empty slice.
const WRAPS: usize = 1 << (usize::BITS - 1);

#[test]
#[should_panic(expected = "rows x cols is not the length")]
fn a_matrix_of_more_numbers_than_there_are_addresses_is_refused() {
    Matrix::new(&[], WRAPS, 2);
}

#[test]
#[should_panic(expected = "m x n is not the length")]
fn a_product_of_more_numbers_than_there_are_addresses_is_refused() {
    let (a, b) = (Matrix::new(&[], WRAPS, 0), Matrix::new(&[], 0, 2));
    matmul(1.0, a, b, 0.0, &mut []);
}
