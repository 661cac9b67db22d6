//! Steps on 1, 2, 3 and 4 native threads have the same bits: for every optimizer, with stages around its rule, with moments of
//! fewer bits, with rates of groups, and with row gradients.
//!
//! A process has only one pool, so there is only one test. It needs the feature `threads`.

mod all_stages;
mod helper_threads;
mod noise;
mod row_shape;

use all_stages::all_stages;
use gradstep_core::memory::Slab;
use gradstep_core::optimizers::{OPTIMIZERS, id};
use gradstep_core::plan::{Call, MAX_SLOTS, Options, Plan, State, Variable};
use gradstep_core::pool;
use helper_threads::resize;
use noise::noise;
use row_shape::row_shape;

/// A plan and its variables: threads take small variables as a whole, and update large ones in pieces.
struct Case {
    shapes: &'static [&'static [usize]],
    /// The minimum count of numbers in a job that uses a second thread.
    least: usize,
    rule: usize,
    options: Options,
    /// Whether groups of rows have different rates and decays.
    has_groups: bool,
    /// A matrix that has gradients for some of its rows only.
    sparse: Option<usize>,
}

const SHAPES: &[&[usize]] = &[
    &[3],
    &[2, 3, 5],
    &[],
    &[7, 4],
    &[2500],
    &[33],
    &[0],
    &[9, 10],
    &[70, 40],
    &[80],
    &[3, 40, 33],
    &[99],
    &[1500, 3],
];
const LEAST: usize = 600;
/// Shapes of variables, some with 4,096 numbers or more, whose moments may have fewer bits.
const WIDE: &[&[usize]] = &[&[4096], &[70, 71], &[9], &[5001], &[9000], &[4100], &[80, 60]];
const WIDE_LEAST: usize = 8500;
const STEPS: usize = if cfg!(miri) { 2 } else { 4 };
const CALL: Call = Call { lr: 0.05, calls: 0.0, unscale: 8.0, clip: true, check_finite: false };

/// The bits of all weights and states after a few steps.
fn run(case: &Case) -> Vec<Vec<u32>> {
    pool::set_least(case.least);
    let count = case.shapes.len();
    let shapes = || case.shapes.iter().map(|shape| row_shape(shape, shape.len() < 2));
    let variables = shapes().enumerate().map(|(row, shape)| {
        let room = Slab::room(shape.len).expect("few");
        let mut w = Slab::zeroed(room).expect("memory").take(shape.len);
        w.values_mut().copy_from_slice(&noise(row, 0, shape.len));
        Variable { w, shape, no_decay: row == 1 }
    });
    let arguments = OPTIMIZERS[case.rule].spec.defaults();
    let mut plan =
        Plan::new(case.rule, &arguments, case.options, variables.collect()).expect("sound");
    if case.has_groups {
        let rates = plan.rates().expect("memory");
        rates.iter_mut().enumerate().for_each(|(row, rate)| *rate = [0.05, 0.02][row * 2 / count]);
        (0..count).for_each(|row| plan.set_decay(row, [1.0, 0.0, 2.5][row % 3]));
    }
    for step in 0..STEPS {
        let gradients: Vec<_> = shapes()
            .enumerate()
            .map(|(row, shape)| {
                let has_one = step + row != 3 && case.sparse != Some(row);
                has_one.then(|| noise(row, step + 1, shape.len))
            })
            .collect();
        if let Some(row) = case.sparse {
            let cols = case.shapes[row][1];
            let indices = [2, 0, 3 + step as i32, 2];
            plan.set_rows(row, &indices, &noise(row, step + 1, 4 * cols)).expect("memory");
        }
        let slices: Vec<_> = gradients.iter().map(Option::as_deref).collect();
        plan.step_with(&slices, Call { calls: step as f64, ..CALL }).expect("memory");
    }
    let states = [State::Average, State::Accumulator];
    let mut bits: Vec<Vec<u32>> = Vec::new();
    for row in 0..count {
        bits.push(plan.weights(row).iter().map(|x| x.to_bits()).collect());
        for state in states.into_iter().chain((0..MAX_SLOTS).map(State::Slot)) {
            bits.push(plan.state(row, state).iter().map(|x| x.to_bits()).collect());
        }
    }
    bits
}

fn cases() -> Vec<Case> {
    let (none, all) = (Options::default(), all_stages());
    let beyond = Options { flags: 14, adaptive_clip: 0.01, ..all };
    let around = if cfg!(miri) { vec![none] } else { vec![none, all, beyond] };
    let rules = (0..OPTIMIZERS.len()).step_by(if cfg!(miri) { 9 } else { 1 });
    let plain = |rule, options| {
        let (has_groups, sparse) = (false, None);
        Case { shapes: SHAPES, least: LEAST, rule, options, has_groups, sparse }
    };
    let mut cases: Vec<_> =
        rules.flat_map(|rule| around.iter().map(move |&options| plain(rule, options))).collect();
    let named = |name| id(name).expect("in the list");
    // Half as many numbers are a job for a second thread.
    let grouped =
        |name, options| Case { has_groups: true, least: LEAST / 2, ..plain(named(name), options) };
    cases.extend(["adam", "lamb", "prodigy", "muon"].map(|name| grouped(name, none)));
    if cfg!(miri) {
        return cases;
    }
    cases.extend(["sgd", "adamw", "adafactor", "lars"].map(|name| grouped(name, all)));
    let small = |name, flags, options: Options| {
        let options = Options { flags, ..options };
        Case { shapes: WIDE, least: WIDE_LEAST, ..plain(named(name), options) }
    };
    for flags in [Options::BFLOAT16, Options::UINT8] {
        cases.extend([small("adam", flags, none), small("lion", flags, all)]);
        cases.push(Case { has_groups: true, ..small("adamw", flags, none) });
    }
    // A small matrix, and one that would be updated in pieces if its gradient were dense.
    for (name, row) in [("sgd", 3), ("adam", 8), ("adagrad", 3), ("rmsprop", 12), ("adamw", 3)] {
        let clipped = Options { global_clipnorm: 0.3, weight_decay: 0.1, ..none };
        cases.push(Case { sparse: Some(row), ..plain(named(name), clipped) });
        cases.push(Case { sparse: Some(row), ..grouped(name, none) });
    }
    cases
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    pool::set_patience(1000, 1000, true, 60_000);
    let cases = cases();
    let alone: Vec<_> = cases.iter().map(run).collect();
    // Only every fourth case runs with more than two threads, which takes long on two cores. Each rule has three options, so
    // every option is tested.
    for threads in [2, 4, 3] {
        resize(pool::threads() - 1, threads - 1);
        let apart = if threads == 2 { 1 } else { 4 };
        for (case, alone) in cases.iter().zip(&alone).step_by(apart) {
            let Case { rule, options, has_groups, sparse, .. } = case;
            let name = OPTIMIZERS[*rule].spec.name;
            let about = format!("{options:?}, groups {has_groups}, sparse {sparse:?}");
            assert_eq!(&run(case), alone, "{name} on {threads} threads, {about}");
        }
    }
}
