//! A plan of three rows of different lengths updates each row to the same bits as a plan of that row alone, for every
//! optimizer and for all stages around its rule.
//!
//! Rows share slabs, working memory and scratch memory, so these tests find wrong offsets. Under AddressSanitizer
//! (`npm run sanitize`) and Miri (`npm run miri`) they find wrong offsets that do not change the numbers, too.

mod all_stages;
mod noise;
mod row_shape;

use all_stages::all_stages;
use gradstep_core::memory::Slab;
use gradstep_core::optimizers::{Entry, OPTIMIZERS};
use gradstep_core::plan::{Call, MAX_SLOTS, Options, Outcome, Plan, RowShape, State, Variable};
use noise::noise;
use row_shape::row_shape;

/// No elements; fewer than four; one more than a cache line.
const LENGTHS: [usize; 3] = [0, 3, 17];
/// Three axes; more than a block of the stages (fewer under Miri, which would take minutes); one number; a tall matrix.
const SHAPES: [&[usize]; 4] = [&[2, 3, 5], &[if cfg!(miri) { 19 } else { 1025 }], &[], &[7, 4]];

/// The step through the list of stages. Miri tests only the first and the last; all would take an hour.
const STRIDE: usize = if cfg!(miri) { 10 } else { 1 };

/// The number of calls: two updates if the gradients of two calls are accumulated.
const STEPS: usize = 4;

/// Runs a plan over `rows`, indices into `shapes`. Returns the weights of each row, followed by its state.
fn run(
    rule: usize,
    arguments: &[f64],
    options: Options,
    shapes: &[RowShape],
    rows: &[usize],
    call: Call,
) -> Vec<Vec<Vec<f32>>> {
    // The variables are in one slab, as those of callers may be.
    let room = rows.iter().map(|&row| Slab::room(shapes[row].len).expect("few")).sum();
    let mut slab = Slab::zeroed(room).expect("memory");
    let variables = rows.iter().map(|&row| {
        let shape = shapes[row];
        let mut w = slab.take(shape.len);
        w.values_mut().copy_from_slice(&noise(row, 0, shape.len));
        Variable { w, shape, no_decay: row == 1 }
    });
    let mut plan = Plan::new(rule, arguments, options, variables.collect()).expect("sound");
    for step in 0..STEPS {
        // Rows sometimes have no gradient; their average is updated nevertheless.
        let gradients: Vec<_> = (rows.iter())
            .map(|&row| (step + row != 3).then(|| noise(row, step + 1, shapes[row].len)))
            .collect();
        let slices: Vec<_> = gradients.iter().map(Option::as_deref).collect();
        let outcome = plan.step_with(&slices, Call { calls: step as f64, ..call }).expect("memory");
        assert!(outcome != Outcome::NotFinite);
    }
    let mut all = Vec::new();
    for row in 0..rows.len() {
        let mut own = vec![plan.weights(row).to_vec()];
        let slots = (0..MAX_SLOTS).map(State::Slot);
        for state in [State::Average, State::Accumulator].into_iter().chain(slots) {
            own.push(plan.state(row, state).to_vec());
        }
        all.push(own);
    }
    all
}

const CALL: Call = Call { lr: 0.05, calls: 0.0, unscale: f64::NAN, clip: true, check_finite: true };

fn rows_are_as_alone(
    entry: &Entry,
    rule: usize,
    options: Options,
    shapes: &[RowShape],
    call: Call,
) {
    let arguments = entry.spec.defaults();
    let all: Vec<usize> = (0..shapes.len()).collect();
    let together = run(rule, &arguments, options, shapes, &all, call);
    for row in all {
        let alone = run(rule, &arguments, options, shapes, &[row], call);
        let bits = |run: &[Vec<f32>]| -> Vec<Vec<u32>> {
            run.iter().map(|part| part.iter().map(|x| x.to_bits()).collect()).collect()
        };
        let at = format_args!("{}, row {row}, {options:?}, {call:?}", entry.spec.name);
        assert_eq!(bits(&together[row]), bits(&alone[0]), "{at}");
        assert!(together[row][0].iter().all(|w| w.is_finite()), "{at}");
        assert_eq!(together[row][0].len(), shapes[row].len, "{at}");
        if shapes[row].len > 0 {
            let still = together[row][0] == noise(row, 0, shapes[row].len);
            // The first steps of this optimizer change no weight.
            assert_eq!(still, entry.spec.name == "schedule_free_radam", "stands still: {at}");
        }
    }
}

