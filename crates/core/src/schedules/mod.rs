//! Learning-rate schedules: the learning rate as a function of the step, in Keras 3's arithmetic. The heads of schedules that
//! Keras lacks say so.
//!
//! Keras computes a schedule in the dtype of its initial rate, `float32`: each argument is rounded to
//! `f32` once, the step is cast to `f32` (so steps above 2^24 = 16,777,216 lose their last bits, in
//! Keras too), and every operation rounds. The schedules keep Keras's order of operations.
//!
//! Adding a schedule: a file with a `SPEC`, a `mod` line, and a line at the end of [`SPECS`] (the
//! position is the id that TypeScript passes; never reorder).

mod constant;
mod cosine_decay;
mod cosine_decay_restarts;
mod cyclic;
mod exponential_decay;
mod inverse_sqrt;
mod inverse_time_decay;
mod linear;
mod one_cycle;
mod piecewise_constant_decay;
mod polynomial_decay;
mod rex;
mod warmup_stable_decay;

/// The list of all schedules. A schedule's index is its id.
pub static SPECS: &[Spec] = &[
    exponential_decay::SPEC,
    inverse_time_decay::SPEC,
    piecewise_constant_decay::SPEC,
    polynomial_decay::SPEC,
    cosine_decay::SPEC,
    cosine_decay_restarts::SPEC,
    warmup_stable_decay::SPEC,
    inverse_sqrt::SPEC,
    rex::SPEC,
    one_cycle::SPEC,
    cyclic::SPEC,
    linear::SPEC,
    constant::SPEC,
];

/// A NaN that means "no default" in [`Spec::arguments`], and "not given" in a call: test with `is_nan`, and write it as
/// `null` in JSON.
pub const ABSENT: f64 = f64::NAN;

/// A schedule's name and arguments.
pub struct Spec {
    /// The class name in snake case: the name of the file in this folder and, with hyphens, in `ts/schedules/`.
    pub name: &'static str,
    /// Keras's constructor arguments except `name`, in order, with defaults. A Boolean is 0 or 1. [`ABSENT`] marks an argument
    /// that is required, or whose default is `None`.
    pub arguments: &'static [(&'static str, f64)],
    rate: fn(&[f64], f64) -> Option<f32>,
}

/// The learning rate of schedule `id` at `step`.
///
/// `arguments` are the numbers of [`Spec::arguments`] in that order; only `piecewise_constant_decay`,
/// whose arguments are lists, packs them: n boundaries, then n + 1 values.
/// `None` if no schedule has this id, or the count of arguments is wrong. The function never panics and never allocates. It
/// does not validate arguments: the caller refuses values such as `decay_steps <= 0`.
///
/// ```
/// // ExponentialDecay(0.1, decay_steps=3, decay_rate=0.5, staircase=True) at step 7.
/// assert_eq!(gradstep_core::schedules::evaluate(0, &[0.1, 3.0, 0.5, 1.0], 7.0), Some(0.025));
/// ```
pub fn evaluate(id: u32, arguments: &[f64], step: f64) -> Option<f32> {
    let spec = SPECS.get(usize::try_from(id).ok()?)?;
    (spec.rate)(arguments, step)
}

/// The number of decay periods that have passed; a whole number for a staircase.
fn periods(step: f64, decay_steps: f64, staircase: f64) -> f32 {
    let p = step as f32 / decay_steps as f32;
    if staircase == 0.0 { p } else { p.floor() }
}
