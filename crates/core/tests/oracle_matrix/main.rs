//! Rules that read the whole variable, compared with their equations in double precision for all shapes.

mod beyond_keras;
mod dead_inputs;
mod equations;
#[path = "../row_shape/mod.rs"]
mod row_shape;

use beyond_keras::{Adapted, ClippedAdam, D0, Lars, Mars, StableAdamW};
use equations::{Adafactor, Lamb, Muon, Oracle};
use gradstep_core::memory::Slab;
use gradstep_core::optimizers::{OPTIMIZERS, id};
use gradstep_core::plan::{Call, Options, Outcome, Plan, RowShape, State, Variable};
use proptest::prelude::*;
use row_shape::row_shape;

const STEPS: usize = 4;
const LR: f32 = 0.05;

/// Numbers in -1..1 from a counter, the same on every machine.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / 8_388_608.0 - 1.0
    }

    fn take(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.next()).collect()
    }
}

/// A plan of one variable.
struct Run {
    plan: Plan,
}

impl Run {
    fn new(
        rule: &str,
        arguments: &[f64],
        shape: RowShape,
        start: &[f32],
        options: Options,
    ) -> Self {
        let mut w = Slab::zeroed(shape.len).expect("memory").take(shape.len);
        w.values_mut().copy_from_slice(start);
        let row = Variable { w, shape, no_decay: false };
        let plan = Plan::new(id(rule).expect("in the list"), arguments, options, vec![row]);
        Self { plan: plan.expect("sound") }
    }

    fn step(&mut self, calls: usize, g: &[f32]) -> &[f32] {
        let call = Call {
            lr: LR,
            calls: calls as f64,
            unscale: f64::NAN,
            clip: true,
            check_finite: false,
        };
        assert_eq!(self.plan.step_with(&[Some(g)], call), Ok(Outcome::Updated));
        self.plan.weights(0)
    }
}

fn defaults(rule: &str) -> Vec<f64> {
    OPTIMIZERS[id(rule).expect("in the list")].spec.defaults()
}

fn agree(
    rule: &str,
    arguments: &[f64],
    shape: RowShape,
    oracle: &mut impl Oracle,
    seed: u64,
    tolerance: f64,
) {
    agree_from(0, rule, arguments, shape, oracle, seed, tolerance);
}

/// The same from a later step on.
fn agree_from(
    first: usize,
    rule: &str,
    arguments: &[f64],
    shape: RowShape,
    oracle: &mut impl Oracle,
    seed: u64,
    tolerance: f64,
) {
    let mut noise = Noise(seed);
    let start = noise.take(shape.len);
    let mut run = Run::new(rule, arguments, shape, &start, Options::default());
    let mut expected: Vec<f64> = start.iter().map(|&x| x.into()).collect();
    for step in first..first + STEPS {
        let g = noise.take(shape.len);
        let wide: Vec<f64> = g.iter().map(|&x| x.into()).collect();
        oracle.step(&mut expected, &wide, step as f64 + 1.0);
        for (i, (&got, &want)) in run.step(step, &g).iter().zip(&expected).enumerate() {
            let off = (f64::from(got) - want).abs();
            assert!(
                off <= tolerance * want.abs().max(1.0),
                "{rule} {shape:?}, step {step}, {i}: {got} for {want}"
            );
        }
    }
}

/// The number of cases of each test, the limit of an axis, and the maximum number of axes; fewer under Miri, which takes a
/// thousand times as long.
const CASES: u32 = if cfg!(miri) { 2 } else { 96 };
const LENGTH: usize = if cfg!(miri) { 18 } else { 36 };
const AXES: usize = if cfg!(miri) { 2 } else { 3 };

fn shapes() -> impl Strategy<Value = Vec<usize>> {
    // An axis of 0 has no elements; 17 and more exceed the strips of 16 columns.
    let axis = prop_oneof![8 => 1usize..9, 2 => 14..LENGTH, 1 => Just(0usize)];
    prop::collection::vec(axis, 0..=AXES)
}

