//! Options with all of Keras's stages around a rule but the global limit, which is not a property of a row.

use gradstep_core::plan::Options;

/// All stages.
pub fn all_stages() -> Options {
    Options {
        weight_decay: 0.01,
        clipnorm: 0.7,
        ema_momentum: 0.9,
        ema_overwrite_frequency: 2,
        accumulation_steps: 2,
        ..Options::default()
    }
}
