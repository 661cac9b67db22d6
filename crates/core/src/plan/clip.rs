//! Clipping of gradients, with Keras's arithmetic and precedence.

use super::Options;
use crate::lanes::{Lanes, Native, map_in_place};
use crate::memory::Span;
use crate::reduce;

/// How gradients are clipped: as it is configured, and what becomes of that once a norm is known.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clip {
    /// Each element to `[-v, v]`.
    Value(f32),
    /// The gradient of each variable to this norm.
    Norm(f32),
    /// All gradients together to this norm.
    GlobalNorm(f64),
    /// All gradients together: multiply by this number, see [`global_factor`].
    Factor(f32),
    /// The gradient of this variable: `(g c) / divisor`.
    Ratio { c: f32, divisor: f32 },
}

impl Clip {
    /// The clip that the options name: `clipnorm` before `global_clipnorm` before `clipvalue`. A limit
    /// that is not positive is none.
    pub fn configured(options: &Options) -> Option<Self> {
        if options.clipnorm > 0.0 {
            Some(Clip::Norm(options.clipnorm as f32))
        } else if options.global_clipnorm > 0.0 {
            Some(Clip::GlobalNorm(options.global_clipnorm))
        } else if options.clipvalue > 0.0 {
            Some(Clip::Value(options.clipvalue as f32))
        } else {
            None
        }
    }

    /// The clip of one step, given the norm of all its gradients: a global limit becomes a factor.
    pub fn with_global_norm(self, norm: impl FnOnce() -> f32) -> Self {
        match self {
            Clip::GlobalNorm(c) => Clip::Factor(global_factor(c, norm())),
            other => other,
        }
    }

    /// Clips one gradient in place; limits of norms have become a factor or a ratio before.
    #[inline(never)]
    pub fn apply(self, g: &mut [f32]) {
        match self {
            Clip::Value(v) => {
                let (low, high) = (Native::splat(-v), Native::splat(v));
                map_in_place(g, |x| x.max(low).min(high));
            }
            Clip::Factor(k) => map_in_place(g, |x| x * Native::splat(k)),
            Clip::Ratio { c, divisor } => {
                let (c, divisor) = (Native::splat(c), Native::splat(divisor));
                map_in_place(g, |x| x * c / divisor);
            }
            Clip::Norm(_) | Clip::GlobalNorm(_) => {}
        }
    }

    /// The clip of one variable, given the norm of its gradient: a norm limit becomes a ratio.
    pub fn with_norm(self, norm: impl FnOnce() -> f32) -> Self {
        match self {
            Clip::Norm(c) => {
                let norm = norm();
                // max that keeps a NaN norm, as numpy's: everything becomes NaN then.
                let divisor = if norm < c { c } else { norm };
                Clip::Ratio { c, divisor }
            }
            other => other,
        }
    }
}

/// Factor for clipping all gradients to the norm `c` together: `c min(1/N, 1/c) + (N - N)`, which is
/// NaN when the norm `N` is not finite, as in Keras.
pub(super) fn global_factor(c: f64, norm: f32) -> f32 {
    if !norm.is_finite() {
        return f32::NAN;
    }
    let (inverse, limit) = (1.0 / norm, (1.0 / c) as f32);
    (c as f32) * (if inverse < limit { inverse } else { limit })
}

/// Clips gradients in place as a step would, without a plan.
pub fn clip_in_place(options: &Options, gradients: &mut [Span]) {
    let squares = || gradients.iter().map(|g| reduce::sum_of_squares(g.values())).sum::<f64>();
    let norm = || squares().sqrt() as f32;
    let Some(clip) = Clip::configured(options).map(|clip| clip.with_global_norm(norm)) else {
        return;
    };
    for g in gradients {
        clip.with_norm(|| reduce::norm(g.values())).apply(g.values_mut());
    }
}

#[cfg(test)]
mod tests {
    use super::{Clip, global_factor};

    #[test]
    fn a_small_norm_is_left_alone() {
        let Clip::Ratio { c, divisor } = Clip::Norm(2.0).with_norm(|| 1.0) else { panic!() };
        assert_eq!((c, divisor), (2.0, 2.0));
        assert_eq!(global_factor(2.0, 1.0), 1.0);
        assert_eq!(global_factor(2.0, 0.0), 1.0);
    }

    #[test]
    fn an_infinite_norm_poisons_everything() {
        assert!(global_factor(1.0, f32::INFINITY).is_nan());
        assert!(global_factor(1.0, f32::NAN).is_nan());
        let Clip::Ratio { divisor, .. } = Clip::Norm(1.0).with_norm(|| f32::NAN) else { panic!() };
        assert!(divisor.is_nan());
    }
}
