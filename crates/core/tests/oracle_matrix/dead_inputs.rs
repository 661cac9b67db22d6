//! Inputs without a gradient: their weights must not change, nor make those of others NaN.

use crate::{Noise, Run, STEPS, defaults, matrices, row_shape};
use gradstep_core::plan::Options;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(super::CASES) })]

    #[test]
    fn dead_rows_and_columns_stay_where_they_are(
        shape in matrices(), row: prop::sample::Index, col: prop::sample::Index, seed: u64,
    ) {
        let shape = row_shape(&shape, false);
        let (dead_row, dead_col) = (row.index(shape.rows), col.index(shape.cols));
        let dead = |i: usize| i / shape.cols == dead_row || i % shape.cols == dead_col;
        let mut noise = Noise(seed);
        for rule in ["lamb", "adafactor", "muon"] {
            let start = noise.take(shape.len);
            let mut run = Run::new(rule, &defaults(rule), shape, &start, Options::default());
            let mut before = start;
            for step in 0..STEPS {
                let mut g = noise.take(shape.len);
                g.iter_mut().enumerate().filter(|&(i, _)| dead(i)).for_each(|(_, g)| *g = 0.0);
                let after = run.step(step, &g).to_vec();
                prop_assert!(after.iter().all(|w| w.is_finite()), "{}: {:?}", rule, after);
                let moved = |i: &usize| after[*i] != before[*i];
                let (dead, live): (Vec<_>, Vec<_>) = (0..shape.len).partition(|&i| dead(i));
                prop_assert!(!dead.iter().any(moved), "{}: {:?} after {:?}", rule, after, before);
                prop_assert!(live.is_empty() || live.iter().any(moved), "{} stands still", rule);
                before = after;
            }
        }
    }
}

#[test]
fn around_a_dead_cross_the_formula_holds() {
    let mut run = Run::new(
        "adafactor",
        &defaults("adafactor"),
        row_shape(&[2, 3], false),
        &[1.0; 6],
        Options::default(),
    );
    let got = run.step(0, &[2.0, 0.0, 2.0, 0.0, 0.0, 0.0]).to_vec();
    // r = (8/3, 0), mean 4/3; c = (2, 0, 2); v = 2 * 2 = 4; u = 1, rms(u) < 1; w = 1 - 0.05.
    assert_eq!(got, [0.95, 1.0, 0.95, 1.0, 1.0, 1.0]);
}

#[test]
fn gradients_that_are_not_finite_are_not_hidden() {
    for rule in ["lamb", "adafactor", "muon"] {
        let mut run = Run::new(
            rule,
            &defaults(rule),
            row_shape(&[3, 5], false),
            &[1.0; 15],
            Options::default(),
        );
        let mut g = [0.5; 15];
        g[7] = f32::NAN;
        assert!(run.step(0, &g).iter().any(|w| w.is_nan()), "{rule}");
    }
}

#[test]
fn a_gradient_of_zeros_moves_nothing() {
    for rule in ["lamb", "adafactor", "muon"] {
        for shape in [&[][..], &[7], &[3, 5], &[5, 3], &[2, 3, 4]] {
            let shape = row_shape(shape, rule == "muon" && shape.len() != 2);
            let mut arguments = defaults(rule);
            if rule == "muon" {
                arguments[11] = f64::NAN;
            }
            let start = Noise(1).take(shape.len);
            let mut run = Run::new(rule, &arguments, shape, &start, Options::default());
            assert_eq!(run.step(0, &vec![0.0; shape.len]), start, "{rule} {shape:?}");
        }
    }
}
