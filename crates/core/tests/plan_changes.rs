//! Measured changes of a step equal those computed from a copy of the weights, for every optimizer, and the weights have the
//! bits of a plan that does not measure.

#![cfg(not(feature = "threads"))]

mod all_stages;
mod noise;
mod row_shape;

use all_stages::all_stages;
use gradstep_core::memory::Slab;
use gradstep_core::optimizers::OPTIMIZERS;
use gradstep_core::plan::{Call, Options, Plan, Variable};
use gradstep_core::reduce::sums_of_changes;
use noise::noise;
use row_shape::row_shape;

/// Rows of one block and of several, with and without tails.
const SHAPES: [&[usize]; 6] = [&[3], &[2, 3, 5], &[], &[1101], &[0], &[3, 20, 18]];
const STEPS: usize = if cfg!(miri) { 2 } else { 4 };
const CALL: Call = Call { lr: 0.05, calls: 0.0, unscale: 8.0, clip: true, check_finite: false };

fn plan(rule: usize, options: Options) -> Plan {
    let variables = SHAPES.iter().enumerate().map(|(row, shape)| {
        let shape = row_shape(shape, shape.len() < 2);
        let room = Slab::room(shape.len).expect("few");
        let mut w = Slab::zeroed(room).expect("memory").take(shape.len);
        w.values_mut().copy_from_slice(&noise(row, 0, shape.len));
        Variable { w, shape, no_decay: row == 1 }
    });
    let arguments = OPTIMIZERS[rule].spec.defaults();
    Plan::new(rule, &arguments, options, variables.collect()).expect("sound")
}

fn weights(plan: &Plan) -> Vec<Vec<f32>> {
    (0..SHAPES.len()).map(|row| plan.weights(row).to_vec()).collect()
}

fn compare(rule: usize, options: Options) {
    let name = OPTIMIZERS[rule].spec.name;
    let (mut measured, mut plain) = (plan(rule, options), plan(rule, options));
    assert_eq!(measured.changes(), Some(&mut [0.0; 2]));
    for step in 0..STEPS {
        let gradients: Vec<_> = (0..SHAPES.len())
            .map(|row| (step + row != 3).then(|| noise(row, step + 1, plain.weights(row).len())))
            .collect();
        let slices: Vec<_> = gradients.iter().map(Option::as_deref).collect();
        let before = weights(&plain);
        let call = Call { calls: step as f64, ..CALL };
        plain.step_with(&slices, call).expect("memory");
        measured.step_with(&slices, call).expect("memory");
        let now = weights(&plain);
        assert!(weights(&measured) == now, "{name}, step {step}");
        if options.accumulation_steps > 1 && step % 2 == 0 {
            continue;
        }
        let mut sums = [0.0; 2];
        for (now, before) in now.iter().zip(&before) {
            for (sum, more) in sums.iter_mut().zip(sums_of_changes(now, before)) {
                *sum += more;
            }
        }
        assert_eq!(measured.changes(), Some(&mut sums), "{name}, step {step}");
    }
}

#[test]
fn sums_are_those_of_copies() {
    let stages = Options { ema_overwrite_frequency: 0, weight_decay: 0.01, ..all_stages() };
    let flags = |flags| Options { flags, ..Options::default() };
    let all = [
        Options::default(),
        stages,
        Options { weight_decay: 0.1, ..flags(Options::CAUTIOUS) },
        flags(Options::CENTRALIZES),
    ];
    let small = [flags(Options::BFLOAT16), flags(Options::UINT8)];
    for (rule, entry) in OPTIMIZERS.iter().enumerate() {
        // Two of the optimizers that have slots with fewer bits.
        let smaller = if ["adam", "lion"].contains(&entry.spec.name) { &small[..] } else { &[] };
        for &options in all.iter().chain(smaller) {
            compare(rule, options);
        }
    }
}
