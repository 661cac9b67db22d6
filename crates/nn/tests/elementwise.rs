//! Operations on one operand compared with their definitions in `f64`, and gradients with central differences.

mod finite_differences;

use finite_differences::{assert_close, differences, weighted};
use gradstep_nn::elementwise::{Unary, choose, unary, unary_backward};

/// The definition of an operation; `p` are the parameters.
fn exact(op: Unary, p: [f64; 3], x: f64) -> f64 {
    let elu = |x: f64, alpha: f64| if x > 0.0 { x } else { alpha * libm::expm1(x) };
    let sigmoid = 1.0 / (1.0 + libm::exp(-x));
    let hard_sigmoid = ((x + 3.0) / 6.0).clamp(0.0, 1.0);
    let softplus = libm::log(1.0 + libm::exp(x));
    match op {
        Unary::Negative => -x,
        Unary::Abs => x.abs(),
        Unary::Sign => x.signum() * f64::from(u8::from(x != 0.0)),
        Unary::Exp => libm::exp(x),
        Unary::Log => libm::log(x),
        Unary::Log1p => libm::log1p(x),
        Unary::Sqrt => x.sqrt(),
        Unary::Rsqrt => 1.0 / x.sqrt(),
        Unary::Square => x * x,
        Unary::Reciprocal => 1.0 / x,
        Unary::Tanh => libm::tanh(x),
        Unary::Sigmoid => sigmoid,
        Unary::Relu => x.max(0.0),
        Unary::BoundedRelu => {
            if x > p[2] {
                x.min(p[1])
            } else {
                p[0] * (x - p[2])
            }
        }
        Unary::Elu => elu(x, p[0]),
        // The constants of the paper, with the digits of f64.
        Unary::Selu => 1.0507009873554805 * elu(x, 1.6732632423543772),
        Unary::Softplus => softplus,
        Unary::Softsign => x / (1.0 + x.abs()),
        Unary::Gelu => 0.5 * x * (1.0 + libm::erf(x / 2f64.sqrt())),
        Unary::ApproximateGelu => {
            let u = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3));
            0.5 * x * (1.0 + libm::tanh(u))
        }
        Unary::Silu => x * sigmoid,
        Unary::HardSigmoid => hard_sigmoid,
        Unary::HardSilu => x * hard_sigmoid,
        Unary::Mish => x * libm::tanh(softplus),
        Unary::Erf => libm::erf(x),
        Unary::Clip => x.clamp(p[0], p[1]),
        Unary::Sin => x.sin(),
        Unary::Cos => x.cos(),
        Unary::Floor => x.floor(),
        Unary::Round => x.round_ties_even(),
        Unary::Not => f64::from(u8::from(x == 0.0)),
        Unary::IsNan => f64::from(u8::from(x.is_nan())),
    }
}

const PARAMETERS: [f32; 3] = [-0.75, 1.5, -0.25];

/// 37 numbers between -5 and 5, or above 0, away from kinks and steps.
fn numbers(op: Unary) -> Vec<f32> {
    let is_positive = matches!(op, Unary::Log | Unary::Sqrt | Unary::Rsqrt | Unary::Log1p);
    (0..37)
        .map(|i| {
            let x = ((i * 29 % 37) as f32 - 18.0) / 3.7 + 0.013;
            if is_positive { x.abs() + 0.1 } else { x }
        })
        .collect()
}

fn apply(op: Unary, parameters: [f32; 3], x: &[f32]) -> Vec<f32> {
    let mut y = vec![f32::NAN; x.len()];
    unary(op, parameters, x, &mut y);
    y
}

fn gradient(op: Unary, parameters: [f32; 3], x: &[f32], dy: &[f32]) -> Vec<f32> {
    let (y, mut dx) = (apply(op, parameters, x), vec![f32::NAN; x.len()]);
    unary_backward(op, parameters, [x, &y, dy], &mut dx);
    dx
}

#[test]
fn values_and_gradients_of_every_operation() {
    for op in Unary::ALL {
        let x = numbers(op);
        let wide = PARAMETERS.map(f64::from);
        let expected: Vec<f64> = x.iter().map(|x| exact(op, wide, f64::from(*x))).collect();
        for (got, expected) in apply(op, PARAMETERS, &x).iter().zip(&expected) {
            let error = (f64::from(*got) - expected).abs();
            assert!(error <= 1e-6 * expected.abs().max(1e-3), "{op:?}: {got}, not {expected}");
        }
        let dy: Vec<f32> = x.iter().map(|x| x * 0.5 - 1.0).collect();
        let f = |x: &[f64]| {
            let y: Vec<f64> = x.iter().map(|x| exact(op, wide, *x)).collect();
            weighted(&dy, &y)
        };
        assert_close(&gradient(op, PARAMETERS, &x, &dy), &differences(&x, f), 1e-5);
    }
}

#[test]
fn the_last_elements_are_as_the_first() {
    for op in Unary::ALL {
        let x = numbers(op);
        let (y, dx) = (apply(op, PARAMETERS, &x), gradient(op, PARAMETERS, &x, &x));
        for len in 0..9 {
            let bits = |x: &[f32]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&apply(op, PARAMETERS, &x[..len])), bits(&y[..len]));
            assert_eq!(bits(&gradient(op, PARAMETERS, &x[..len], &x[..len])), bits(&dx[..len]));
        }
    }
}

