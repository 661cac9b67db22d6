//! No finite gradient makes a weight NaN or infinite: every optimizer with any rate and with arguments at the ends of their
//! ranges, on a matrix and on a vector with a tail, with and without gradient accumulation.

use gradstep_core::memory::Slab;
use gradstep_core::optimizers::OPTIMIZERS;
use gradstep_core::plan::{Call, Options, Plan, RowShape, State, Variable};
use proptest::prelude::*;

const CASES: u32 = if cfg!(miri) { 2 } else { 300 };

fn shape(rank: usize, rows: usize, cols: usize) -> RowShape {
    RowShape { rank, len: rows * cols, rows, cols, second_side: false }
}

/// Numbers of every magnitude, more often the largest.
fn gradient() -> impl Strategy<Value = f32> {
    prop_oneof![
        prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO,
        prop::sample::select(vec![0.0, 1.0, 1.9e19, 1e25, 3e38, -3e38, f32::MAX, f32::MIN]),
    ]
}

/// Arguments that replace defaults, where the optimizer has them.
fn extremes() -> impl Strategy<Value = [(&'static str, Option<f64>); 3]> {
    let epsilon = prop::sample::select(vec![None, None, Some(0.0), Some(1e-30), Some(1.0)]);
    let beta = prop::sample::select(vec![None, None, Some(0.0)]);
    let largest = f64::from(f32::MAX);
    let initial = prop::sample::select(vec![None, Some(0.0), Some(2e31), Some(largest)]);
    (epsilon, beta, initial).prop_map(|(epsilon, beta, initial)| {
        [("epsilon", epsilon), ("beta_2", beta), ("initial_accumulator_value", initial)]
    })
}

fn check(
    rule: usize,
    lr: f32,
    calls_per_update: u32,
    extremes: [(&str, Option<f64>); 3],
    steps: &[[f32; 3]],
) {
    let shapes = [shape(2, 3, 4), shape(1, 1, 7)];
    let mut slab =
        Slab::zeroed(shapes.iter().map(|s| Slab::room(s.len).expect("few")).sum()).expect("memory");
    let variables = shapes.map(|shape| {
        let mut w = slab.take(shape.len);
        w.values_mut().fill(0.5);
        Variable { w, shape, no_decay: false }
    });
    let spec = &OPTIMIZERS[rule].spec;
    let mut arguments = spec.defaults();
    for (name, extreme) in extremes {
        if let Some(at) = spec.arguments.iter().position(|argument| argument.0 == name) {
            arguments[at] = extreme.unwrap_or(arguments[at]);
        }
    }
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
            let what = format_args!("{} of {arguments:?}", spec.name);
            assert!(w.iter().all(|x| x.is_finite()), "{what}: {w:?} after {step:?}");
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
        proptest!(config, |(lr in lr, calls in 0u32..3, ends in extremes(), steps in steps)| {
            check(rule, lr, calls, ends, &steps);
        });
    }
}

/// Takes three steps over 1,031 elements (a block and a tail), the second with the gradients `second`. Returns the weights,
/// then the slots.
fn run(rule: usize, lr: f32, weight_decay: f64, second: &[f32]) -> Vec<Vec<f32>> {
    let shape = shape(1, 1, second.len());
    let mut slab = Slab::zeroed(Slab::room(shape.len).expect("few")).expect("memory");
    let mut w = slab.take(shape.len);
    w.values_mut().fill(0.5);
    let variable = Variable { w, shape, no_decay: false };
    let spec = &OPTIMIZERS[rule].spec;
    let options = Options { weight_decay, ..Options::default() };
    let mut plan = Plan::new(rule, &spec.defaults(), options, vec![variable]).expect("a plan");
    let first = vec![0.25; shape.len];
    for (calls, g) in [&first, second, &first].into_iter().enumerate() {
        let call =
            Call { lr, calls: calls as f64, unscale: f64::NAN, clip: true, check_finite: false };
        plan.step_with(&[Some(g)], call).expect("a step");
    }
    let mut all = vec![plan.weights(0).to_vec()];
    all.extend((0..spec.slots.len()).map(|slot| plan.state(0, State::Slot(slot)).to_vec()));
    all
}

/// Optimizers that compute sums over elements.
const WHOLE: [&str; 7] =
    ["adafactor", "lamb", "muon", "stable_adamw", "lars", "prodigy", "dadapt_adam"];

/// The overflow is tested at several places and on every path through a plan: rates above 1 and weight decay take separate
/// paths.
#[test]
fn an_overflow_changes_no_other_element() {
    let len = if cfg!(miri) { 9 } else { 1031 };
    for (rule, entry) in
        OPTIMIZERS.iter().enumerate().filter(|(_, entry)| !WHOLE.contains(&entry.spec.name))
    {
        let ways = [(1e-3, f64::NAN), (1e-3, 0.01), (2.0, f64::NAN), (2.0, 0.9)];
        for (lr, decay) in ways.into_iter().step_by(if cfg!(miri) { 3 } else { 1 }) {
            let plain = run(rule, lr, decay, &vec![0.5; len]);
            for bad in [0, 5, len - 8, len - 1].into_iter().filter(|&bad| bad < len) {
                let mut gradient = vec![0.5; len];
                gradient[bad] = 3e38;
                let mended = run(rule, lr, decay, &gradient);
                for (name, (plain, mended)) in
                    ["w", "a", "b", "c", "d"].iter().zip(plain.iter().zip(&mended))
                {
                    for (i, (plain, mended)) in plain.iter().zip(mended).enumerate() {
                        let is_same = plain.to_bits() == mended.to_bits();
                        let what = entry.spec.name;
                        assert!(
                            i == bad || is_same,
                            "{what} {name}[{i}], bad[{bad}]: {plain} {mended}"
                        );
                        assert!(mended.is_finite(), "{what} {name}[{i}]: {mended}");
                    }
                }
            }
        }
    }
}

/// An infinite gradient is the caller's: it makes its parameter NaN, as in Keras, and other elements are updated.
#[test]
fn an_infinite_gradient_poisons_its_own_element() {
    let elementwise = [
        "rmsprop",
        "adam",
        "adadelta",
        "adagrad",
        "adamax",
        "nadam",
        "ftrl",
        "schedule_free_adamw",
    ];
    for (rule, entry) in OPTIMIZERS.iter().enumerate() {
        if elementwise.contains(&entry.spec.name) {
            let mut gradient = vec![0.5; 10];
            gradient[6] = f32::INFINITY;
            let w = &run(rule, 1e-3, f64::NAN, &gradient)[0];
            assert!(
                w.iter().enumerate().all(|(i, w)| w.is_nan() == (i == 6)),
                "{}: {w:?}",
                entry.spec.name
            );
        }
    }
}
