//! Normal numbers by the inverse of the distribution function: each takes one random word, and none is rejected.
//!
//! Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37
//! (1988), routine PPND7: relative error about 1e-7. 32 bits do not reach its third
//! range, probabilities below e^-25.

/// The distribution function at -2.
const BELOW_MINUS_2: f64 = 0.022_750_131_948_179_21;

/// The middle of interval number `word` of 2^32 equal intervals of probability, minus 1/2.
fn centred(word: u32) -> f64 {
    (f64::from(word) + 0.5) / 4_294_967_296.0 - 0.5
}

/// A standard normal number, within 6.4 of zero.
pub(super) fn standard(word: u32) -> f64 {
    quantile(centred(word))
}

/// A standard normal number, truncated to between -2 and 2.
pub(super) fn truncated(word: u32) -> f64 {
    // The probabilities are limited to those between -2 and 2. The approximation may exceed the bound in the last digit.
    quantile(centred(word) * (1.0 - 2.0 * BELOW_MINUS_2)).clamp(-2.0, 2.0)
}

/// The number at which the distribution function is `q + 1/2`.
#[inline(never)]
fn quantile(q: f64) -> f64 {
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * polynomial(r, [59.109374720, 159.29113202, 50.434271938, 3.3871327179])
            / polynomial(r, [67.187563600, 78.757757664, 17.895169469, 1.0]);
    }
    let r = (-libm::log(0.5 - q.abs())).sqrt() - 1.6;
    let x = polynomial(r, [0.17023821103, 1.3067284816, 2.7568153900, 1.4234372777])
        / polynomial(r, [0.0, 0.12021132975, 0.73700164250, 1.0]);
    if q < 0.0 { -x } else { x }
}

/// Horner's rule, highest coefficient first.
fn polynomial(x: f64, coefficients: [f64; 4]) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

#[cfg(test)]
mod tests {
    use super::{quantile, standard, truncated};

    #[test]
    fn inverts_the_distribution_function() {
        for i in 1..4000 {
            let word = i * 1_000_000 + 77;
            let x = standard(word);
            let below = 0.5 * libm::erfc(-x / core::f64::consts::SQRT_2);
            let expected = (f64::from(word) + 0.5) / 4_294_967_296.0;
            let error = (below - expected).abs() / expected.min(1.0 - expected);
            assert!(error < 2e-6, "word {word}: {x}, {below} instead of {expected}");
        }
    }

    #[test]
    fn symmetric_and_bounded() {
        for q in [1e-9, 0.1, 0.425, 0.4250001, 0.49, 0.4999999] {
            assert_eq!(quantile(q), -quantile(-q));
        }
        assert!((6.2..6.4).contains(&standard(u32::MAX)), "{}", standard(u32::MAX));
        assert_eq!(standard(0), -standard(u32::MAX));
        assert!(truncated(u32::MAX) <= 2.0 && truncated(u32::MAX) > 1.999_999);
    }
}
