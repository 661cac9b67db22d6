//! Successive rows that one loop of a formula updates have the bits of separate plans.

mod noise;

use gradstep_core::memory::Slab;
use gradstep_core::optimizers::{OPTIMIZERS, id};
use gradstep_core::plan::{Call, Options, Plan, RowShape, Variable};
use noise::noise;

/// Multiples of four, lengths with tails, and no elements; rows of one axis and of two.
const LENS: [usize; 12] = [8, 8, 3, 64, 0, 8, 130, 1, 0, 0, 16, 8];

fn variable(row: usize) -> Variable {
    let len = LENS[row];
    let (rank, rows) = if row.is_multiple_of(3) && len > 0 { (2, len / 8 + 1) } else { (1, 1) };
    let rows = if len.is_multiple_of(rows) { rows } else { 1 };
    let mut w = Slab::zeroed(Slab::room(len).expect("few")).expect("memory").take(len);
    w.values_mut().copy_from_slice(&noise(row, 0, len));
    let shape = RowShape { rank, len, rows, cols: len / rows, second_side: row % 5 == 4 };
    Variable { w, shape, no_decay: false }
}

#[test]
fn rows_are_independent() {
    for (rule, entry) in OPTIMIZERS.iter().enumerate() {
        // These optimizers compute sums over all variables.
        if [id("prodigy"), id("dadapt_adam")].contains(&Some(rule)) {
            continue;
        }
        for (weight_decay, rates) in [(f64::NAN, false), (0.1, false), (0.1, true), (-2.0, false)] {
            let options = Options { weight_decay, ..Options::default() };
            let plan = |rows: &[usize]| {
                let variables = rows.iter().map(|&row| variable(row)).collect();
                let mut plan =
                    Plan::new(rule, &entry.spec.defaults(), options, variables).expect("sound");
                for (at, &row) in rows.iter().enumerate() {
                    plan.set_decay(at, [1.0, 1.0, 0.0, 1.0, 0.5][row % 5]);
                    if rates {
                        plan.rates().expect("memory")[at] = [0.01, 0.01, 0.02][row % 3];
                    }
                }
                plan
            };
            let all: Vec<usize> = (0..LENS.len()).collect();
            let mut together = plan(&all);
            let mut apart: Vec<_> = all.iter().map(|&row| plan(&[row])).collect();
            for calls in 0..3 {
                let call = Call {
                    lr: 0.01,
                    calls: calls as f64,
                    unscale: f64::NAN,
                    clip: false,
                    check_finite: false,
                };
                // One row has no gradient; the squares of another row's gradient overflow.
                let gradients: Vec<_> = all
                    .iter()
                    .map(|&row| {
                        let scale = if row == 5 && calls == 1 { 1e30 } else { 1.0 };
                        noise(row, calls + 1, LENS[row])
                            .iter()
                            .map(|x| x * scale)
                            .collect::<Vec<_>>()
                    })
                    .collect();
                let of = |row: usize| (row != 1 + calls).then_some(gradients[row].as_slice());
                let given: Vec<_> = all.iter().map(|&row| of(row)).collect();
                together.step_with(&given, call).expect("memory");
                for (row, plan) in apart.iter_mut().enumerate() {
                    plan.step_with(&[of(row)], call).expect("memory");
                    let bits = |w: &[f32]| w.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                    assert_eq!(
                        bits(together.weights(row)),
                        bits(plan.weights(0)),
                        "{}, decay {weight_decay}, row {row}, call {calls}",
                        entry.spec.name
                    );
                }
            }
        }
    }
}
