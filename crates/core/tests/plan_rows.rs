//! Row gradients: rows with a gradient have the bits of a small matrix of those rows alone; all other rows do not change.

mod noise;

use gradstep_core::memory::Slab;
use gradstep_core::optimizers::{OPTIMIZERS, id};
use gradstep_core::plan::{Call, Options, Plan, RowShape, State, Variable};
use noise::noise;

const COLS: usize = 5;
const CALL: Call = Call { lr: 0.05, calls: 0.0, unscale: 8.0, clip: true, check_finite: true };

/// A plan over a matrix that consists of these rows of `noise`, and over a vector.
fn plan(rule: usize, rows: &[usize]) -> Plan {
    let options = Options { weight_decay: 0.1, global_clipnorm: 0.3, ..Options::default() };
    let shape = RowShape {
        rank: 2,
        len: rows.len() * COLS,
        rows: rows.len(),
        cols: COLS,
        second_side: false,
    };
    let mut w = Slab::zeroed(64).expect("memory").take(shape.len);
    for (to, &row) in w.values_mut().chunks_exact_mut(COLS).zip(rows) {
        to.copy_from_slice(&noise(row, 0, COLS));
    }
    let vector = Slab::zeroed(16).expect("memory").take(3);
    let of_vector = RowShape { rank: 1, len: 3, rows: 1, cols: 3, second_side: false };
    let variables = vec![
        Variable { w, shape, no_decay: false },
        Variable { w: vector, shape: of_vector, no_decay: false },
    ];
    Plan::new(rule, &OPTIMIZERS[rule].spec.defaults(), options, variables).expect("sound")
}

#[test]
fn rows_are_updated_as_a_matrix_without_others() {
    for name in ["sgd", "adagrad", "adam", "adamw", "rmsprop"] {
        let rule = id(name).expect("known");
        let (mut all, mut few) = (plan(rule, &[0, 1, 2, 3, 4, 5]), plan(rule, &[4, 1]));
        for calls in 0..3 {
            let g: Vec<_> = (0..3).flat_map(|i| noise(i, calls + 1, COLS)).collect();
            let vector = noise(9, calls + 1, 3);
            let call = Call { calls: calls as f64, ..CALL };
            // Row 4 has two gradients, which are added in their order.
            all.set_rows(0, &[4, 1, 4], &g).expect("memory");
            all.step_with(&[None, Some(&vector)], call).expect("memory");
            let sum: Vec<_> = (0..COLS).map(|i| g[i] + g[2 * COLS + i]).collect();
            let dense = [sum.as_slice(), &g[COLS..2 * COLS]].concat();
            few.step_with(&[Some(&dense), Some(&vector)], call).expect("memory");
        }
        let w = all.weights(0);
        assert_eq!([&w[4 * COLS..5 * COLS], &w[COLS..2 * COLS]].concat(), few.weights(0), "{name}");
        assert_eq!(all.weights(1), few.weights(1), "{name}");
        for row in [0, 2, 3, 5] {
            assert_eq!(all.weights(0)[row * COLS..][..COLS], noise(row, 0, COLS), "{name}");
        }
        let slot = all.state(0, State::Slot(0)).to_vec();
        let of_few = few.state(0, State::Slot(0));
        if !of_few.is_empty() {
            assert_eq!(
                [&slot[4 * COLS..5 * COLS], &slot[COLS..2 * COLS]].concat(),
                of_few,
                "{name}"
            );
            assert!(slot[..COLS].iter().all(|x| x == &slot[0]), "{name}");
        }
    }
}

#[test]
fn rows_are_of_one_step() {
    let rule = id("sgd").expect("known");
    let mut all = plan(rule, &[0, 1]);
    all.set_rows(0, &[1], &[1.0; COLS]).expect("memory");
    all.step_with(&[None, None], CALL).expect("memory");
    let after = all.weights(0).to_vec();
    assert_ne!(after[COLS..], noise(1, 0, COLS));
    all.step_with(&[None, Some(&[0.0; 3])], CALL).expect("memory");
    assert_eq!(all.weights(0), after);
    // The row gradients of a refused step are discarded, too.
    all.set_rows(0, &[1], &[f32::NAN; COLS]).expect("memory");
    all.step_with(&[None, None], CALL).expect("memory");
    all.step_with(&[None, Some(&[0.0; 3])], CALL).expect("memory");
    assert_eq!(all.weights(0), after);
}
