//! Clipping of gradients, with Keras's arithmetic and precedence.

use super::Options;
use crate::lanes::{Lanes, Native, map_in_place};
use crate::memory::Span;
use crate::reduce;

/// The clip of gradients: the configured one, or the factor computed from it once a norm is known.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clip {
    /// Clips each element to `[-v, v]`.
    Value(f32),
    /// Clips the gradient of each variable to this norm.
    Norm(f64),
    /// Clips all gradients together to this norm.
    GlobalNorm(f64),
    /// Multiplies all gradients by this number, see [`global`].
    Factor(f32),
    /// Computes `(g c) / divisor` for the gradient of this variable.
    Ratio { c: f32, divisor: f32 },
    /// Multiplies by this number in double precision, because an intermediate result of Keras's arithmetic would exceed `f32`.
    Exact(f64),
}

impl Clip {
    /// The clip of the options: `clipnorm` before `global_clipnorm` before `clipvalue`. A limit that is not positive is
    /// ignored.
    pub fn configured(options: &Options) -> Option<Self> {
        if options.clipnorm > 0.0 {
            Some(Clip::Norm(options.clipnorm))
        } else if options.global_clipnorm > 0.0 {
            Some(Clip::GlobalNorm(options.global_clipnorm))
        } else if options.clipvalue > 0.0 {
            Some(Clip::Value(options.clipvalue as f32))
        } else {
            None
        }
    }

    /// The clip of one step, from the norm of all its gradients: a global limit becomes a factor.
    pub fn with_global_norm(self, norm: impl FnOnce() -> f64) -> Self {
        match self {
            Clip::GlobalNorm(c) => global(c, norm()),
            other => other,
        }
    }

    /// Clips one gradient in place. The caller has converted a limit of a norm to a factor or a ratio.
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
            Clip::Exact(k) => {
                for x in g {
                    *x = (f64::from(*x) * k) as f32;
                }
            }
            Clip::Norm(_) | Clip::GlobalNorm(_) => {}
        }
    }

    /// The clip of one variable, from the norm of its gradient: a limit of the norm becomes a ratio.
    pub fn with_norm(self, norm: impl FnOnce() -> f64) -> Self {
        match self {
            Clip::Norm(c) => one(c, norm()),
            other => other,
        }
    }
}

/// The smallest normal number.
const SMALLEST: f64 = f32::MIN_POSITIVE as f64;
/// The largest finite number.
const LARGEST: f64 = f32::MAX as f64;
/// If a limit times the norm is at least this, the products of the large elements with the limit are normal numbers, with full
/// precision.
const PRECISE: f64 = SMALLEST * (1u64 << 24) as f64;

/// The clip that limits one gradient of this `norm` to `c`. The norm is NaN or infinite if an element is.
fn one(c: f64, norm: f64) -> Clip {
    let fits = c <= LARGEST && norm <= LARGEST && (PRECISE..=LARGEST).contains(&(c * norm));
    if norm.is_finite() && !fits {
        return exact(c, norm);
    }
    let (c, norm) = (c as f32, norm as f32);
    // A max that propagates a NaN norm, like numpy's; the whole gradient then becomes NaN.
    Clip::Ratio { c, divisor: if norm < c { c } else { norm } }
}

/// The clip that limits all gradients, whose common norm is `N`, to `c`: the factor `c min(1/N, 1/c) + (N - N)`, which is NaN
/// when `N` is not finite, as in Keras.
fn global(c: f64, norm: f64) -> Clip {
    if !norm.is_finite() {
        return Clip::Factor(f32::NAN);
    }
    let (inverse, limit) = (1.0 / norm as f32, (1.0 / c) as f32);
    let factor = (c as f32) * (if inverse < limit { inverse } else { limit });
    let are_normal = [c, norm, 1.0 / c, 1.0 / norm, f64::from(factor)];
    if are_normal.iter().all(|x| (SMALLEST..=LARGEST).contains(x)) {
        Clip::Factor(factor)
    } else {
        exact(c, norm)
    }
}

fn exact(c: f64, norm: f64) -> Clip {
    Clip::Exact(if norm > c { c / norm } else { 1.0 })
}

/// Clips gradients in place as a step would, without a plan.
pub fn clip_in_place(options: &Options, gradients: &mut [Span]) {
    let squares = |g: &Span| reduce::sum_of_squares(g.values());
    let norm = || gradients.iter().map(squares).sum::<f64>().sqrt();
    let Some(clip) = Clip::configured(options).map(|clip| clip.with_global_norm(norm)) else {
        return;
    };
    for g in gradients {
        clip.with_norm(|| squares(&*g).sqrt()).apply(g.values_mut());
    }
}

#[cfg(test)]
mod tests {
    use super::{Clip, global};

    #[test]
    fn a_small_norm_is_left_alone() {
        let Clip::Ratio { c, divisor } = Clip::Norm(2.0).with_norm(|| 1.0) else { panic!() };
        assert_eq!((c, divisor), (2.0, 2.0));
        assert!(matches!(global(2.0, 1.0), Clip::Factor(1.0)));
        assert!(matches!(global(2.0, 0.0), Clip::Exact(1.0)));
    }

    #[test]
    fn an_infinite_norm_poisons_everything() {
        for norm in [f64::INFINITY, f64::NAN] {
            assert!(matches!(global(1.0, norm), Clip::Factor(k) if k.is_nan()));
        }
        let Clip::Ratio { divisor, .. } = Clip::Norm(1.0).with_norm(|| f64::NAN) else { panic!() };
        assert!(divisor.is_nan());
    }

    #[test]
    fn nothing_leaves_the_numbers_in_between() {
        let clipped = |limit: f64, mut g: [f32; 2], all: bool| {
            let norm = || g.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt();
            let clip = if all {
                Clip::GlobalNorm(limit).with_global_norm(norm)
            } else {
                Clip::Norm(limit).with_norm(norm)
            };
            clip.apply(&mut g);
            g
        };
        for all in [false, true] {
            let check = |limit: f64, g: [f32; 2], expected: [f32; 2]| {
                for (got, expected) in clipped(limit, g, all).into_iter().zip(expected) {
                    assert!((got - expected).abs() <= 2e-7 * expected, "{got} for {expected}");
                }
            };
            check(100.0, [3e37, 4e37], [60.0, 80.0]);
            check(1e-30, [3e-25, 4e-25], [6e-31, 8e-31]);
            check(1.0, [3e38, 3e38], [core::f32::consts::FRAC_1_SQRT_2; 2]);
            check(1e38, [3e-40, 0.0], [3e-40, 0.0]);
            check(1e39, [3e38, 3e38], [3e38, 3e38]);
        }
    }
}