#[test]
fn kinks_as_tensorflow() {
    let at = |op, parameters, x: &[f32]| gradient(op, parameters, x, &vec![1.0; x.len()]);
    let none = [0.0; 3];
    assert_eq!(at(Unary::Relu, none, &[-1.0, -0.0, 0.0, 1e-30]), [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(at(Unary::Abs, none, &[-2.0, 0.0, 3.0]), [-1.0, 0.0, 1.0]);
    let relu6 = [0.0, 6.0, 0.0];
    assert_eq!(at(Unary::BoundedRelu, relu6, &[0.0, 5.9, 6.0, 7.0]), [0.0, 1.0, 0.0, 0.0]);
    let leaky = [0.25, f32::INFINITY, 0.0];
    assert_eq!(at(Unary::BoundedRelu, leaky, &[-1.0, 0.0, 1.0]), [0.25, 0.25, 1.0]);
    let clip = [-1.0, 2.0, 0.0];
    assert_eq!(at(Unary::Clip, clip, &[-1.5, -1.0, 0.0, 2.0, 2.5]), [0.0, 1.0, 1.0, 1.0, 0.0]);
    assert_eq!(at(Unary::HardSigmoid, none, &[-3.0, 3.0]), [0.0, 0.0]);
    assert_eq!(at(Unary::Elu, [1.0, 0.0, 0.0], &[0.0]), [1.0]);
    for op in [Unary::Sign, Unary::Floor, Unary::Round, Unary::Not, Unary::IsNan] {
        assert_eq!(at(op, none, &[-1.5, 0.0, 2.0]), [0.0; 3], "{op:?}");
    }
}

#[test]
fn extremes_stay_finite_or_are_what_they_should_be() {
    let big = [-1e30, -200.0, 200.0, 1e30];
    let of = |op| apply(op, [0.0, f32::INFINITY, 0.0], &big);
    assert_eq!(of(Unary::Sigmoid), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(of(Unary::Tanh), [-1.0, -1.0, 1.0, 1.0]);
    assert_eq!(of(Unary::Softplus), [0.0, 0.0, 200.0, 1e30]);
    for op in [Unary::Mish, Unary::Silu, Unary::Gelu, Unary::ApproximateGelu] {
        assert_eq!(of(op), [0.0, 0.0, 200.0, 1e30], "{op:?}");
        assert_eq!(gradient(op, [0.0; 3], &[-200.0, 200.0], &[1.0, 1.0]), [0.0, 1.0], "{op:?}");
    }
    let infinite = [f32::NEG_INFINITY, f32::INFINITY];
    for op in [Unary::Relu, Unary::BoundedRelu] {
        assert_eq!(apply(op, [0.0, f32::INFINITY, 0.0], &infinite), [0.0, f32::INFINITY], "{op:?}");
    }
}

#[test]
fn nan_stays_nan() {
    for op in Unary::ALL {
        let y = apply(op, PARAMETERS, &[f32::NAN])[0];
        match op {
            Unary::Not => assert_eq!(y, 0.0),
            Unary::IsNan => assert_eq!(y, 1.0),
            _ => assert!(y.is_nan(), "{op:?}: {y}"),
        }
    }
}

#[test]
fn halves_go_to_the_even_number() {
    let x = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.51];
    assert_eq!(apply(Unary::Round, [0.0; 3], &x), [-2.0, -2.0, 0.0, 0.0, 2.0, 2.0, 3.0]);
}

#[test]
fn chooses_where_the_condition_is_not_zero() {
    let mut out = [9.0; 5];
    choose(
        &[1.0, 0.0, -0.0, f32::NAN, -2.0],
        &[1.0, 2.0, f32::NAN, f32::NAN, 5.0],
        &[f32::NAN, 20.0, 30.0, 40.0, 50.0],
        &mut out,
    );
    assert_eq!(out, [1.0, 20.0, 30.0, 40.0, 5.0]);
}

/// Floats of all exponents with a prime step, and those around the thresholds of libm's functions.
fn floats() -> Vec<f32> {
    let thresholds = [
        0x3300_0000,
        0x3eb1_7218,
        0x3f85_1592,
        0x4195_b844,
        0x42b1_7217,
        0x3e82_c578,
        0x3f0c_9f54,
        0x4120_0000,
        0x0080_0000,
        0x3080_0000,
        0x7f80_0000,
        3000,
    ];
    let near = thresholds.into_iter().flat_map(|at: u32| at - 3000..at + 3000);
    let both_signs = near.flat_map(|bits| [bits, bits | 0x8000_0000]);
    (0..u32::MAX).step_by(16381).chain(both_signs).map(f32::from_bits).collect()
}

fn assert_same_bits(op: Unary, x: &[f32], expected: impl Fn(f32) -> f32) {
    for (x, got) in x.iter().zip(apply(op, [1.0, 0.0, 0.0], x)) {
        let expected = expected(*x);
        let same = got.to_bits() == expected.to_bits() || got.is_nan() && expected.is_nan();
        assert!(same, "{op:?}({x:e}, bits {:08x}): {got:e}, not {expected:e}", x.to_bits());
    }
}

#[test]
fn tanh_has_the_bits_of_libm() {
    let mut x = floats();
    // Every 1021st float of the range in which tanh is neither its argument nor 1.
    x.extend((0x3000_0000..0x4120_0000).step_by(1021).map(f32::from_bits));
    assert_same_bits(Unary::Tanh, &x, libm::tanhf);
}

#[test]
fn elu_has_the_bits_of_libm() {
    let mut x = floats();
    x.extend((0xb000_0000..0xc1a0_0000).step_by(1021).map(f32::from_bits));
    // For -0 the result is 0.
    x.retain(|x| x.to_bits() != 0x8000_0000);
    assert_same_bits(Unary::Elu, &x, |x| if x > 0.0 { x } else { libm::expm1f(x) });
}
