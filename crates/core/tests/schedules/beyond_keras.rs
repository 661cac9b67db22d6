//! Schedules that Keras lacks, at the steps where their phases change.

use crate::{assert_rate, rate};

const WARMUP_STABLE: u32 = 6;
const INVERSE_SQRT: u32 = 7;
const REX: u32 = 8;
const ONE_CYCLE: u32 = 9;
const CYCLIC: u32 = 10;
const LINEAR: u32 = 11;
const CONSTANT: u32 = 12;

#[test]
fn warmup_stable_decay_rises_stays_and_ends_at_zero() {
    for cooldown in 0..4 {
        let packed = [0.2, 10.0, 30.0, 20.0, f64::from(cooldown)];
        for (step, expected) in [
            (-3.0, 0.0),
            (0.0, 0.0),
            (1.0, 0.02),
            (9.0, 0.18),
            (10.0, 0.2),
            (39.0, 0.2),
            (40.0, 0.2),
        ] {
            assert_rate(WARMUP_STABLE, &packed, step, expected);
        }
        let half = [0.5, 0.5, 1.0 - 0.5f64.sqrt(), 0.75][cooldown as usize];
        assert_rate(WARMUP_STABLE, &packed, 50.0, 0.2 * half);
        for step in [60.0, 61.0, 1e9, f64::MAX] {
            assert_eq!(rate(WARMUP_STABLE, &packed, step), 0.0);
        }
    }
    // No warm-up and no plateau: the peak is at step 0.
    assert_rate(WARMUP_STABLE, &[0.2, 0.0, 0.0, 4.0, 1.0], 0.0, 0.2);
    // Steps above 2^24 are distinct.
    assert_rate(WARMUP_STABLE, &[1.0, 0.0, 16_777_216.0, 4.0, 1.0], 16_777_217.0, 0.75);
}

#[test]
fn inverse_sqrt_meets_its_warm_up() {
    for (step, expected) in
        [(-1.0, 0.0), (0.0, 0.0), (50.0, 0.05), (100.0, 0.1), (400.0, 0.05), (1e6, 0.001)]
    {
        assert_rate(INVERSE_SQRT, &[0.1, 100.0], step, expected);
    }
}

#[test]
fn rex_falls_to_zero_and_stays() {
    for (step, expected) in
        [(-1.0, 0.1), (0.0, 0.1), (50.0, 0.1 / 1.5), (75.0, 0.04), (100.0, 0.0), (1e9, 0.0)]
    {
        assert_rate(REX, &[0.1, 100.0], step, expected);
    }
}

#[test]
fn one_cycle_has_pytorchs_ends() {
    for strategy in [0.0, 1.0] {
        // The rise takes steps 0 to 24, the decay ends at 99: PyTorch's phases are one step short.
        let packed = [0.5, 100.0, 0.25, strategy, 25.0, 1e4, 0.0];
        for (step, expected) in [
            (-1.0, 0.02),
            (0.0, 0.02),
            (12.0, 0.26),
            (24.0, 0.5),
            (61.5, (0.5 + 2e-6) / 2.0),
            (99.0, 2e-6),
            (100.0, 2e-6),
            (1e9, 2e-6),
        ] {
            assert_rate(ONE_CYCLE, &packed, step, expected);
        }
        assert_eq!(rate(ONE_CYCLE, &packed, 99.0), 2e-6);
        let three = [0.5, 100.0, 0.25, strategy, 25.0, 1e4, 1.0];
        for (step, expected) in [(24.0, 0.5), (36.0, 0.26), (48.0, 0.02), (99.0, 2e-6)] {
            assert_rate(ONE_CYCLE, &three, step, expected);
        }
        // No rise, only a rise, one step.
        assert_rate(ONE_CYCLE, &[0.5, 10.0, 0.1, strategy, 25.0, 10.0, 0.0], 0.0, 0.5);
        assert_rate(ONE_CYCLE, &[0.5, 10.0, 1.0, strategy, 25.0, 10.0, 0.0], 9.0, 0.5);
        assert_rate(ONE_CYCLE, &[0.5, 1.0, 0.3, strategy, 25.0, 10.0, 0.0], 0.0, 0.002);
    }
}

#[test]
fn cyclic_rises_falls_and_shrinks() {
    let packed = |mode, gamma| [0.1, 0.5, 10.0, 30.0, mode, gamma];
    for (step, expected) in [(-1.0, 0.1), (0.0, 0.1), (5.0, 0.3), (10.0, 0.5), (25.0, 0.3)] {
        assert_rate(CYCLIC, &packed(0.0, 1.0), step, expected);
        assert_rate(CYCLIC, &packed(1.0, 1.0), step, expected);
        assert_rate(CYCLIC, &packed(2.0, 1.0), step, expected);
        assert_rate(CYCLIC, &packed(0.0, 1.0), step.max(0.0) + 80.0, expected);
        assert_rate(CYCLIC, &packed(1.0, 1.0), step.max(0.0) + 80.0, 0.1 + (expected - 0.1) / 4.0);
    }
    assert_rate(CYCLIC, &packed(2.0, 0.99), 10.0, 0.1 + 0.4 * 0.99f64.powi(10));
    // By default, the descent takes as many steps as the rise.
    assert_rate(CYCLIC, &[0.1, 0.5, 10.0, crate::NONE, 0.0, 1.0], 15.0, 0.3);
    assert_rate(CYCLIC, &packed(1.0, 1.0), 1e15 + 10.0, 0.1);
    // A factor above 1 overflows: the rate is infinite within a cycle, and the base rate at its ends.
    assert_eq!(rate(CYCLIC, &packed(2.0, 1.5), 40_005.0), f32::INFINITY);
    for step in [40_000.0, 2_147_483_640.0] {
        assert_rate(CYCLIC, &packed(2.0, 1.5), step, 0.1);
    }
    assert_rate(CYCLIC, &[0.5, 0.5, 10.0, 30.0, 2.0, 1.5], 40_005.0, 0.5);
}

#[test]
fn straight_lines_end() {
    for (step, expected) in
        [(-1.0, 0.2), (0.0, 0.2), (2.5, 0.25), (10.0, 0.4), (11.0, 0.4), (f64::MAX, 0.4)]
    {
        assert_rate(LINEAR, &[0.2, 10.0, 0.4], step, expected);
    }
    assert_rate(LINEAR, &[1.0, 33_554_434.0, 0.0], 16_777_217.0, 0.5);
    assert_eq!(rate(CONSTANT, &[0.3], 1e9), 0.3);
}
