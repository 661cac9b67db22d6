//! Every elementwise optimizer against its equation in double precision: the weights and the state after 1 to 20 steps, with
//! any length, initial weights, gradients, arguments and weight decay.
//!
//! Arguments are `f32` numbers, so the core and the equation start from the same ones. The only difference is the drift of
//! single precision, which each [`Case`] bounds.

mod arguments;
mod equations;

use equations::{CASES, Case, NEVER};
use gradstep_core::memory::Slab;
use gradstep_core::optimizers::{OPTIMIZERS, id};
use gradstep_core::plan::{Call, Options, Outcome, Plan, RowShape, State, Variable};
use proptest::prelude::*;

const LONGEST: usize = if cfg!(miri) { 9 } else { 67 };
const MOST_STEPS: usize = if cfg!(miri) { 3 } else { 20 };
const RUNS: u32 = if cfg!(miri) { 2 } else { 96 };
/// Errors are relative to at least this magnitude.
const LEAST: f64 = 0.1;

/// The parameters of a run; gradients step by step.
#[derive(Debug)]
struct Input {
    arguments: Vec<f64>,
    lr: f32,
    decay: Option<f32>,
    start: Vec<f32>,
    gradients: Vec<Vec<f32>>,
}

fn input(case: &Case) -> impl Strategy<Value = Input> + use<> {
    let arguments = arguments::arguments(case.rule);
    (arguments, 0..=LONGEST, 1..=MOST_STEPS).prop_flat_map(|(arguments, len, steps)| {
        let gradient = prop_oneof![6 => -1.0f32..1.0, 2 => -10.0f32..10.0, 1 => Just(0.0)];
        let rows = prop::collection::vec(prop::collection::vec(gradient, len), steps);
        let start = prop::collection::vec(-2.0f32..2.0, len);
        let lr = prop_oneof![1 => Just(0.0f32), 9 => 0.01f32..0.5];
        (lr, prop::option::of(0.0f32..0.1), start, rows).prop_map(
            move |(lr, decay, start, gradients)| Input {
                arguments: arguments.clone(),
                lr,
                decay,
                start,
                gradients,
            },
        )
    })
}

/// One element of the variable, in double precision.
struct Element {
    w: f64,
    slots: [f64; 4],
    /// The largest magnitudes of the weight and of each slot in the run, to which rounding errors are proportional.
    largest: [f64; 5],
}

impl Element {
    fn step(&mut self, case: &Case, input: &Input, t: i32, g: f32) {
        let lr = f64::from(input.lr);
        let decay = input.decay.filter(|_| t >= case.decays_from);
        let decayed = self.w - self.w * decay.map_or(0.0, f64::from) * lr;
        self.w = (case.equation)(&input.arguments, lr, t, decayed, g.into(), &mut self.slots);
        let now = [self.w, self.slots[0], self.slots[1], self.slots[2], self.slots[3]];
        for (largest, now) in self.largest.iter_mut().zip(now) {
            *largest = largest.max(now.abs());
        }
    }
}