fn matrices() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![3 => 1usize..9, 1 => 14..LENGTH], 2)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    #[test]
    fn lamb_is_its_equation(
        shape in shapes(),
        // Around the step from which 1 - 0.9^t is 1.
        first in prop_oneof![Just(0), 150..170usize],
        seed: u64,
    ) {
        let shape = row_shape(&shape, false);
        let mut oracle = Lamb { m: vec![0.0; shape.len], v: vec![0.0; shape.len] };
        agree_from(first, "lamb", &defaults("lamb"), shape, &mut oracle, seed, 1e-5);
    }

    #[test]
    fn adafactor_is_its_equation(shape in shapes(), seed: u64) {
        let shape = row_shape(&shape, false);
        agree("adafactor", &defaults("adafactor"), shape, &mut Adafactor::new(shape), seed, 1e-5);
    }

    #[test]
    fn lars_is_its_equation(shape in shapes(), nesterov: bool, seed: u64) {
        let shape = row_shape(&shape, false);
        let mut arguments = defaults("lars");
        arguments[3] = f64::from(u8::from(nesterov));
        let mut oracle = Lars { m: vec![0.0; shape.len], nesterov };
        agree("lars", &arguments, shape, &mut oracle, seed, 1e-5);
    }

    #[test]
    fn adam_with_clipped_updates_is_its_equation(shape in shapes(), threshold in 0.3f64..2.0, seed: u64) {
        let shape = row_shape(&shape, false);
        for rule in ["adam", "adamw"] {
            let mut arguments = defaults(rule);
            arguments[5] = threshold;
            let (m, v) = (vec![0.0; shape.len], vec![0.0; shape.len]);
            agree(rule, &arguments, shape, &mut ClippedAdam { m, v, threshold }, seed, 1e-5);
        }
    }

    #[test]
    fn stable_adamw_is_its_equation(shape in shapes(), seed: u64) {
        let shape = row_shape(&shape, false);
        let mut oracle = StableAdamW { m: vec![0.0; shape.len], v: vec![0.0; shape.len] };
        agree("stable_adamw", &defaults("stable_adamw"), shape, &mut oracle, seed, 1e-5);
    }

    #[test]
    fn mars_is_its_equation(shape in shapes(), optimizes_1d: bool, seed: u64) {
        let shape = row_shape(&shape, false);
        let mut arguments = defaults("mars");
        arguments[5] = f64::from(u8::from(optimizes_1d));
        let [m, v, p] = [0, 1, 2].map(|_| vec![0.0; shape.len]);
        let mut oracle = Mars { m, v, p, is_matrix: shape.rank >= 2 || optimizes_1d };
        agree("mars", &arguments, shape, &mut oracle, seed, 1e-5);
    }

    #[test]
    fn rules_that_find_their_rate_are_their_equations(shape in shapes(), is_prodigy: bool, seed: u64) {
        let shape = row_shape(&shape, false);
        let rule = if is_prodigy { "prodigy" } else { "dadapt_adam" };
        let mut arguments = defaults(rule);
        arguments[if is_prodigy { 5 } else { 4 }] = D0;
        let first = if is_prodigy { Noise(seed).take(shape.len) } else { vec![] };
        let [m, v, s] = [0, 1, 2].map(|_| vec![0.0; shape.len]);
        let first = first.into_iter().map(f64::from).collect();
        let mut oracle = Adapted { m, v, s, first, d: D0, r: 0.0 };
        agree(rule, &arguments, shape, &mut oracle, seed, 1e-5);
    }

    #[test]
    fn muon_is_its_equation(shape in matrices(), nesterov: bool, seed: u64) {
        let shape = row_shape(&shape, false);
        let mut arguments = defaults("muon");
        arguments[10] = f64::from(u8::from(nesterov));
        // Each round multiplies an error of the small singular values by up to 3.4.
        agree("muon", &arguments, shape, &mut Muon::new(shape, nesterov), seed, 2e-4);
    }

    #[test]
    fn muon_s_options_are_their_equations(shape in matrices(), polar: bool, normuon: bool, scaled: bool, seed: u64) {
        let shape = row_shape(&shape, false);
        let (mut arguments, mut oracle) = (defaults("muon"), Muon::new(shape, true));
        if polar {
            arguments[13] = 1.0;
            // The first five rows of the table in arXiv 2505.16932 and in its package.
            oracle.table = vec![
                [8.237312490495555, -23.157747414558198, 16.680568411445915],
                [4.082441999064835, -2.893047735332586, 0.5252849256975648],
                [3.9263479922546582, -2.8547468034765298, 0.5318022422894988],
                [3.2982187133085143, -2.424541981026706, 0.48632008358844075],
                [2.2970369434552573, -1.63662558125903, 0.4002628455953627],
            ];
        }
        if normuon {
            arguments[14] = 0.9;
            oracle.outputs = Some((0.9, vec![0.0; shape.cols]));
        }
        if !scaled {
            arguments[12] = f64::NAN;
            oracle.rms_rate = None;
        }
        agree("muon", &arguments, shape, &mut oracle, seed, 5e-4);
    }

    #[test]
    fn muon_s_second_side_is_adam(shape in shapes(), seed: u64) {
        let shape = row_shape(&shape, true);
        let mut noise = Noise(seed);
        let start = noise.take(shape.len);
        let mut muon = Run::new("muon", &defaults("muon"), shape, &start, Options::default());
        // Muon's second rule has a separate decay, so Adam gets the same number from its options.
        let decayed = Options { weight_decay: 0.004, ..Options::default() };
        let mut adam = Run::new("adam", &defaults("adam"), shape, &start, decayed);
        for step in 0..STEPS {
            let g = noise.take(shape.len);
            prop_assert_eq!(muon.step(step, &g), adam.step(step, &g));
        }
    }
}

#[test]
fn state_has_keras_s_shapes() {
    let sizes = |rule: &str, shape: &[usize], second: bool| -> [usize; 3] {
        let shape = row_shape(shape, second);
        let start = vec![0.0; shape.len];
        let mut run = Run::new(rule, &defaults(rule), shape, &start, Options::default());
        [0, 1, 2].map(|slot| run.plan.state(0, State::Slot(slot)).len())
    };
    assert_eq!(sizes("lamb", &[3, 5], false), [15, 15, 0]);
    assert_eq!(sizes("adafactor", &[7], false), [0, 0, 7]);
    assert_eq!(sizes("adafactor", &[3, 5], false), [3, 5, 15]);
    assert_eq!(sizes("adafactor", &[2, 3, 5], false), [6, 10, 30]);
    assert_eq!(sizes("mars", &[3, 5], false), [15, 15, 15]);
    assert_eq!(sizes("mars", &[7], false), [7, 7, 0]);
    assert_eq!(sizes("muon", &[3, 5], false), [15, 0, 0]);
    assert_eq!(sizes("muon", &[3, 5], true), [15, 15, 0]);
    // A kernel of a convolution has outputs on its last axis.
    for (shape, second, expected) in
        [(&[2, 3, 5][..], false, [30, 0, 5]), (&[2, 3, 5], true, [30, 30, 0])]
    {
        let shape = row_shape(shape, second);
        let mut arguments = defaults("muon");
        arguments[14] = 0.95;
        let start = vec![0.0; shape.len];
        let mut run = Run::new("muon", &arguments, shape, &start, Options::default());
        assert_eq!([0, 1, 2].map(|slot| run.plan.state(0, State::Slot(slot)).len()), expected);
    }
}
