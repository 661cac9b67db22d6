//! Arguments to test an optimizer with, initial slots, and the drift of single precision.

use crate::equations::{self, Equation};
use proptest::prelude::*;

/// One optimizer.
pub struct Case {
    pub rule: &'static str,
    pub equation: Equation,
    pub arguments: fn() -> BoxedStrategy<Vec<f64>>,
    /// An element's slots, from arguments and weight.
    pub start: fn(&[f64], f64) -> [f64; 3],
    /// Allowed difference of weights, in units of the largest magnitude that a weight had in the run.
    pub drift: f64,
    /// The same for slots.
    pub slot_drift: f64,
}

const fn case(
    rule: &'static str,
    equation: Equation,
    arguments: fn() -> BoxedStrategy<Vec<f64>>,
    drift: f64,
) -> Case {
    Case { rule, equation, arguments, start: |_, _| [0.0; 3], drift, slot_drift: FEW }
}

/// 20 steps of a few roundings each, every one 6e-8 of a number at most.
const FEW: f64 = 5e-6;
/// `1 - b2^t` is 1e-3 at first, of two numbers near 1: half a unit of `f32` is 3e-5 of it.
const CORRECTED: f64 = 1e-4;

pub const CASES: &[Case] = &[
    case(
        "sgd",
        equations::sgd,
        || (unit(), flag()).prop_map(|(mu, n)| list(&[mu, n])).boxed(),
        FEW,
    ),
    case("rmsprop", equations::rmsprop, rmsprop, CORRECTED),
    case("adam", equations::adam, adam, CORRECTED),
    case("adamw", equations::adam, adam, CORRECTED),
    case("adadelta", equations::adadelta, || pair(0.5..0.99, epsilon()), FEW),
    Case {
        start: |a, _| [a[1], 0.0, 0.0],
        ..case("adagrad", equations::adagrad, || pair(0.0..2.0, epsilon()), FEW)
    },
    case("adamax", equations::adamax, moments, FEW),
    case("nadam", equations::nadam, moments, CORRECTED),
    Case {
        start: |a, _| [a[2], 0.0, 0.0],
        // `linear` gathers differences of powers, divided by a learning rate of 0.01 or more; the new
        // weight is multiplied by it again.
        slot_drift: FEW / 0.01,
        ..case("ftrl", equations::ftrl, ftrl, FEW)
    },
    case("lion", equations::lion, || pair(0.1..1.0, (0.5f32..0.999).boxed()), FEW),
    Case {
        start: |_, w| [w, 0.0, 0.0],
        // `momentum` is a weight too.
        slot_drift: CORRECTED,
        ..case("schedule_free_adamw", equations::schedule_free_adamw, schedule_free, CORRECTED)
    },
];

fn list(own: &[f32]) -> Vec<f64> {
    core::iter::once(0.0).chain(own.iter().copied()).map(f64::from).collect()
}

fn flag() -> BoxedStrategy<f32> {
    prop_oneof![Just(0.0f32), Just(1.0)].boxed()
}

/// 0, the default, or a share.
fn unit() -> BoxedStrategy<f32> {
    prop_oneof![Just(0.0f32), 0.1f32..0.99].boxed()
}

fn epsilon() -> BoxedStrategy<f32> {
    prop_oneof![Just(1e-7f32), 1e-6f32..0.1].boxed()
}

fn pair(first: core::ops::Range<f32>, second: BoxedStrategy<f32>) -> BoxedStrategy<Vec<f64>> {
    (first, second).prop_map(|(first, second)| list(&[first, second])).boxed()
}

fn rmsprop() -> BoxedStrategy<Vec<f64>> {
    (0.8f32..0.99, unit(), epsilon(), flag())
        .prop_map(|(rho, mu, eps, centered)| list(&[rho, mu, eps, centered]))
        .boxed()
}

fn adam() -> BoxedStrategy<Vec<f64>> {
    (0.0f32..0.99, 0.5f32..0.999, epsilon(), flag())
        .prop_map(|(b1, b2, eps, amsgrad)| list(&[b1, b2, eps, amsgrad]))
        .boxed()
}

fn moments() -> BoxedStrategy<Vec<f64>> {
    (0.0f32..0.99, 0.5f32..0.999, epsilon()).prop_map(|(b1, b2, eps)| list(&[b1, b2, eps])).boxed()
}

fn ftrl() -> BoxedStrategy<Vec<f64>> {
    let power = prop_oneof![Just(-0.5f32), Just(-1.0), -1.0f32..-0.1];
    let strength = || prop_oneof![Just(0.0f32), 0.0f32..0.5];
    let start = prop_oneof![Just(0.0f32), 0.0f32..1.0];
    (power, start, strength(), strength(), strength(), strength())
        .prop_map(|(power, start, l1, l2, shrinkage, beta)| {
            list(&[power, start, l1, l2, shrinkage, beta])
        })
        .boxed()
}

fn schedule_free() -> BoxedStrategy<Vec<f64>> {
    (0.5f32..0.99, 0.5f32..0.999, epsilon(), 0u8..10)
        .prop_map(|(b1, b2, eps, warmup)| list(&[b1, b2, eps, f32::from(warmup)]))
        .boxed()
}
