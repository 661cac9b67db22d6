//! Softmax and cross-entropies compared with their formulas in `f64`, and gradients with central differences of the formulas.

mod finite_differences;

use finite_differences::{assert_close, differences, weighted};
use gradstep_nn::softmax::{
    Labels, binary_cross_entropy, binary_cross_entropy_backward, categorical_cross_entropy,
    categorical_cross_entropy_backward, softmax, softmax_backward,
};

const LOWEST: f64 = 1e-7;

fn exact_softmax(log: bool, x: &[f64], cols: usize) -> Vec<f64> {
    let of_row = |row: &[f64]| -> Vec<f64> {
        let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = row.iter().map(|x| (x - max).exp()).sum();
        let of = |x: &f64| if log { x - max - sum.ln() } else { (x - max).exp() / sum };
        row.iter().map(of).collect()
    };
    x.chunks(cols).flat_map(of_row).collect()
}

fn exact_categorical(logits: bool, labels: &[f64], output: &[f64], classes: usize) -> Vec<f64> {
    let logs: Vec<f64> = if logits {
        exact_softmax(true, output, classes)
    } else {
        let normal = |row: &[f64]| -> Vec<f64> {
            let sum: f64 = row.iter().sum();
            row.iter().map(|p| (p / sum).clamp(LOWEST, 1.0 - LOWEST).ln()).collect()
        };
        output.chunks(classes).flat_map(normal).collect()
    };
    let rows = labels.chunks(classes).zip(logs.chunks(classes));
    rows.map(|(y, q)| -y.iter().zip(q).map(|(y, q)| y * q).sum::<f64>()).collect()
}

fn exact_binary(logits: bool, labels: &[f64], output: &[f64]) -> Vec<f64> {
    let loss = |(y, x): (&f64, &f64)| {
        if logits {
            x.max(0.0) - x * y + (-x.abs()).exp().ln_1p()
        } else {
            let q = x.clamp(LOWEST, 1.0 - LOWEST);
            -(y * q.ln() + (1.0 - y) * (1.0 - q).ln())
        }
    };
    labels.iter().zip(output).map(loss).collect()
}

/// Pseudo-random numbers between -1 and 1.
fn numbers(len: usize, salt: f32) -> Vec<f32> {
    (0..len).map(|i| ((i as f32 + salt) * 12.9898).sin()).collect()
}

fn widened(x: &[f32]) -> Vec<f64> {
    x.iter().map(|x| f64::from(*x)).collect()
}

#[test]
fn softmax_of_rows() {
    for (rows, cols) in [(1, 1), (3, 10), (2, 7), (1, 64), (32, 33)] {
        for log in [false, true] {
            let x: Vec<f32> = numbers(rows * cols, 1.0).iter().map(|x| x * 5.0).collect();
            let (mut y, mut dx) = (vec![f32::NAN; x.len()], vec![f32::NAN; x.len()]);
            softmax(log, &x, &mut vec![f32::NAN; cols], &mut y);
            assert_close(&y, &exact_softmax(log, &widened(&x), cols), 2e-6);
            let dy = numbers(x.len(), 9.0);
            softmax_backward(log, &y, &dy, cols, &mut dx);
            let f = |x: &[f64]| weighted(&dy, &exact_softmax(log, x, cols));
            assert_close(&dx, &differences(&x, f), 1e-4);
        }
    }
}

#[test]
fn softmax_of_extreme_rows() {
    let mut y = [0.0; 3];
    let mut row = |log: bool, x: [f32; 3]| {
        softmax(log, &x, &mut [0.0; 3], &mut y);
        y
    };
    assert_eq!(row(false, [1e30, -1e30, 0.0]), [1.0, 0.0, 0.0]);
    assert_eq!(row(false, [f32::NEG_INFINITY, 2.0, 2.0]), [0.0, 0.5, 0.5]);
    assert_eq!(row(true, [1000.0, 0.0, 1000.0])[1], -1000.0 - 2f32.ln());
    assert!(row(false, [0.0, f32::NAN, 1.0]).iter().all(|y| y.is_nan()));
}

#[test]
fn categorical_from_logits_and_probabilities() {
    for (rows, classes) in [(1, 2), (5, 10), (3, 64), (2, 7)] {
        for logits in [true, false] {
            let mut output = numbers(rows * classes, 3.0);
            if !logits {
                output.iter_mut().for_each(|p| *p = p.abs() + 0.05);
            }
            // Labels need not sum to 1.
            let labels: Vec<f32> =
                numbers(rows * classes, 5.0).iter().map(|y| y.max(0.0)).collect();
            let (mut p, mut dx) = (vec![0.0; output.len()], vec![f32::NAN; output.len()]);
            let mut losses = vec![0.0; rows];
            let dense = Labels::Dense(&labels);
            categorical_cross_entropy(logits, dense, &output, classes, &mut p, &mut losses);
            let (wide, wide_output) = (widened(&labels), widened(&output));
            assert_close(&losses, &exact_categorical(logits, &wide, &wide_output, classes), 2e-6);

            let dy = numbers(rows, 2.0);
            categorical_cross_entropy_backward(logits, dense, &output, classes, &p, &dy, &mut dx);
            let f = |x: &[f64]| weighted(&dy, &exact_categorical(logits, &wide, x, classes));
            assert_close(&dx, &differences(&output, f), 1e-4);
        }
    }
}

