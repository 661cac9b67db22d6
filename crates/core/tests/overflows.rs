//! No finite gradient makes a weight NaN or infinite: every optimizer, with its default arguments and any rate, on a
//! matrix and a vector with a tail, plain and with gathered gradients.

use gradstep_core::memory::Slab;
use gradstep_core::optimizers::OPTIMIZERS;
use gradstep_core::plan::{Call, Options, Plan, RowShape, Variable};
use proptest::prelude::*;

const CASES: u32 = if cfg!(miri) { 2 } else { 300 };

fn shape(rank: usize, rows: usize, cols: usize) -> RowShape {
    RowShape { rank, len: rows * cols, rows, cols, second_side: false }
}

/// Numbers of every size, the largest more often.
fn gradient() -> impl Strategy<Value = f32> {
    prop_oneof![
        prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO,
        prop::sample::select(vec![0.0, 1.0, 1.9e19, 1e25, 3e38, -3e38, f32::MAX, f32::MIN]),
    ]
}

fn check(rule: usize, lr: f32, calls_per_update: u32, steps: &[[f32; 3]]) {
    let shapes = [shape(2, 3, 4), shape(1, 1, 7)];
    let mut slab =
        Slab::zeroed(shapes.iter().map(|s| Slab::room(s.len).expect("few")).sum()).expect("memory");
    let variables = shapes.map(|shape| {
        let mut w = slab.take(shape.len);
        w.values_mut().fill(0.5);
        Variable { w, shape, no_decay: false }
    });
    let spec = &OPTIMIZERS[rule].spec;
    let arguments = spec.defaults();
    let options = Options { accumulation_steps: calls_per_update, ..Options::default() };
    let mut plan = Plan::new(rule, &arguments, options, variables.into()).expect("a plan");
    for (calls, step) in steps.iter().enumerate() {
        let gradients =
            shapes.map(|s| (0..s.len).map(|i| step[i % step.len()]).collect::<Vec<_>>());
        let call =
            Call { lr, calls: calls as f64, unscale: f64::NAN, clip: true, check_finite: false };
        plan.step_with(&[Some(&gradients[0]), Some(&gradients[1])], call).expect("a step");
        for row in 0..shapes.len() {
            let w = plan.weights(row);
            assert!(w.iter().all(|x| x.is_finite()), "{}: {w:?} after {step:?}", spec.name);
        }
    }
}

#[test]
fn weights_stay_finite() {
    for rule in 0..OPTIMIZERS.len() {
        let steps = prop::collection::vec(prop::array::uniform3(gradient()), 1..8);
        let lr = prop::sample::select(vec![0.0f32, 1e-3, 1.0, 1e30]);
        let config =
            ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) };
        proptest!(config, |(lr in lr, calls in 0u32..3, steps in steps)| {
            check(rule, lr, calls, &steps);
        });
    }
}
