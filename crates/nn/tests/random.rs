//! Random numbers have their distribution, and depend only on the seed, the call and the position.

use gradstep_nn::random::{Distribution, Stream, fill, integers, masked, permutation};

const STREAM: Stream = Stream { seed: [7, 0], call: [3, 0] };
const N: usize = 200_000;

fn draw(distribution: Distribution, a: f64, b: f64, len: usize) -> Vec<f32> {
    let mut x = vec![f32::NAN; len];
    fill(distribution, STREAM, a, b, &mut x);
    x
}

/// Mean, variance, and the fourth central moment divided by the squared variance.
fn moments(x: &[f32]) -> [f64; 3] {
    let n = x.len() as f64;
    let mean = x.iter().map(|x| f64::from(*x)).sum::<f64>() / n;
    let power = |p: i32| x.iter().map(|x| (f64::from(*x) - mean).powi(p)).sum::<f64>() / n;
    [mean, power(2), power(4) / power(2).powi(2)]
}

/// Asserts that moments are within about five standard errors.
fn assert_moments(x: &[f32], expected: [f64; 3]) {
    let got = moments(x);
    let scale = expected[1].sqrt();
    assert!((got[0] - expected[0]).abs() < 0.012 * scale, "mean {} for {}", got[0], expected[0]);
    assert!((got[1] / expected[1] - 1.0).abs() < 0.02, "variance {} for {}", got[1], expected[1]);
    assert!((got[2] / expected[2] - 1.0).abs() < 0.03, "kurtosis {} for {}", got[2], expected[2]);
}

#[test]
fn uniform() {
    let x = draw(Distribution::Uniform, -1.0, 3.0, N);
    assert!(x.iter().all(|x| (-1.0..3.0).contains(x)));
    assert_moments(&x, [1.0, 16.0 / 12.0, 1.8]);
}

#[test]
fn the_upper_bound_is_never_reached() {
    // 2^24 values, half of which would be rounded to the bound.
    let x = draw(Distribution::Uniform, 1.0, 1.0 + f64::from(f32::EPSILON), 1000);
    assert!(x.iter().all(|x| *x == 1.0));
    let equal = draw(Distribution::Uniform, 0.5, 0.5, 9);
    assert!(equal.iter().all(|x| *x == 0.5));
}

#[test]
fn normal() {
    assert_moments(&draw(Distribution::Normal, 2.0, 0.5, N), [2.0, 0.25, 3.0]);
}

#[test]
fn truncated_normal() {
    let x = draw(Distribution::TruncatedNormal, -1.0, 3.0, N);
    assert!(x.iter().all(|x| (-7.0..=5.0).contains(x)));
    // Variance 1 - 4 phi(2) / (Phi(2) - Phi(-2)); fourth moment 3 - 20 phi(2) / (...), by parts.
    let share = 0.053_990_966_513_188_06 / 0.954_499_736_103_641_6;
    let variance = 1.0 - 4.0 * share;
    let fourth = 3.0 * variance - 16.0 * share;
    assert_moments(&x, [-1.0, 9.0 * variance, fourth / (variance * variance)]);
}

#[test]
fn masks() {
    let x = draw(Distribution::Mask, 0.25, 4.0 / 3.0, N);
    assert!(x.iter().all(|x| *x == 0.0 || *x == 4.0 / 3.0));
    let kept = x.iter().filter(|x| **x != 0.0).count() as f64 / N as f64;
    assert!((kept - 0.75).abs() < 0.005, "{kept}");
    assert!(draw(Distribution::Mask, 0.0, 1.0, 99).iter().all(|x| *x == 1.0));
    assert!(draw(Distribution::Mask, 1.0, 1.0, 99).iter().all(|x| *x == 0.0));
}

#[test]
fn what_is_dropped_is_zero() {
    let x = [f32::NAN, f32::INFINITY, -1.0, -3.0, 2.0];
    let mut out = [f32::NAN; 5];
    masked(&x, &[0.0, 0.0, 0.0, 2.0, 2.0], &mut out);
    assert_eq!(out.map(f32::to_bits), [0.0, 0.0, 0.0, -6.0, 4.0].map(f32::to_bits));
}

#[test]
fn position_call_and_seed_decide() {
    let long = draw(Distribution::Normal, 0.0, 1.0, 103);
    assert_eq!(draw(Distribution::Normal, 0.0, 1.0, 50), long[..50]);
    for other in [
        Stream { seed: [8, 0], ..STREAM },
        Stream { seed: [7, 1], ..STREAM },
        Stream { call: [4, 0], ..STREAM },
        Stream { call: [3, 1], ..STREAM },
    ] {
        let mut x = vec![0.0; 103];
        fill(Distribution::Normal, other, 0.0, 1.0, &mut x);
        assert!(x.iter().zip(&long).all(|(a, b)| a != b), "{other:?}");
    }
}

#[test]
fn whole_numbers() {
    let mut x = vec![0; 70_000];
    integers(STREAM, -3, 7, &mut x);
    for value in -3..4 {
        let count = x.iter().filter(|x| **x == value).count();
        assert!((9_500..10_500).contains(&count), "{value}: {count}");
    }
    integers(STREAM, i32::MIN, u32::MAX, &mut x);
    assert!(x.iter().any(|x| *x > i32::MAX / 2) && x.iter().any(|x| *x < i32::MIN / 2));
}

#[test]
fn permutations() {
    for len in [0, 1, 2, 3, 1000] {
        let mut x = vec![-1; len];
        permutation(STREAM, &mut x);
        let mut sorted = x.clone();
        sorted.sort_unstable();
        assert!(sorted.iter().enumerate().all(|(i, x)| *x == i as i32), "{len}");
    }
    // All six orders of three numbers occur equally often.
    let mut counts = std::collections::BTreeMap::new();
    for call in 0..6000 {
        let mut x = [0; 3];
        permutation(Stream { call: [call, 0], ..STREAM }, &mut x);
        *counts.entry(x).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 6);
    assert!(counts.values().all(|count| (870..1130).contains(count)), "{counts:?}");
}
