//! Rows by index, and the largest of a row.

use gradstep_nn::index::{add_rows, first_out_of_range, in_top_k, one_hot, take_rows, top_k};

#[test]
fn indices_out_of_range() {
    assert_eq!(first_out_of_range(&[0, 2, 1], 3), None);
    assert_eq!(first_out_of_range(&[0, 3, -1], 3), Some(1));
    assert_eq!(first_out_of_range(&[i32::MIN, 0], 3), Some(0));
    assert_eq!(first_out_of_range(&[], 0), None);
    assert_eq!(first_out_of_range(&[0], 0), Some(0));
}

#[test]
fn rows_are_taken_and_added_back() {
    let params = [0.0, 1.0, 10.0, 11.0, 20.0, 21.0];
    let indices = [2, 0, 2];
    let mut out = [f32::NAN; 6];
    take_rows(&params, &indices, 2, &mut out);
    assert_eq!(out, [20.0, 21.0, 0.0, 1.0, 20.0, 21.0]);
    let mut sums = [0.0, 0.0, 0.0, 0.0, 100.0, 0.0];
    add_rows(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &indices, 2, &mut sums);
    assert_eq!(sums, [3.0, 4.0, 0.0, 0.0, 106.0, 8.0]);
}

#[test]
fn rows_are_added_in_order() {
    // In any other order the ones are lost beside 2^24.
    let mut sum = [0.0];
    add_rows(&[1.0, 1.0, 16_777_216.0, -16_777_216.0], &[0; 4], 1, &mut sum);
    assert_eq!(sum, [2.0]);
}

#[test]
fn one_hot_rows() {
    let mut out = [f32::NAN; 12];
    one_hot(&[1, -1, 3, 0], 3, &mut out);
    assert_eq!(out, [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
}

fn top(x: &[f32], cols: usize, k: usize) -> (Vec<f32>, Vec<i32>) {
    let rows = x.len() / cols;
    let (mut values, mut indices) = (vec![f32::NAN; rows * k], vec![-7; rows * k]);
    top_k(x, cols, k, &mut values, &mut indices);
    (values, indices)
}

#[test]
fn the_largest_first() {
    let x = [1.0, 5.0, 2.0, 5.0, -1.0, -2.0, -3.0, -4.0];
    assert_eq!(top(&x, 4, 2), (vec![5.0, 5.0, -1.0, -2.0], vec![1, 3, 0, 1]));
    assert_eq!(top(&x, 4, 4).1, [1, 3, 2, 0, 0, 1, 2, 3]);
    assert_eq!(top(&x, 1, 1).1, [0; 8]);
    let (values, indices) = top(&[f32::NAN, 1.0, f32::NAN, 3.0], 4, 3);
    assert_eq!((&values[..2], &indices[..]), (&[3.0, 1.0][..], &[3, 1, 0][..]));
}

#[test]
fn as_a_stable_sort() {
    for cols in 1..20 {
        let x: Vec<f32> = (0..cols).map(|i| (i * 7 % 5) as f32).collect();
        let mut order: Vec<i32> = (0..cols as i32).collect();
        order.sort_by(|a, b| x[*b as usize].total_cmp(&x[*a as usize]));
        for k in 1..=cols {
            assert_eq!(top(&x, cols, k).1, order[..k], "{cols} columns, {k}");
        }
    }
}

#[test]
fn targets_among_the_largest() {
    let x = [0.1, 0.5, 0.5, 0.2, 0.9, f32::NAN, 0.0, f32::NEG_INFINITY];
    let mut out = [f32::NAN; 2];
    let mut hits = |targets: [i32; 2], k| {
        in_top_k(&targets, &x, 4, k, &mut out);
        out
    };
    // Of two equal ones both are first.
    assert_eq!(hits([1, 0], 1), [1.0, 1.0]);
    assert_eq!(hits([2, 2], 1), [1.0, 0.0]);
    assert_eq!(hits([3, 2], 2), [0.0, 1.0]);
    assert_eq!(hits([3, 1], 3), [1.0, 1.0]);
    assert_eq!(hits([0, 1], 2), [0.0, 0.0]);
}
