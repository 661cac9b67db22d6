//! Steps on 1, 2, 3 and 4 native threads have the same bits: for every optimizer, and for stages around its rule.
//!
//! The pool is one for the process, so there is one test. It needs the feature `threads`.

mod all_stages;
mod helper_threads;
mod noise;
mod row_shape;

use all_stages::all_stages;
use gradstep_core::memory::Slab;
use gradstep_core::optimizers::OPTIMIZERS;
use gradstep_core::plan::{Call, MAX_SLOTS, Options, Plan, RowShape, State, Variable};
use gradstep_core::pool;
use helper_threads::resize;
use noise::noise;
use row_shape::row_shape;

/// Small rows, which threads share, among others that are updated in pieces.
const SHAPES: [&[usize]; 13] = [
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
/// Numbers in a job for a second thread.
const LEAST: usize = 600;
const STEPS: usize = if cfg!(miri) { 2 } else { 4 };
const CALL: Call = Call { lr: 0.05, calls: 0.0, unscale: 8.0, clip: true, check_finite: false };

fn shapes() -> impl Iterator<Item = RowShape> {
    SHAPES.iter().map(|shape| row_shape(shape, shape.len() < 2))
}

/// The bits of all weights and states after a few steps.
fn run(rule: usize, options: Options) -> Vec<Vec<u32>> {
    let variables = shapes().enumerate().map(|(row, shape)| {
        let room = Slab::room(shape.len).expect("few");
        let mut w = Slab::zeroed(room).expect("memory").take(shape.len);
        w.values_mut().copy_from_slice(&noise(row, 0, shape.len));
        Variable { w, shape, no_decay: row == 1 }
    });
    let arguments = OPTIMIZERS[rule].spec.defaults();
    let mut plan = Plan::new(rule, &arguments, options, variables.collect()).expect("sound");
    for step in 0..STEPS {
        let gradients: Vec<_> = shapes()
            .enumerate()
            .map(|(row, shape)| (step + row != 3).then(|| noise(row, step + 1, shape.len)))
            .collect();
        let slices: Vec<_> = gradients.iter().map(Option::as_deref).collect();
        plan.step_with(&slices, Call { calls: step as f64, ..CALL }).expect("memory");
    }
    let states = [State::Average, State::Accumulator];
    let mut bits: Vec<Vec<u32>> = Vec::new();
    for row in 0..SHAPES.len() {
        bits.push(plan.weights(row).iter().map(|x| x.to_bits()).collect());
        for state in states.into_iter().chain((0..MAX_SLOTS).map(State::Slot)) {
            bits.push(plan.state(row, state).iter().map(|x| x.to_bits()).collect());
        }
    }
    bits
}

fn options() -> Vec<Options> {
    let (none, all) = (Options::default(), all_stages());
    let beyond = Options { flags: 14, adaptive_clip: 0.01, ..all };
    if cfg!(miri) { vec![none] } else { vec![none, all, beyond] }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    pool::set_patience(1000, 1000, true, 60_000);
    pool::set_least(LEAST);
    let rules = (0..OPTIMIZERS.len()).step_by(if cfg!(miri) { 9 } else { 1 });
    let cases: Vec<_> =
        rules.flat_map(|rule| options().into_iter().map(move |o| (rule, o))).collect();
    let alone: Vec<_> = cases.iter().map(|&(rule, options)| run(rule, options)).collect();
    // Fewer where there are more threads than cores, which takes long: no multiple of the options of a rule.
    for threads in [2, 4, 3] {
        resize(pool::threads() - 1, threads - 1);
        for (&(rule, options), alone) in
            cases.iter().zip(&alone).step_by(if threads == 2 { 1 } else { 4 })
        {
            let name = OPTIMIZERS[rule].spec.name;
            assert_eq!(&run(rule, options), alone, "{name} on {threads} threads, {options:?}");
        }
    }
}
