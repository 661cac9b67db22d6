//! `CosineDecayRestarts` (SGDR): a cosine decay with restarts, each period `t_mul` times as long
//! and `m_mul` times as high as the one before.
//!
//! Period `i` begins at step `first_decay_steps * (t_mul^i - 1) / (t_mul - 1)`. The period of a step is the floor of a
//! quotient of logarithms in `f32`, as in Keras, so exactly at a restart, one unit in the last place decides between the full
//! rate and zero. Keras misses some restarts because of this (on numpy: `t_mul` 1.2, `first_decay_steps` 10, step 22), and
//! different ones on other backends. gradstep restarts at every step that is exactly a restart ([`exact_restart`]); at all
//! other steps it computes the same as Keras.

use super::cosine_decay::half_wave;
use super::{ABSENT, Spec};
use crate::rounded::{log, pow};

pub(super) const SPEC: Spec = Spec {
    name: "cosine_decay_restarts",
    arguments: &[
        ("initial_learning_rate", ABSENT),
        ("first_decay_steps", ABSENT),
        ("t_mul", 2.0),
        ("m_mul", 1.0),
        ("alpha", 0.0),
    ],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let [initial, first_decay_steps, t_mul, m_mul, alpha] = *arguments else {
        return None;
    };
    let (initial, alpha) = (initial as f32, alpha as f32);
    let completed = step as f32 / first_decay_steps as f32;
    let place = if t_mul as f32 == 1.0 {
        let period = completed.floor();
        Some((period, completed - period))
    } else if let Some(period) = exact_restart(step / first_decay_steps, t_mul) {
        Some((period, 0.0))
    } else {
        geometric(completed, t_mul as f32)
    };
    let Some((period, fraction)) = place else {
        return Some(initial * alpha);
    };
    let wave = half_wave(pow(m_mul as f32, period), fraction);
    // `alpha` is not multiplied by `m_mul`, so the minimum is the same in every period.
    Some(initial * ((1.0 - alpha) * wave + alpha))
}

/// The period, and the fraction of it that has passed. `completed` is the number of steps in units of the first period.
///
/// `None` after the last period: with a `t_mul` below 1, all periods together last `first_decay_steps / (1 - t_mul)` steps,
/// after which Keras returns NaN.
fn geometric(completed: f32, t_mul: f32) -> Option<(f32, f32)> {
    let grown = 1.0 - completed * (1.0 - t_mul);
    if grown <= 0.0 {
        return None;
    }
    let period = (log(grown) / log(t_mul)).floor();
    let length = pow(t_mul, period);
    let before = (1.0 - length) / (1.0 - t_mul);
    Some((period, (completed - before) / length))
}

/// The period that begins at `completed`, if there is one within the rounding error of `f64`.
///
/// With a `t_mul` of 1.1 and `first_decay_steps` of 100, `f64` finds the restart at step 210, and `f32` does not, because its
/// 1.1 is 1.10000002. The tolerance is far above the rounding error and far below one step.
fn exact_restart(completed: f64, t_mul: f64) -> Option<f32> {
    const TOLERANCE: f64 = 1e-12;
    let rise = t_mul - 1.0;
    let period = libm::round(libm::log1p(completed * rise) / libm::log(t_mul));
    let begins = (libm::pow(t_mul, period) - 1.0) / rise;
    let here = period.is_finite() && (begins - completed).abs() <= TOLERANCE * completed;
    here.then_some(period as f32)
}
