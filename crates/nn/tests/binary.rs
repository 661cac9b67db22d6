//! Operations on two operands, with every kind of broadcasting.

use gradstep_nn::elementwise::{Binary, Grid, binary};

fn exact(op: Binary, a: f64, b: f64) -> f64 {
    let truth = |is: bool| f64::from(u8::from(is));
    match op {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        Binary::Multiply => a * b,
        Binary::Divide => a / b,
        Binary::Maximum => a.max(b),
        Binary::Minimum => a.min(b),
        Binary::Power => libm::pow(a, b),
        Binary::PowerByBase => {
            if b == 0.0 {
                0.0
            } else {
                b * libm::pow(a, b - 1.0)
            }
        }
        Binary::PowerByExponent => {
            if a > 0.0 {
                libm::pow(a, b) * libm::log(a)
            } else {
                0.0
            }
        }
        Binary::Gate => truth(b != 0.0) * a,
        Binary::Greater => truth(a > b),
        Binary::GreaterEqual => truth(a >= b),
        Binary::Equal => truth(a == b),
        Binary::NotEqual => truth(a != b),
        Binary::And => truth(a != 0.0 && b != 0.0),
        Binary::Or => truth(a != 0.0 || b != 0.0),
    }
}

/// Small multiples of 1/2, including zeros and equal numbers.
fn numbers(len: usize, step: usize) -> Vec<f32> {
    (0..len).map(|i| (i * step % 11) as f32 * 0.5 - 2.0).collect()
}

fn check(op: Binary, grid: Grid) {
    let Grid { rows, cols, a_row, a_col, b_row, b_col } = grid;
    let reach = |row: usize, col: usize| (rows - 1) * row + (cols - 1) * col + 1;
    let a = numbers(reach(a_row, a_col), 7);
    let b = numbers(reach(b_row, b_col), 4);
    let mut out = vec![f32::INFINITY; rows * cols];
    binary(op, grid, &a, &b, &mut out);
    for (i, got) in out.iter().enumerate() {
        let (row, col) = (i / cols, i % cols);
        let (x, y) = (a[row * a_row + col * a_col], b[row * b_row + col * b_col]);
        let expected = exact(op, f64::from(x), f64::from(y));
        let error = (f64::from(*got) - expected).abs() / expected.abs().max(1.0);
        let same = f64::from(*got) == expected || got.is_nan() && expected.is_nan();
        assert!(same || error < 1e-6, "{op:?}({x}, {y}): {got}, not {expected}; {rows} x {cols}");
    }
}

#[test]
fn every_operation_over_every_grid() {
    for op in Binary::ALL {
        for (rows, cols) in [(1, 1), (1, 7), (3, 4), (5, 3), (2, 600)] {
            // Operands with all elements, one row, one column, and a single number.
            let ways = [(cols, 1), (0, 1), (1, 0), (0, 0)];
            for (a_row, a_col) in ways {
                for (b_row, b_col) in ways {
                    if a_col + b_col > 0 {
                        check(op, Grid { rows, cols, a_row, a_col, b_row, b_col });
                    }
                }
            }
        }
    }
}

#[test]
fn corners_of_the_power() {
    let of = |op, a: f32, b: f32| {
        let mut out = [7.0];
        binary(
            op,
            Grid { rows: 1, cols: 1, a_row: 1, a_col: 1, b_row: 1, b_col: 1 },
            &[a],
            &[b],
            &mut out,
        );
        out[0]
    };
    assert_eq!(of(Binary::Power, 0.0, 0.0), 1.0);
    assert!(of(Binary::Power, -0.5, 0.5).is_nan());
    assert_eq!(of(Binary::PowerByBase, 0.0, 2.0), 0.0);
    assert_eq!(of(Binary::PowerByBase, 0.0, 1.0), 1.0);
    assert_eq!(of(Binary::PowerByBase, 0.0, 0.0), 0.0);
    assert_eq!(of(Binary::PowerByExponent, 0.0, 2.0), 0.0);
    assert_eq!(of(Binary::PowerByExponent, -2.0, 2.0), 0.0);
    // A closed gate returns 0, even for NaN.
    assert_eq!(of(Binary::Gate, f32::NAN, 0.0), 0.0);
    assert!(
        of(Binary::Maximum, f32::NAN, 1.0).is_nan() && of(Binary::Minimum, 1.0, f32::NAN).is_nan()
    );
    assert_eq!(of(Binary::Greater, f32::INFINITY, f32::INFINITY), 0.0);
    assert_eq!(of(Binary::Greater, f32::INFINITY, 1.0), 1.0);
}

#[test]
fn nothing_of_nothing() {
    let grid = Grid { rows: 0, cols: 3, a_row: 3, a_col: 1, b_row: 0, b_col: 1 };
    binary(Binary::Add, grid, &[], &[1.0, 2.0, 3.0], &mut []);
}