#[test]
fn sparse_labels_are_one_hot_rows() {
    let (rows, classes) = (4, 5);
    let output: Vec<f32> = numbers(rows * classes, 3.0).iter().map(|p| p.abs() + 0.1).collect();
    let sparse = [3, 0, 4, 1];
    let mut dense = vec![0.0; rows * classes];
    for (row, class) in sparse.iter().enumerate() {
        dense[row * classes + *class as usize] = 1.0;
    }
    for logits in [true, false] {
        let results = [Labels::Sparse(&sparse), Labels::Dense(&dense)].map(|labels| {
            let (mut p, mut dx) = (vec![0.0; output.len()], vec![0.0; output.len()]);
            let mut losses = vec![0.0; rows];
            categorical_cross_entropy(logits, labels, &output, classes, &mut p, &mut losses);
            let dy = numbers(rows, 2.0);
            categorical_cross_entropy_backward(logits, labels, &output, classes, &p, &dy, &mut dx);
            (losses, dx)
        });
        assert_eq!(results[0], results[1]);
    }
}

#[test]
fn probabilities_are_clipped_and_have_no_gradient_there() {
    // As in Keras, the loss of a certain right answer is about 1e-7, of a wrong one about 16.1.
    let (mut p, mut losses, mut dx) = ([0.0; 4], [0.0; 2], [f32::NAN; 4]);
    let (output, labels) = ([1.0, 0.0, 1.0, 0.0], Labels::Sparse(&[0, 1]));
    categorical_cross_entropy(false, labels, &output, 2, &mut p, &mut losses);
    assert_eq!(losses, [-libm::logf(1.0 - 1e-7), -libm::logf(1e-7)]);
    categorical_cross_entropy_backward(false, labels, &output, 2, &p, &[1.0; 2], &mut dx);
    assert_eq!(dx, [0.0; 4]);

    binary_cross_entropy(false, &[1.0, 1.0], &[1.0, 0.0], &mut losses);
    assert_eq!(losses[1], -libm::logf(1e-7));
    assert!(losses[0] < 1.3e-7);
    let mut dx = [f32::NAN; 4];
    let output = [0.0, 1.0, 0.5, f32::NAN];
    binary_cross_entropy_backward(false, &[1.0; 4], &output, &[1.0; 4], &mut dx);
    assert_eq!(dx[..3], [0.0, 0.0, -2.0]);
    assert!(dx[3].is_nan());
}

#[test]
fn masked_logits_with_no_label_cost_nothing() {
    let (mut p, mut losses) = ([0.0; 3], [0.0]);
    let labels = Labels::Dense(&[0.0, 1.0, 0.0]);
    let output = [f32::NEG_INFINITY, 1.0, 1.0];
    categorical_cross_entropy(true, labels, &output, 3, &mut p, &mut losses);
    assert_eq!(losses, [libm::logf(2.0)]);
}

#[test]
fn binary_from_logits_and_probabilities() {
    for logits in [true, false] {
        let mut output: Vec<f32> = numbers(23, 4.0).iter().map(|x| x * 8.0).collect();
        if !logits {
            output.iter_mut().for_each(|x| *x = 0.5 + *x / 20.0);
        }
        let labels: Vec<f32> = numbers(23, 6.0).iter().map(|y| y.abs()).collect();
        let (mut losses, mut dx) = (vec![0.0; 23], vec![f32::NAN; 23]);
        binary_cross_entropy(logits, &labels, &output, &mut losses);
        let (wide, wide_output) = (widened(&labels), widened(&output));
        assert_close(&losses, &exact_binary(logits, &wide, &wide_output), 2e-6);

        let dy = numbers(23, 8.0);
        binary_cross_entropy_backward(logits, &labels, &output, &dy, &mut dx);
        let f = |x: &[f64]| weighted(&dy, &exact_binary(logits, &wide, x));
        assert_close(&dx, &differences(&output, f), 1e-4);
    }
}

#[test]
fn binary_logits_far_from_zero() {
    let (mut losses, mut dx) = ([0.0; 4], [0.0; 4]);
    let (labels, output) = ([1.0, 0.0, 1.0, 0.0], [200.0, 200.0, -200.0, -200.0]);
    binary_cross_entropy(true, &labels, &output, &mut losses);
    assert_eq!(losses, [0.0, 200.0, 200.0, 0.0]);
    binary_cross_entropy_backward(true, &labels, &output, &[1.0; 4], &mut dx);
    assert_eq!(dx[..3], [0.0, 1.0, -1.0]);
    assert!(dx[3] >= 0.0 && dx[3] < 1e-38);
}
