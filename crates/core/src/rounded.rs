//! `f32` functions that IEEE does not define exactly: computed in `f64` by `libm`, rounded once to `f32`.
//!
//! The platform's `powf`, `ln` and `cos` are not used: C libraries and JavaScript engines differ in the last bit, and a
//! training run must have the same hash everywhere. `libm` is Rust code that uses only `+ - * /`, so native tests and every
//! WebAssembly engine agree.
//!
//! The error in `f64` is below one unit in the 53rd bit, so after rounding to 24 bits about one result in 2^28 is not the
//! correctly rounded one. numpy's `f32` results are within one `f32` unit of these.
//!
//! `floor`, `ceil`, `sqrt`, `abs` are exact by IEEE: use the methods of `f32`.

mod circular;

pub use circular::{cos, sin};

/// `x` to the power `y`; NaN for a negative `x` with a fractional `y`, like `numpy.power`.
pub fn pow(x: f32, y: f32) -> f32 {
    libm::pow(f64::from(x), f64::from(y)) as f32
}

/// `e` to the power `x`.
pub fn exp(x: f32) -> f32 {
    libm::exp(f64::from(x)) as f32
}

/// Natural logarithm; -infinity at 0, NaN below.
pub fn log(x: f32) -> f32 {
    libm::log(f64::from(x)) as f32
}

#[cfg(test)]
mod tests {
    use super::{cos, exp, log, pow, sin};

    /// References: the functions at these `f32` arguments to 60 digits (mpmath), rounded to `f32`.
    #[test]
    fn correctly_rounded_at_known_points() {
        // 0.96 as f32 is 0.959999978542327880859375.
        assert_eq!(pow(0.96, 0.5).to_bits(), REFERENCE[0]);
        assert_eq!(pow(0.999, 1000.0).to_bits(), REFERENCE[1]);
        assert_eq!(exp(1.0).to_bits(), REFERENCE[2]);
        assert_eq!(log(343.0).to_bits(), REFERENCE[3]);
        assert_eq!(cos(core::f32::consts::FRAC_PI_3).to_bits(), REFERENCE[4]);
    }

    const REFERENCE: [u32; 5] = [0x3f7a_d3e7, 0x3ebc_4332, 0x402d_f854, 0x40ba_ceb0, 0x3eff_ffff];

    /// Miri tests this many times fewer numbers; all of them would take hours.
    const THINNING: usize = if cfg!(miri) { 4001 } else { 1 };

    #[test]
    fn circular_functions_of_all_exponents() {
        // The step is prime: 4 million floats of all exponents and both signs.
        for bits in (0..u32::MAX).step_by(1021 * THINNING) {
            let x = f32::from_bits(bits);
            let wide = f64::from(x);
            for (got, expected) in [(cos(x), libm::cos(wide)), (sin(x), libm::sin(wide))] {
                let expected = expected as f32;
                let same = got == expected || got.is_nan() && expected.is_nan();
                assert!(same, "of {x:e}: {got:e}, not {expected:e}");
            }
        }
    }

    #[test]
    fn circular_functions_near_multiples_of_quarter_turns() {
        for i in (0..1 << 24).step_by(97 * THINNING) {
            let x = (f64::from(i) * core::f64::consts::FRAC_PI_2) as f32;
            assert_eq!(cos(x), libm::cos(f64::from(x)) as f32, "cos of {x}");
            assert_eq!(sin(-x), libm::sin(f64::from(-x)) as f32, "sin of -{x}");
        }
    }

    #[test]
    fn exact_and_limit_cases() {
        assert_eq!(pow(7.0, 8.0), 5_764_801.0);
        assert_eq!(pow(0.0, 0.0), 1.0);
        assert_eq!(pow(2.0, 128.0), f32::INFINITY);
        assert!(pow(-0.5, 0.5).is_nan());
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(89.0), f32::INFINITY);
        assert_eq!(log(1.0), 0.0);
        assert_eq!(log(0.0), f32::NEG_INFINITY);
        assert!(log(-1.0).is_nan());
        assert_eq!(cos(0.0), 1.0);
        assert_eq!(cos(core::f32::consts::PI), -1.0);
    }
}
