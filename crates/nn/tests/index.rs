//! Rows by index.

use gradstep_nn::index::{add_rows, first_out_of_range, take_rows};

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
    // In any other order, the ones would be lost when they are added to 2^24.
    let mut sum = [0.0];
    add_rows(&[1.0, 1.0, 16_777_216.0, -16_777_216.0], &[0; 4], 1, &mut sum);
    assert_eq!(sum, [2.0]);
}
