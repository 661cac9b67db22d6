//! `OneCycle`: a rise to the peak rate, then a decay to far below the initial rate. Not in Keras.
//!
//! Smith and Topin 2018, "Super-convergence", as implemented by PyTorch 1.13's `OneCycleLR`: the peak is at step
//! `pct_start * total_steps - 1`, the end at `total_steps - 1`. PyTorch raises an error after the end; in gradstep the rate
//! stays constant.

use super::cosine_decay::half_wave;
use super::{ABSENT, Spec};

pub(super) const SPEC: Spec = Spec {
    name: "one_cycle",
    arguments: &[
        ("max_learning_rate", ABSENT),
        ("total_steps", ABSENT),
        ("pct_start", 0.3),
        // 0: cos, 1: linear.
        ("anneal_strategy", 0.0),
        ("div_factor", 25.0),
        ("final_div_factor", 1e4),
        ("three_phase", 0.0),
    ],
    rate,
};

fn rate(arguments: &[f64], step: f64) -> Option<f32> {
    let [max, total_steps, pct_start, strategy, div_factor, final_div_factor, three_phase] =
        *arguments
    else {
        return None;
    };
    let first = max / div_factor;
    let last = first / final_div_factor;
    let (peak, end) = (pct_start * total_steps - 1.0, total_steps - 1.0);
    let step = step.max(0.0);
    // With three phases, the rise and the descent after it are equally long.
    let foot = if three_phase == 0.0 { end } else { 2.0 * peak };
    let low = if three_phase == 0.0 { last } else { first };
    let (from, to, begin, until) = if step <= peak {
        (first, max, 0.0, peak)
    } else if three_phase == 0.0 || step <= foot {
        (max, low, peak, foot)
    } else {
        (first, last, foot, end)
    };
    // A phase without steps is skipped.
    let fraction = if until > begin { ((step - begin) / (until - begin)).min(1.0) } else { 1.0 };
    let left =
        if strategy == 0.0 { f64::from(half_wave(1.0, fraction as f32)) } else { 1.0 - fraction };
    Some((to + (from - to) * left) as f32)
}
