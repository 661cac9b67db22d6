//! `CosineDecayRestarts` restarts at the right steps, which are computed with exact fractions.

use crate::{RESTARTS, assert_rate, close, rate};
use proptest::prelude::*;

/// Restarts of `t_mul = p / q` at whole steps up to 2^24, as (period, step).
fn whole_restarts(first: u128, p: u128, q: u128) -> Vec<(i32, u128)> {
    let mut found = Vec::new();
    // Restart i is at step first * sum over j < i of (p/q)^j, a fraction with denominator q^(i-1).
    let (mut numerator, mut term, mut denominator) = (first, first, 1u128);
    for period in 1.. {
        let step = numerator / denominator;
        if step >= 1 << 24 || numerator > 1 << 100 {
            return found;
        }
        if numerator % denominator == 0 {
            found.push((period, step));
        }
        term *= p;
        denominator *= q;
        numerator = numerator * q + term;
    }
    found
}

#[test]
fn every_whole_restart_restarts() {
    let (mut restarts, mut tried) = (0, 0);
    // Factors from 11/10 to 10, in tenths, eighths and thirds.
    for (p, q) in
        (11..=100).map(|p| (p, 10)).chain((9..=80).map(|p| (p, 8))).chain((4..=30).map(|p| (p, 3)))
    {
        let t_mul = p as f64 / q as f64;
        for first in [1, 2, 3, 7, 10, 64, 100, 333, 1000, 4096, 10_000] {
            let arguments = [0.3, first as f64, t_mul, 0.9, 0.0];
            tried += 1;
            for (period, step) in whole_restarts(first, p, q) {
                restarts += 1;
                assert_rate(RESTARTS, &arguments, step as f64, 0.3 * 0.9f64.powi(period));
                // No restart comes too early: the last step of a long period is near its end.
                if first >= 64 && step < 1 << 19 {
                    let height = 0.3 * 0.9f64.powi(period - 1);
                    assert_rate_below(&arguments, step as f64 - 1.0, 0.01 * height);
                }
            }
        }
    }
    assert!(tried > 1000 && restarts > 4000, "{restarts} restarts of {tried} schedules");
}

fn assert_rate_below(arguments: &[f64], step: f64, bound: f64) {
    let actual = rate(RESTARTS, arguments, step);
    assert!(f64::from(actual) < bound, "{arguments:?} at {step}: {actual}, expected < {bound}");
}

#[test]
fn restarts_of_equal_length() {
    let wave = |f: f64| 0.5 * (1.0 + (std::f64::consts::PI * f).cos());
    for step in [0u32, 1, 99, 100, 101, 250, 900, 99_900] {
        let (period, fraction) = (step / 100, f64::from(step % 100) / 100.0);
        let expected = 0.9f64.powi(period as i32) * wave(fraction);
        assert_rate(RESTARTS, &[1.0, 100.0, 1.0, 0.9, 0.0], f64::from(step), expected);
        assert_rate(RESTARTS, &[1.0, 100.0, 1.0, 0.9, 0.1], f64::from(step), 0.9 * expected + 0.1);
    }
}

#[test]
fn shrinking_periods_end_at_the_floor() {
    // Periods 100, 50, 25 ...: all of them end by step 200, where Keras returns NaN.
    let arguments = [1.0, 100.0, 0.5, 1.0, 0.25];
    for step in [100.0, 150.0, 175.0] {
        assert_rate(RESTARTS, &arguments, step, 1.0);
    }
    for step in [200.0, 201.0, 1e6] {
        assert_eq!(rate(RESTARTS, &arguments, step), 0.25);
    }
}

proptest! {
    #[test]
    fn restarts_land_for_any_growth(
        first in 1u32..5000, p in 12u32..80, q in 2u32..8, m_mul in 0.5f64..1.0, alpha in 0.0f64..0.5,
    ) {
        let t_mul = f64::from(p) / f64::from(q);
        for (period, step) in whole_restarts(first.into(), p.into(), q.into()) {
            let expected = 0.1 * ((1.0 - alpha) * m_mul.powi(period) + alpha);
            let actual = rate(RESTARTS, &[0.1, f64::from(first), t_mul, m_mul, alpha], step as f64);
            prop_assert!(close(actual, expected, 0.1), "period {period} at {step}: {actual}, {expected}");
        }
    }
}
