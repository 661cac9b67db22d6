//! The arguments that all Keras optimizers share.

/// Base options of an optimizer.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Decoupled weight decay; NaN for none.
    pub weight_decay: f64,
    /// Largest L2 norm of each gradient; no limit unless positive.
    pub clipnorm: f64,
    /// Largest L2 norm of all gradients together; no limit unless positive.
    pub global_clipnorm: f64,
    /// Largest magnitude of each element of a gradient; no limit unless positive.
    pub clipvalue: f64,
    /// Momentum of the moving average of the weights; NaN for no average.
    pub ema_momentum: f64,
    /// Updates after which the average is copied into the weights; 0 for never.
    pub ema_overwrite_frequency: u32,
    /// Calls whose gradients are averaged into one update; below 2 for none.
    pub accumulation_steps: u32,
    /// Largest norm of the gradient of an output, as a multiple of the norm of its weights; no limit unless positive.
    pub adaptive_clip: f64,
    /// The sum of flags such as [`Options::CAUTIOUS`]; 0 for none.
    pub flags: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            weight_decay: f64::NAN,
            clipnorm: f64::NAN,
            global_clipnorm: f64::NAN,
            clipvalue: f64::NAN,
            ema_momentum: f64::NAN,
            ema_overwrite_frequency: 0,
            accumulation_steps: 0,
            adaptive_clip: f64::NAN,
            flags: 0,
        }
    }
}

impl Options {
    pub(super) fn accumulates(&self) -> bool {
        self.accumulation_steps >= 2
    }

    pub(super) fn averages(&self) -> bool {
        !self.ema_momentum.is_nan()
    }

    /// Updates finished after `calls` calls: Keras's public `iterations`.
    pub(super) fn updates(&self, calls: f64) -> f64 {
        if self.accumulates() {
            (calls / f64::from(self.accumulation_steps)).floor()
        } else {
            calls
        }
    }

    /// Whether the call after `calls` calls updates the weights, or only gathers gradients.
    pub(super) fn is_update(&self, calls: f64) -> bool {
        !self.accumulates() || is_multiple(calls + 1.0, f64::from(self.accumulation_steps))
    }
}

/// Whether `count` is a multiple of `of`, for whole numbers below 2^53. `%` would be a loop over the bits of an `f64`, which
/// takes 2 kB of the module. For such numbers, the quotient of a multiple and the product are exact.
pub(super) fn is_multiple(count: f64, of: f64) -> bool {
    (count / of).floor() * of == count
}
