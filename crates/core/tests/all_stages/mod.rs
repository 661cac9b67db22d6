//! Options with all of Keras's stages around a rule except the global clipnorm, which depends on all rows.

use gradstep_core::plan::Options;

/// Options that turn on all stages.
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
