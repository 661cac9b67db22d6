//! Reductions compared with their definitions in `f64`, and gradients with central differences.

mod finite_differences;

use finite_differences::{assert_close, differences, weighted};
use gradstep_nn::reduce::{
    Extreme, Reduction, arg_extreme, extreme_backward, product_backward, reduce,
};

/// `[outer, len, inner]`
const SHAPES: [[usize; 3]; 7] =
    [[1, 1, 1], [1, 37, 1], [3, 10, 1], [2, 5, 3], [1, 9, 18], [4, 1, 2], [2, 3, 70]];

fn numbers(len: usize) -> Vec<f32> {
    // Distinct numbers, so that no extreme occurs twice.
    (0..len).map(|i| ((i * 37 % 211) as f32 - 90.0) / 100.0 + i as f32 * 1e-3).collect()
}

fn exact(op: Reduction, column: &[f64]) -> f64 {
    let sum = column.iter().sum::<f64>();
    match op {
        Reduction::Sum => sum,
        Reduction::Mean => sum / column.len() as f64,
        Reduction::Product => column.iter().product(),
        Reduction::Max => column.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Reduction::Min => column.iter().copied().fold(f64::INFINITY, f64::min),
    }
}

fn exact_all(op: Reduction, x: &[f64], [outer, len, inner]: [usize; 3]) -> Vec<f64> {
    (0..outer * inner)
        .map(|i| {
            let start = i / inner * len * inner + i % inner;
            let column: Vec<f64> = (0..len).map(|j| x[start + j * inner]).collect();
            exact(op, &column)
        })
        .collect()
}

fn apply(op: Reduction, x: &[f32], [outer, len, inner]: [usize; 3]) -> Vec<f32> {
    let mut out = vec![f32::NAN; outer * inner];
    reduce(op, x, len, inner, &mut out);
    out
}

#[test]
fn values_and_gradients() {
    for shape in SHAPES {
        let [outer, len, inner] = shape;
        let x = numbers(outer * len * inner);
        let wide: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
        let dy: Vec<f32> = (0..outer * inner).map(|i| 1.0 - i as f32 * 0.1).collect();
        for op in Reduction::ALL {
            let y = apply(op, &x, shape);
            assert_close(&y, &exact_all(op, &wide, shape), 1e-6);
            let mut dx = vec![f32::NAN; x.len()];
            match op {
                Reduction::Product => product_backward(&x, &dy, len, inner, &mut dx),
                Reduction::Max | Reduction::Min => {
                    extreme_backward(&x, &y, &dy, len, inner, &mut dx);
                }
                // Their gradient is a broadcast, which is not a kernel.
                Reduction::Sum | Reduction::Mean => continue,
            }
            let f = |x: &[f64]| weighted(&dy, &exact_all(op, x, shape));
            assert_close(&dx, &differences(&x, f), 1e-5);
        }
    }
}

#[test]
fn ties_share_the_gradient() {
    let x = [3.0, 1.0, 3.0, 3.0, -1.0, -1.0];
    let mut dx = [9.0; 6];
    extreme_backward(&x, &[3.0], &[6.0], 6, 1, &mut dx);
    assert_eq!(dx, [2.0, 0.0, 2.0, 2.0, 0.0, 0.0]);
    // Columns of a 3 x 2 matrix: (3, 3, -1) and (1, 3, -1).
    extreme_backward(&x, &[3.0, 3.0], &[4.0, 5.0], 3, 2, &mut dx);
    assert_eq!(dx, [2.0, 0.0, 2.0, 5.0, 0.0, 0.0]);
}

#[test]
fn products_with_zeros_have_gradients() {
    let mut dx = [9.0; 3];
    product_backward(&[2.0, 0.0, 4.0], &[3.0], 3, 1, &mut dx);
    assert_eq!(dx, [0.0, 24.0, 0.0]);
    product_backward(&[0.0, 0.0, 4.0], &[3.0], 3, 1, &mut dx);
    assert_eq!(dx, [0.0; 3]);
}

#[test]
fn extremes_keep_nan() {
    for at in 0..9 {
        let mut x = [0.5; 9];
        x[at] = f32::NAN;
        for op in [Reduction::Max, Reduction::Min] {
            assert!(apply(op, &x, [1, 9, 1])[0].is_nan());
            let columns = apply(op, &x, [1, 3, 3]);
            assert_eq!(columns.iter().filter(|x| x.is_nan()).count(), 1);
        }
        let mut index = [-1];
        arg_extreme(Extreme::Max, &x, 9, 1, &mut index);
        assert_eq!(index, [at as i32]);
    }
}

#[test]
fn indices_of_the_first() {
    let x = [1.0, 5.0, 5.0, -2.0, -2.0, 0.0];
    let index = |which, len, inner| {
        let mut out = vec![-1; x.len() / len];
        arg_extreme(which, &x, len, inner, &mut out);
        out
    };
    assert_eq!(index(Extreme::Max, 6, 1), [1]);
    assert_eq!(index(Extreme::Min, 6, 1), [3]);
    assert_eq!(index(Extreme::Max, 3, 1), [1, 2]);
    assert_eq!(index(Extreme::Max, 3, 2), [1, 0]);
    assert_eq!(index(Extreme::Min, 3, 2), [2, 1]);
}

#[test]
fn negative_zero_is_below_zero() {
    let x = [0.0, -0.0, 0.0, -0.0];
    let mut out = [0];
    for (which, from, at) in
        [(Extreme::Max, 0, 0), (Extreme::Max, 1, 1), (Extreme::Min, 0, 1), (Extreme::Min, 1, 0)]
    {
        arg_extreme(which, &x[from..from + 3], 3, 1, &mut out);
        assert_eq!(out, [at]);
    }
}

#[test]
fn sums_are_in_double_precision() {
    let mut x = vec![1e8; 1000];
    x.extend(vec![1.0; 1000]);
    x.extend(vec![-1e8; 1000]);
    assert_eq!(apply(Reduction::Sum, &x, [1, 3000, 1]), [1000.0]);
    assert_eq!(apply(Reduction::Mean, &x, [1, 1500, 2]), [1.0 / 3.0; 2]);
}

#[test]
fn reductions_of_nothing() {
    let of = |op| apply(op, &[], [2, 0, 2])[3];
    assert_eq!([of(Reduction::Sum), of(Reduction::Product)], [0.0, 1.0]);
    assert!(of(Reduction::Mean).is_nan());
    assert_eq!([of(Reduction::Max), of(Reduction::Min)], [f32::NEG_INFINITY, f32::INFINITY]);
}
