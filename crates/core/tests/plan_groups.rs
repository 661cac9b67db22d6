//! Rates and decays of rows, changed arguments, and the stages around a custom rule: the results have the bits of a plan that
//! was created with these numbers.

mod all_stages;
mod noise;

use all_stages::all_stages;
use gradstep_core::memory::Slab;
use gradstep_core::optimizers::{Entry, OPTIMIZERS, id};
use gradstep_core::plan::{Call, Options, Outcome, Plan, RowShape, State, Variable};
use noise::noise;

const LEN: usize = 17;
const LR: f32 = 0.05;
const CALL: Call = Call { lr: LR, calls: 0.0, unscale: 8.0, clip: true, check_finite: true };

fn options(weight_decay: f64) -> Options {
    Options { weight_decay, ..all_stages() }
}

fn plan(rule: usize, arguments: &[f64], options: Options, rows: &[usize]) -> Plan {
    let shape = RowShape { rank: 1, len: LEN, rows: 1, cols: LEN, second_side: true };
    let variables = rows.iter().map(|&row| {
        let mut w = Slab::zeroed(32).expect("memory").take(LEN);
        w.values_mut().copy_from_slice(&noise(row, 0, LEN));
        Variable { w, shape, no_decay: false }
    });
    Plan::new(rule, arguments, options, variables.collect()).expect("sound")
}

fn step(plan: &mut Plan, rows: &[usize], calls: usize, lr: f32) -> Outcome {
    let gradients: Vec<_> = rows.iter().map(|&row| noise(row, calls + 1, LEN)).collect();
    let slices: Vec<_> = gradients.iter().map(|g| Some(g.as_slice())).collect();
    plan.step_with(&slices, Call { calls: calls as f64, lr, ..CALL }).expect("memory")
}

fn bits(plan: &mut Plan, row: usize) -> Vec<Vec<u32>> {
    let own = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect();
    let mut all = vec![own(plan.weights(row))];
    for state in [State::Average, State::Slot(0), State::Slot(1), State::Slot(2)] {
        all.push(own(plan.state(row, state)));
    }
    all
}

#[test]
fn rows_with_rates_and_decays_are_as_plans_with_those() {
    let (rates, factors) = ([LR, LR * 0.25, LR, 0.0], [1.0, 0.5, 0.0, 3.0]);
    // The averages of schedule-free rules depend on the rate of the step, which differs from the rates of all rows here.
    // Prodigy and DAdaptAdam compute their estimate from all rows.
    let is_own = |entry: &Entry| {
        ["largest_rate", "estimate"].iter().all(|name| !entry.spec.shared.contains(name))
    };
    for (rule, entry) in OPTIMIZERS.iter().enumerate().filter(|(_, entry)| is_own(entry)) {
        let arguments = entry.spec.defaults();
        let mut together = plan(rule, &arguments, options(0.01), &[0, 1, 2, 3]);
        for (row, factor) in factors.into_iter().enumerate() {
            together.set_decay(row, factor);
        }
        together.rates().expect("memory").copy_from_slice(&rates);
        for calls in 0..6 {
            step(&mut together, &[0, 1, 2, 3], calls, f32::NAN);
        }
        for (row, (rate, factor)) in rates.into_iter().zip(factors).enumerate() {
            // The weight decay of Muon's second rule is multiplied as well.
            let own = |(&(name, _), &value): (&(&str, f64), &f64)| {
                if name.ends_with("weight_decay") { value * factor } else { value }
            };
            let scaled: Vec<_> = entry.spec.arguments.iter().zip(&arguments).map(own).collect();
            let mut alone = plan(rule, &scaled, options(0.01 * factor), &[row]);
            for calls in 0..6 {
                step(&mut alone, &[row], calls, rate);
            }
            assert_eq!(bits(&mut together, row), bits(&mut alone, 0), "{} {row}", entry.spec.name);
        }
    }
}

#[test]
fn a_changed_argument_is_used_from_the_next_step() {
    let rule = id("adamw").expect("in the list");
    let arguments = OPTIMIZERS[rule].spec.defaults();
    let mut other = arguments.clone();
    other[1] = 0.5;
    let mut changed = plan(rule, &other, options(0.3), &[0]);
    changed.set_argument(1, arguments[1]);
    changed.set_argument(arguments.len(), 0.01);
    let mut made = plan(rule, &arguments, options(0.01), &[0]);
    for calls in 0..4 {
        step(&mut changed, &[0], calls, LR);
        step(&mut made, &[0], calls, LR);
    }
    assert_eq!(bits(&mut changed, 0), bits(&mut made, 0));
}

/// A caller that computes gradient descent between the stages gets the bits of the built-in SGD.
#[test]
fn a_custom_rule_has_the_stages_of_all() {
    let sgd = id("sgd").expect("in the list");
    let mut built_in = plan(sgd, &OPTIMIZERS[sgd].spec.defaults(), options(0.01), &[0, 1]);
    let mut custom = plan(OPTIMIZERS.len(), &[], options(0.01), &[0, 1]);
    for calls in 0..6 {
        step(&mut built_in, &[0, 1], calls, LR);
        let is_update = step(&mut custom, &[0, 1], calls, LR) == Outcome::Updated;
        for row in 0..2 {
            let gradient = custom.state(row, State::Slot(0)).to_vec();
            for (w, g) in custom.weights_mut(row).iter_mut().zip(gradient) {
                *w -= if is_update { LR * g } else { 0.0 };
            }
        }
        custom.average(calls as f64);
    }
    for row in 0..2 {
        let [custom, built_in] = [bits(&mut custom, row), bits(&mut built_in, row)];
        assert_eq!(custom[..2], built_in[..2], "row {row}");
    }
}
