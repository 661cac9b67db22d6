//! Properties that hold for all arguments and steps.

use crate::{COSINE, EXPONENTIAL, INVERSE_TIME, NONE, PIECEWISE, POLYNOMIAL, RESTARTS, rate};
use gradstep_core::schedules::evaluate;
use proptest::prelude::*;

fn steps() -> impl Strategy<Value = f64> {
    prop_oneof![0u64..5000, 0u64..1 << 24, 0u64..1 << 53].prop_map(|step| step as f64)
}

proptest! {
    #[test]
    fn nothing_panics(id in 0u32..14, arguments in prop::collection::vec(any::<f64>(), 0..9), step in any::<f64>()) {
        let _ = evaluate(id, &arguments, step);
    }

    #[test]
    fn rates_stay_between_floor_and_peak(
        lr in 1e-6f64..10.0, d in 1u32..100_000, alpha in 0.0f64..1.0, t_mul in 0.2f64..10.0, m_mul in 0.1f64..1.0,
        power in 0.1f64..4.0, end in 0.0f64..1.0, step in steps(),
    ) {
        let d = f64::from(d);
        let within = |rate: f32, low: f64, high: f64| {
            f64::from(rate) >= low - 2e-6 * high && f64::from(rate) <= high * (1.0 + 2e-6)
        };
        prop_assert!(within(rate(COSINE, &[lr, d, alpha, NONE, 0.0], step), lr * alpha, lr));
        prop_assert!(within(rate(RESTARTS, &[lr, d, t_mul, m_mul, alpha], step), lr * alpha, lr));
        prop_assert!(within(rate(RESTARTS, &[lr, d, 1.0, m_mul, alpha], step), lr * alpha, lr));
        for cycle in [0.0, 1.0] {
            prop_assert!(within(rate(POLYNOMIAL, &[lr, d, end * lr, power, cycle], step), end * lr, lr));
        }
        for staircase in [0.0, 1.0] {
            prop_assert!(within(rate(EXPONENTIAL, &[lr, d, alpha, staircase], step), 0.0, lr));
            prop_assert!(within(rate(INVERSE_TIME, &[lr, d, alpha, staircase], step), 0.0, lr));
        }
    }

    #[test]
    fn a_staircase_is_flat_between_whole_periods(
        id in prop_oneof![Just(EXPONENTIAL), Just(INVERSE_TIME)], d in 1u32..1000, decay_rate in 0.1f64..1.0, step in 0u32..100_000,
    ) {
        let arguments = [0.1, f64::from(d), decay_rate, 1.0];
        let begin = f64::from(step / d * d);
        prop_assert_eq!(rate(id, &arguments, f64::from(step)), rate(id, &arguments, begin));
    }

    #[test]
    fn piecewise_is_a_search(
        mut boundaries in prop::collection::vec(0u32..1000, 1..8), step in 0u32..1100,
    ) {
        boundaries.sort_unstable();
        let below = boundaries.iter().filter(|&&boundary| boundary < step).count();
        let values = (0..=boundaries.len()).map(|i| 1.0 / (1 + i) as f64);
        let packed: Vec<f64> = boundaries.iter().map(|&b| f64::from(b)).chain(values).collect();
        prop_assert_eq!(rate(PIECEWISE, &packed, f64::from(step)), (1.0 / (1 + below) as f64) as f32);
    }
}
