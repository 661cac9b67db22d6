//! Schedules compared with their definitions in double precision, at boundary steps.

mod beyond_keras;
mod properties;
mod restarts;

use gradstep_core::schedules::{SPECS, evaluate};

const EXPONENTIAL: u32 = 0;
const INVERSE_TIME: u32 = 1;
const PIECEWISE: u32 = 2;
const POLYNOMIAL: u32 = 3;
const COSINE: u32 = 4;
const RESTARTS: u32 = 5;

/// An argument that is not given.
const NONE: f64 = f64::NAN;

/// The rate of a valid call.
fn rate(id: u32, arguments: &[f64], step: f64) -> f32 {
    evaluate(id, arguments, step).expect("known id, right count")
}

/// Within the project's tolerance, relative to the larger of `scale` and the expected number.
fn close(actual: f32, expected: f64, scale: f64) -> bool {
    (f64::from(actual) - expected).abs() <= 2e-6 * scale.abs().max(expected.abs())
}

fn assert_rate(id: u32, arguments: &[f64], step: f64, expected: f64) {
    let actual = rate(id, arguments, step);
    assert!(
        close(actual, expected, arguments[0]),
        "{} {arguments:?} at {step}: {actual}, expected {expected}",
        SPECS[id as usize].name,
    );
}

#[test]
fn ids_are_in_the_documented_order() {
    let names: Vec<_> = SPECS.iter().map(|spec| spec.name).collect();
    assert_eq!(
        names,
        [
            "exponential_decay",
            "inverse_time_decay",
            "piecewise_constant_decay",
            "polynomial_decay",
            "cosine_decay",
            "cosine_decay_restarts",
            "warmup_stable_decay",
            "inverse_sqrt",
            "rex",
            "one_cycle",
            "cyclic",
            "linear",
            "constant",
        ],
    );
}

#[test]
fn unknown_ids_and_wrong_counts_are_none() {
    assert_eq!(evaluate(SPECS.len() as u32, &[1.0; 4], 0.0), None);
    assert_eq!(evaluate(u32::MAX, &[], 0.0), None);
    for (id, spec) in SPECS.iter().enumerate() {
        for count in 0..=12 {
            let expected = match id as u32 {
                PIECEWISE => count % 2 == 1 && count > 1,
                _ => count == spec.arguments.len(),
            };
            let given = evaluate(id as u32, &vec![1.0; count], 3.0).is_some();
            assert_eq!(given, expected, "{} with {count}", spec.name);
        }
    }
}

#[test]
fn exponential_and_inverse_time_step_down_at_whole_periods() {
    assert_rate(EXPONENTIAL, &[0.05, 10.0, 0.96, 0.0], 5.0, 0.05 * 0.96f64.sqrt());
    for (step, periods) in [(0.0, 0), (1.0, 0), (2.0, 0), (3.0, 1), (5.0, 1), (6.0, 2), (100.0, 33)]
    {
        let expected = 0.1 * 0.96f64.powi(periods);
        assert_rate(EXPONENTIAL, &[0.1, 3.0, 0.96, 1.0], step, expected);
        let expected = 0.1 / (1.0 + 0.96 * f64::from(periods));
        assert_rate(INVERSE_TIME, &[0.1, 3.0, 0.96, 1.0], step, expected);
    }
    for step in 0..=10 {
        let p = f64::from(step) / 10.0;
        assert_rate(INVERSE_TIME, &[0.1, 10.0, 0.96, 0.0], f64::from(step), 0.1 / (1.0 + 0.96 * p));
    }
}

#[test]
fn piecewise_boundaries_belong_to_the_interval_below() {
    let packed = [100.0, 110.0, 120.0, 1.0, 0.1, 0.01, 0.001];
    for (step, expected) in [
        (-999.0, 1.0),
        (100.0, 1.0),
        (100.5, 0.1),
        (101.0, 0.1),
        (110.0, 0.1),
        (111.0, 0.01),
        (120.0, 0.01),
        (121.0, 0.001),
        (999.0, 0.001),
    ] {
        assert_eq!(rate(PIECEWISE, &packed, step), expected, "at {step}");
    }
}

#[test]
fn piecewise_boundaries_take_the_dtype_of_the_step() {
    let packed = [1.5, 1.0, 2.0];
    assert_eq!(rate(PIECEWISE, &packed, 1.0), 1.0);
    assert_eq!(rate(PIECEWISE, &packed, 2.0), 2.0, "1.5 is 1 for an integer step");
    assert_eq!(rate(PIECEWISE, &packed, 1.25), 1.0);
    assert_eq!(rate(PIECEWISE, &packed, 1.75), 2.0);
    // Integer steps are compared as integers, although `f32` cannot tell these apart.
    let packed = [16_777_217.0, 1.0, 2.0];
    assert_eq!(rate(PIECEWISE, &packed, 16_777_217.0), 1.0);
    assert_eq!(rate(PIECEWISE, &packed, 16_777_218.0), 2.0);
}

#[test]
fn polynomial_ends_at_decay_steps_or_begins_again_after() {
    let (lr, end) = (0.05, 0.001);
    for (step, expected) in [(0.0, lr), (5.0, 0.0255), (10.0, end), (15.0, end), (1e9, end)] {
        assert_rate(POLYNOMIAL, &[lr, 10.0, end, 1.0, 0.0], step, expected);
    }
    let sqrt = (lr - end) * 0.5f64.sqrt() + end;
    assert_rate(POLYNOMIAL, &[lr, 10.0, end, 0.5, 0.0], 5.0, sqrt);
    // The multiple is still 10 at step 10, and 20 at step 11.
    let after = |step: f64, d: f64| (lr - end) * (1.0 - step / d) + end;
    for (step, expected) in
        [(0.0, lr), (10.0, end), (11.0, after(11.0, 20.0)), (15.0, 0.01325), (20.0, end)]
    {
        assert_rate(POLYNOMIAL, &[lr, 10.0, end, 1.0, 1.0], step, expected);
    }
}

#[test]
fn cosine_warms_up_to_the_target_and_decays_from_it() {
    let wave = |f: f64| 0.5 * (1.0 + (std::f64::consts::PI * f).cos());
    for step in [0.0, 1.0, 250.0, 500.0, 999.0, 1000.0, 1250.0] {
        let expected = wave(f64::min(step, 1000.0) / 1000.0);
        // warmup_steps without a target is ignored.
        assert_rate(COSINE, &[1.0, 1000.0, 0.0, NONE, 300.0], step, expected);
        let expected = 0.9 * expected + 0.1;
        assert_rate(COSINE, &[1.0, 1000.0, 0.1, NONE, 0.0], step, expected);
    }
    let warm = [1.0, 1000.0, 0.1, 10.0, 1500.0];
    for step in [0.0, 1.0, 750.0, 1499.0] {
        assert_rate(COSINE, &warm, step, 9.0 * step / 1500.0 + 1.0);
    }
    for step in [1500.0, 1501.0, 2000.0, 2500.0, 2501.0, 1e9] {
        let fraction = f64::min(step - 1500.0, 1000.0) / 1000.0;
        assert_rate(COSINE, &warm, step, 10.0 * (0.9 * wave(fraction) + 0.1));
    }
    assert_eq!(rate(COSINE, &[1.0, 1000.0, 0.0, 10.0, 0.0], 0.0), 10.0);
}