fn check(case: &Case, input: &Input) {
    let len = input.start.len();
    let mut w = Slab::zeroed(len).expect("memory").take(len);
    w.values_mut().copy_from_slice(&input.start);
    let shape = RowShape { rank: 1, len, rows: 1, cols: len, second_side: false };
    let row = Variable { w, shape, no_decay: false };
    let decay = input.decay.filter(|_| case.decays_from != NEVER).map_or(f64::NAN, f64::from);
    let options = Options { weight_decay: decay, ..Options::default() };
    let rule = id(case.rule).expect("in the list");
    let mut plan = Plan::new(rule, &input.arguments, options, vec![row]).expect("sound");
    let mut elements: Vec<Element> = (input.start.iter().map(|&w| f64::from(w)))
        .map(|w| Element {
            w,
            slots: (case.start)(&input.arguments, w),
            largest: [w.abs(), 0.0, 0.0, 0.0, 0.0],
        })
        .collect();
    for (step, gradient) in input.gradients.iter().enumerate() {
        let call = Call {
            lr: input.lr,
            calls: step as f64,
            unscale: f64::NAN,
            clip: true,
            check_finite: false,
        };
        assert_eq!(plan.step_with(&[Some(gradient)], call), Ok(Outcome::Updated));
        for (i, element) in elements.iter_mut().enumerate() {
            element.step(case, input, step as i32 + 1, gradient[i]);
            let at = format_args!("{}, step {step}, element {i} of {len}", case.rule);
            let [largest, ..] = element.largest;
            agree(plan.weights(0)[i], element.w, largest, case.drift, at);
            for slot in 0..4 {
                if let Some(&got) = plan.state(0, State::Slot(slot)).get(i) {
                    let (want, largest) = (element.slots[slot], element.largest[slot + 1]);
                    let at = format_args!("{at}, slot {slot}");
                    agree(got, want, largest, case.slot_drift, at);
                }
            }
        }
    }
}

/// Rules beyond Keras that divide by a root.
const QUOTIENTS: [&str; 7] =
    ["nadamw", "adabelief", "yogi", "ademamix", "adan", "schedule_free_radam", "adopt"];

/// Gradients of 1e-18 with an epsilon of 0 or 1e-30, with which steps are as large as with gradients of 1.
#[test]
fn tiny_gradients_take_whole_steps_without_epsilon() {
    for case in CASES.iter().filter(|case| QUOTIENTS.contains(&case.rule)) {
        let spec = &OPTIMIZERS[id(case.rule).expect("in the list")].spec;
        let mut arguments = spec.defaults();
        for (at, (name, _)) in spec.arguments.iter().enumerate() {
            // No initial accumulator: it would be far larger than the squares.
            if ["epsilon", "initial_accumulator_value"].contains(name) {
                arguments[at] = 0.0;
            } else if name.starts_with("beta") {
                arguments[at] = f64::from(arguments[at] as f32);
            }
        }
        for epsilon in [0.0, 1e-30] {
            let at = spec.arguments.iter().position(|(name, _)| *name == "epsilon").expect("one");
            arguments[at] = epsilon;
            check(
                case,
                &Input {
                    arguments: arguments.clone(),
                    lr: 0.25,
                    decay: None,
                    start: vec![0.5, -1.0, 2.0, 0.0, 1.0],
                    gradients: [1.0f32, -0.75, 1.25, 0.5, -1.0, 1.5, 0.8, -1.2]
                        .map(|size| [1e-18, -2e-18, 3e-18, 5e-18, 4e-18].map(|g| g * size).to_vec())
                        .to_vec(),
                },
            );
        }
    }
}

fn agree(got: f32, want: f64, largest: f64, drift: f64, at: core::fmt::Arguments) {
    let off = (f64::from(got) - want).abs();
    // Not `off > bound`, because a NaN must fail. If the equation returns NaN, any result is right.
    let fine = want.is_nan() || off <= drift * largest.max(LEAST);
    assert!(fine, "{at}: {got} for {want}, off by {off:e}");
}

#[test]
fn steps_follow_the_equations() {
    for case in CASES {
        let config =
            ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(RUNS) };
        proptest!(config, |(input in input(case))| check(case, &input));
    }
}

#[test]
fn no_optimizer_is_left_out() {
    let elsewhere =
        ["lamb", "adafactor", "muon", "stable_adamw", "lars", "prodigy", "dadapt_adam", "mars"]; // tests/oracle_matrix
    for entry in OPTIMIZERS {
        let name = entry.spec.name;
        let here = CASES.iter().any(|case| case.rule == name);
        let missing = "needs a case in oracle/equations.rs, or one in oracle_matrix and its name in this list";
        assert!(here != elsewhere.contains(&name), "{name} {missing}");
    }
}
