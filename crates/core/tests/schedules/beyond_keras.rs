//! Schedules that Keras lacks, at the steps where they turn.

use crate::{assert_rate, rate};

const WARMUP_STABLE: u32 = 6;
const INVERSE_SQRT: u32 = 7;
const REX: u32 = 8;

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
    // Past 2^24 steps are told apart.
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
