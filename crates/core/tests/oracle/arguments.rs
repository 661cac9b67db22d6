//! Arguments for testing an optimizer: for each name in its `SPEC`, a number in the argument's range.

use gradstep_core::optimizers::{OPTIMIZERS, id};
use proptest::prelude::*;

/// All arguments of an optimizer, in the order of its `SPEC`; the learning rate, which comes with the step, is 0.
pub fn arguments(rule: &str) -> BoxedStrategy<Vec<f64>> {
    let spec = &OPTIMIZERS[id(rule).expect("in the list")].spec;
    let numbers: Vec<_> = spec.arguments.iter().map(|(name, _)| number(rule, name)).collect();
    numbers.prop_map(|numbers| numbers.into_iter().map(f64::from).collect()).boxed()
}

/// The range of an argument, by its name. Ranges for one optimizer only come first.
fn number(rule: &str, name: &str) -> BoxedStrategy<f32> {
    match (rule, name) {
        ("adadelta", "rho") => (0.5f32..0.99).boxed(),
        ("lion", "beta_1") => (0.1f32..1.0).boxed(),
        ("schedule_free_adamw" | "schedule_free_radam", "beta_1") => (0.5f32..0.99).boxed(),
        ("adagrad", "initial_accumulator_value") => (0.0f32..2.0).boxed(),
        ("yogi", "initial_accumulator_value") => (1e-6f32..1.0).boxed(),
        ("ademamix", "beta_1") => (0.1f32..0.9).boxed(),
        ("ademamix" | "adan", "beta_3") => (0.9f32..0.9999).boxed(),
        ("ademamix", "alpha") => (0.0f32..8.0).boxed(),
        ("schedule_free_sgd", "momentum") => (0.5f32..0.99).boxed(),
        (_, "eta_minus") => (0.3f32..0.9).boxed(),
        (_, "eta_plus") => (1.1f32..2.0).boxed(),
        (_, "min_step_size") => (1e-6f32..1e-3).boxed(),
        (_, "max_step_size") => (0.1f32..50.0).boxed(),
        (_, "learning_rate") => Just(0.0f32).boxed(),
        (_, "rho") => (0.8f32..0.99).boxed(),
        (_, "beta_1") => (0.0f32..0.99).boxed(),
        (_, "beta_2") => (0.5f32..0.999).boxed(),
        (_, "epsilon") => prop_oneof![Just(1e-7f32), Just(10.0), 1e-6f32..0.1].boxed(),
        (_, "momentum") => prop_oneof![Just(0.0f32), 0.1f32..0.99].boxed(),
        (_, "nesterov" | "centered" | "amsgrad" | "silent_sgd_phase") => {
            prop_oneof![Just(0.0f32), Just(1.0)].boxed()
        }
        (_, "initial_accumulator_value") => prop_oneof![Just(0.0f32), 0.0f32..1.0].boxed(),
        (_, "learning_rate_power") => prop_oneof![Just(-0.5f32), Just(-1.0), -1.0f32..-0.1].boxed(),
        (
            _,
            "l1_regularization_strength"
            | "l2_regularization_strength"
            | "l2_shrinkage_regularization_strength"
            | "beta",
        ) => prop_oneof![Just(0.0f32), 0.0f32..0.5].boxed(),
        // With a `clip_threshold`, Adam reads the whole variable: see oracle_matrix.
        (_, "clip_threshold") => Just(f32::NAN).boxed(),
        (_, "warmup_steps") => (0u8..10).prop_map(f32::from).boxed(),
        _ => panic!("{rule}: {name} has no range in oracle/arguments.rs"),
    }
}