/// The stages around a rule, each alone and all together. The global clipnorm depends on all rows, so its limit is too large
/// to change a gradient, and only changes the path.
fn stages() -> Vec<(Options, Call)> {
    let (none, all) = (Options::default(), all_stages());
    let unscaled = Call { unscale: 8.0, ..CALL };
    vec![
        (none, CALL),
        (Options { weight_decay: 0.01, ..none }, CALL),
        (Options { clipnorm: 0.7, ..none }, CALL),
        (Options { clipvalue: 0.3, ..none }, CALL),
        (Options { global_clipnorm: 1e6, ..none }, CALL),
        (Options { ema_momentum: 0.9, ..none }, CALL),
        (Options { ema_momentum: 0.9, ema_overwrite_frequency: 2, ..none }, CALL),
        (Options { accumulation_steps: 2, ..none }, CALL),
        (Options { flags: Options::CENTRALIZES, ..none }, CALL),
        (Options { adaptive_clip: 0.01, ..none }, CALL),
        (Options { flags: Options::CAUTIOUS, ..none }, CALL),
        (Options { flags: Options::CAUTIOUS_DECAY, weight_decay: 0.01, ..none }, CALL),
        (Options { flags: 14, adaptive_clip: 0.01, ..all }, unscaled),
        (none, unscaled),
        (all, CALL),
        (all, unscaled),
    ]
}

/// Whether rows are independent: Prodigy and DAdaptAdam compute their estimate from all rows.
fn has_rows_alone((_, entry): &(usize, &Entry)) -> bool {
    !entry.spec.shared.contains("estimate")
}

#[test]
fn rows_of_unlike_lengths_are_as_alone() {
    let shapes = LENGTHS.map(|len| row_shape(&[len], true));
    for (rule, entry) in OPTIMIZERS.iter().enumerate().filter(has_rows_alone) {
        for (options, call) in stages().into_iter().step_by(STRIDE) {
            rows_are_as_alone(entry, rule, options, &shapes, call);
        }
    }
}

#[test]
fn rows_of_unlike_ranks_are_as_alone() {
    for (rule, entry) in OPTIMIZERS.iter().enumerate().filter(has_rows_alone) {
        // Muon orthogonalizes matrices only; other optimizers ignore `second_side`.
        let shapes = SHAPES.map(|shape| row_shape(shape, shape.len() != 2));
        for (options, call) in stages().into_iter().step_by(STRIDE) {
            rows_are_as_alone(entry, rule, options, &shapes, call);
        }
    }
}

#[test]
fn a_global_limit_counts_all_rows() {
    let shapes = LENGTHS.map(|len| row_shape(&[len], false));
    let sgd = OPTIMIZERS.iter().position(|entry| entry.spec.name == "sgd").expect("in the list");
    let arguments = OPTIMIZERS[sgd].spec.defaults();
    let variables = shapes.map(|shape| Variable {
        w: Slab::zeroed(32).expect("memory").take(shape.len),
        shape,
        no_decay: false,
    });
    let options = Options { global_clipnorm: 1.0, ..Options::default() };
    let mut plan = Plan::new(sgd, &arguments, options, variables.into()).expect("sound");
    // The norm of 20 ones is sqrt(20).
    let ones = [1.0; 17];
    let gradients = LENGTHS.map(|len| Some(&ones[..len]));
    assert_eq!(plan.step_with(&gradients, Call { lr: 1.0, ..CALL }), Ok(Outcome::Updated));
    for row in 0..3 {
        for w in plan.weights(row) {
            assert!((w + 1.0 / 20f32.sqrt()).abs() < 1e-6, "{w}");
        }
    }
}

#[test]
fn gradients_that_are_not_finite_change_nothing() {
    let shapes = LENGTHS.map(|len| row_shape(&[len], true));
    for (rule, entry) in OPTIMIZERS.iter().enumerate() {
        let variables = shapes.map(|shape| Variable {
            w: Slab::zeroed(32).expect("memory").take(shape.len),
            shape,
            no_decay: false,
        });
        let plan = Plan::new(rule, &entry.spec.defaults(), Options::default(), variables.into());
        let mut plan = plan.expect("sound");
        let mut last = [1.0; 17];
        last[16] = f32::NAN;
        let gradients = [Some(&[][..]), Some(&[1.0; 3][..]), Some(&last[..])];
        assert_eq!(plan.step_with(&gradients, CALL), Ok(Outcome::NotFinite));
        assert!((0..3).all(|row| plan.weights(row).iter().all(|&w| w == 0.0)));
    }
}

#[test]
#[should_panic]
fn gradients_of_other_lengths_are_refused() {
    let w = Slab::zeroed(32).expect("memory").take(17);
    let row = Variable { w, shape: row_shape(&[17], false), no_decay: false };
    let arguments = OPTIMIZERS[0].spec.defaults();
    let mut plan = Plan::new(0, &arguments, Options::default(), vec![row]).expect("sound");
    let _ = plan.step_with(&[Some(&[1.0; 18])], CALL);
}

#[test]
fn rows_that_are_not_there_have_nothing() {
    let arguments = OPTIMIZERS[0].spec.defaults();
    let mut plan = Plan::new(0, &arguments, Options::default(), vec![]).expect("sound");
    assert!(plan.weights(0).is_empty() && plan.state(0, State::Average).is_empty());
    assert!(plan.state(0, State::Slot(MAX_SLOTS)).is_empty());
    assert_eq!(plan.step_with(&[], CALL), Ok(Outcome::Updated));
}
