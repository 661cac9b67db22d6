//! The equations of one element in `f64`, from the papers as Keras 3 implements them, without code of the core. Each returns
//! the new weight, and updates the slots.
//! Over 300 lines: an equation for each optimizer.
//!
//! `a` contains the arguments; the learning rate `a[0]` is not used, because each step passes it as `lr`.

/// An update of one element; the arguments are `(a, lr, t, w, g, slots)`.
pub type Equation = fn(&[f64], f64, i32, f64, f64, &mut [f64; 4]) -> f64;

/// One optimizer, with its equation.
pub struct Case {
    pub rule: &'static str,
    pub equation: Equation,
    /// Returns an element's initial slots, from the arguments and the weight.
    pub start: fn(&[f64], f64) -> [f64; 4],
    /// Allowed difference of a weight, relative to its largest magnitude in the run.
    pub drift: f64,
    /// Allowed difference of a slot, likewise.
    pub slot_drift: f64,
    /// The first step with weight decay.
    pub decays_from: i32,
}

const fn case(rule: &'static str, equation: Equation, drift: f64) -> Case {
    Case { rule, equation, start: |_, _| [0.0; 4], drift, slot_drift: FEW, decays_from: 1 }
}

/// A step that no run reaches: other tests cover weight decay.
pub const NEVER: i32 = i32::MAX;

/// The drift of 20 steps with a few roundings each, of at most 6e-8 relative.
const FEW: f64 = 5e-6;
/// The drift with bias correction: `1 - b2^t` is a difference of two numbers near 1, at first 1e-3, of which half a unit of
/// `f32` is 3e-5.
const CORRECTED: f64 = 1e-4;

pub const CASES: &[Case] = &[
    case("sgd", sgd, FEW),
    case("rmsprop", rmsprop, CORRECTED),
    case("adam", adam, CORRECTED),
    case("adamw", adam, CORRECTED),
    case("adadelta", adadelta, FEW),
    Case { start: |a, _| [a[1], 0.0, 0.0, 0.0], ..case("adagrad", adagrad, FEW) },
    case("adamax", adamax, FEW),
    case("nadam", nadam, CORRECTED),
    Case {
        start: |a, _| [a[2], 0.0, 0.0, 0.0],
        // `linear` sums differences of powers, divided by a learning rate of 0.01 or more, by which the new weight is
        // multiplied again.
        slot_drift: FEW / 0.01,
        ..case("ftrl", ftrl, FEW)
    },
    case("lion", lion, FEW),
    case("radam", radam, CORRECTED),
    case("nadamw", nadamw, CORRECTED),
    case("adabelief", adabelief, CORRECTED),
    Case { start: |a, _| [a[4], a[4], 0.0, 0.0], ..case("yogi", yogi, CORRECTED) },
    case("signum", signum, FEW),
    Case { decays_from: 2, ..case("adopt", adopt, CORRECTED) },
    case("ademamix", ademamix, CORRECTED),
    case("adan", adan, CORRECTED),
    case("rprop", rprop, FEW),
    Case {
        start: |_, w| [w, 0.0, 0.0, 0.0],
        // The slot `momentum` is a weight too.
        slot_drift: CORRECTED,
        ..case("schedule_free_adamw", schedule_free_adamw, CORRECTED)
    },
    Case {
        start: |_, w| [w, 0.0, 0.0, 0.0],
        // The slot `z` is a weight too. Weight decay is added to the gradient.
        slot_drift: FEW,
        decays_from: NEVER,
        ..case("schedule_free_sgd", schedule_free_sgd, FEW)
    },
    Case {
        start: |_, w| [w, 0.0, 0.0, 0.0],
        slot_drift: CORRECTED,
        decays_from: NEVER,
        ..case("schedule_free_radam", schedule_free_radam, CORRECTED)
    },
];

/// `beta old + (1 - beta) new`.
fn mix(beta: f64, old: f64, new: f64) -> f64 {
    beta * old + (1.0 - beta) * new
}

fn sgd(a: &[f64], lr: f64, _t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (mu, nesterov) = (a[1], a[2] != 0.0);
    if mu == 0.0 {
        return w - lr * g;
    }
    s[0] = mu * s[0] - lr * g;
    if nesterov { w + mu * s[0] - lr * g } else { w + s[0] }
}

fn rmsprop(a: &[f64], lr: f64, _t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (rho, mu, eps, centered) = (a[1], a[2], a[3], a[4] != 0.0);
    s[0] = mix(rho, s[0], g * g);
    let mut spread = s[0];
    if centered {
        s[2] = mix(rho, s[2], g);
        spread -= s[2] * s[2];
    }
    let increment = lr * g / (spread + eps).sqrt();
    if mu > 0.0 {
        s[1] = mu * s[1] + increment;
        w - s[1]
    } else {
        w - increment
    }
}

fn adam(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, eps, amsgrad) = (a[1], a[2], a[3], a[4] != 0.0);
    s[0] = mix(b1, s[0], g);
    s[1] = mix(b2, s[1], g * g);
    s[2] = s[2].max(s[1]);
    let v = if amsgrad { s[2] } else { s[1] };
    w - lr * (1.0 - b2.powi(t)).sqrt() / (1.0 - b1.powi(t)) * s[0] / (v.sqrt() + eps)
}

fn adadelta(a: &[f64], lr: f64, _t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (rho, eps) = (a[1], a[2]);
    s[0] = mix(rho, s[0], g * g);
    let delta = -((s[1] + eps).sqrt() / (s[0] + eps).sqrt()) * g;
    s[1] = mix(rho, s[1], delta * delta);
    w + lr * delta
}

fn adagrad(a: &[f64], lr: f64, _t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    s[0] += g * g;
    w - lr * g / (s[0] + a[2]).sqrt()
}

fn adamax(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, eps) = (a[1], a[2], a[3]);
    s[0] = mix(b1, s[0], g);
    s[1] = (b2 * s[1]).max(g.abs());
    w - lr / (1.0 - b1.powi(t)) * s[0] / (s[1] + eps)
}

fn nadam(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, eps) = (a[1], a[2], a[3]);
    let mu = |t: i32| b1 * (1.0 - 0.5 * 0.96_f64.powi(t));
    let product = |t: i32| (1..=t).map(mu).product::<f64>();
    s[0] = mix(b1, s[0], g);
    s[1] = mix(b2, s[1], g * g);
    let m = mu(t + 1) * s[0] / (1.0 - product(t + 1)) + (1.0 - mu(t)) * g / (1.0 - product(t));
    w - lr * m / ((s[1] / (1.0 - b2.powi(t))).sqrt() + eps)
}

fn ftrl(a: &[f64], lr: f64, _t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (power, l1, l2, shrinkage, beta) = (-a[1], a[3], a[4], a[5], a[6]);
    let (old, new) = (s[0].powf(power), (s[0] + g * g).powf(power));
    let divisor = new / lr + 2.0 * l2 + beta / lr;
    if divisor == 0.0 || lr == 0.0 {
        return w;
    }
    s[0] += g * g;
    s[1] += g + 2.0 * shrinkage * w - (new - old) / lr * w;
    let z = s[1];
    if z.abs() <= l1 {
        return 0.0;
    }
    (l1 * z.signum() - z) / divisor
}

/// NaN from the step on in which the direction is so near to 0 that its sign may differ in single precision.
fn lion(a: &[f64], lr: f64, _t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let direction = mix(a[1], s[0], g);
    let unclear = direction != 0.0 && direction.abs() <= 1e-5 * (s[0].abs() + g.abs());
    s[0] = mix(a[2], s[0], g);
    let sign = if direction == 0.0 { 0.0 } else { direction.signum() };
    if unclear { f64::NAN } else { w - lr * sign }
}

fn schedule_free_adamw(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, eps, warmup) = (a[1], a[2], a[3], a[4]);
    let rate = if warmup > 0.0 { lr * (f64::from(t) / warmup).min(1.0) } else { lr };
    let average = (w - (1.0 - b1) * s[0]) / b1;
    s[1] = mix(b2, s[1], g * g);
    s[0] -= rate * g / ((s[1] / (1.0 - b2.powi(t))).sqrt() + eps);
    let average = average + (s[0] - average) / f64::from(t);
    mix(b1, average, s[0])
}

/// A schedule-free step t with the rate `lr factor(t)` and the direction `u`.
fn schedule_free(
    lr: f64,
    momentum: f64,
    t: i32,
    factor: impl Fn(i32) -> f64,
    w: f64,
    u: f64,
    z: &mut f64,
) -> f64 {
    let most = |t| (1..=t).map(&factor).fold(0.0, f64::max);
    let weight = |t| (lr * most(t)).powi(2);
    let sum: f64 = (1..=t).map(weight).sum();
    let share = if sum > 0.0 { weight(t) / sum } else { 0.0 };
    let average = (w - (1.0 - momentum) * *z) / momentum;
    *z -= lr * factor(t) * u;
    let average = mix(1.0 - share, average, *z);
    mix(momentum, average, *z)
}

fn schedule_free_sgd(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (momentum, warmup) = (a[1], a[2]);
    let factor = |t| if f64::from(t) < warmup { f64::from(t) / warmup } else { 1.0 };
    schedule_free(lr, momentum, t, factor, w, g, &mut s[0])
}

fn schedule_free_radam(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, eps, silent) = (a[1], a[2], a[3], a[4] != 0.0);
    s[1] = mix(b2, s[1], g * g);
    let infinite = 2.0 / (1.0 - b2) - 1.0;
    let rho = |t: i32| infinite - 2.0 * f64::from(t) * b2.powi(t) / (1.0 - b2.powi(t));
    let part = |rho: f64| (rho - 4.0) * (rho - 2.0) / rho;
    let factor = |t| match rho(t) {
        rho if rho > 4.0 => (part(rho) / part(infinite)).sqrt(),
        _ if silent => 0.0,
        _ => 1.0,
    };
    let root = (s[1] / (1.0 - b2.powi(t))).sqrt();
    let u = if rho(t) > 4.0 { g / (root + eps) } else { g };
    schedule_free(lr, b1, t, factor, w, u, &mut s[0])
}

fn radam(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, eps) = (a[1], a[2], a[3]);
    s[0] = mix(b1, s[0], g);
    s[1] = mix(b2, s[1], g * g);
    let m = s[0] / (1.0 - b1.powi(t));
    let infinite = 2.0 / (1.0 - b2) - 1.0;
    let rho = infinite - 2.0 * f64::from(t) * b2.powi(t) / (1.0 - b2.powi(t));
    if rho <= 5.0 {
        return w - lr * m;
    }
    let part = |rho: f64| (rho - 4.0) * (rho - 2.0) / rho;
    w - lr * (part(rho) / part(infinite)).sqrt() * m / ((s[1] / (1.0 - b2.powi(t))).sqrt() + eps)
}

fn nadamw(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, eps) = (a[1], a[2], a[3]);
    s[0] = mix(b1, s[0], g);
    s[1] = mix(b2, s[1], g * g);
    let m = mix(1.0 - b1, g / (1.0 - b1.powi(t)), s[0] / (1.0 - b1.powi(t + 1)));
    w - lr * m / ((s[1] / (1.0 - b2.powi(t))).sqrt() + eps)
}

fn adabelief(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, eps) = (a[1], a[2], a[3]);
    s[0] = mix(b1, s[0], g);
    s[1] = mix(b2, s[1], (g - s[0]).powi(2)) + eps;
    w - lr * s[0] / (1.0 - b1.powi(t)) / ((s[1] / (1.0 - b2.powi(t))).sqrt() + eps)
}

/// NaN if the sign may differ in single precision.
fn yogi(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, eps) = (a[1], a[2], a[3]);
    let off = s[1] - g * g;
    let unclear = off != 0.0 && off.abs() <= 1e-4 * s[1];
    s[0] = mix(b1, s[0], g);
    s[1] -= (1.0 - b2) * if off == 0.0 { 0.0 } else { off.signum() } * g * g;
    let root = (s[1] / (1.0 - b2.powi(t))).sqrt();
    if unclear { f64::NAN } else { w - lr * s[0] / (1.0 - b1.powi(t)) / (root + eps) }
}

/// NaN if the sign may differ in single precision.
fn signum(a: &[f64], lr: f64, _t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let unclear = 1e-5 * (s[0].abs() + g.abs());
    s[0] = mix(a[1], s[0], g);
    let sign = if s[0] == 0.0 { 0.0 } else { s[0].signum() };
    if s[0] != 0.0 && s[0].abs() <= unclear { f64::NAN } else { w - lr * sign }
}

fn adopt(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, eps) = (a[1], a[2], a[3]);
    if t == 1 {
        s[1] = g * g;
        return w;
    }
    let most = f64::from(t - 1).powf(0.25);
    s[0] = mix(b1, s[0], (g / s[1].sqrt().max(eps)).clamp(-most, most));
    s[1] = mix(b2, s[1], g * g);
    w - lr * s[0]
}

fn ademamix(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, b3, alpha, eps, warmup) = (a[1], a[2], a[3], a[4], a[5], a[6]);
    let share = if warmup > 0.0 { (f64::from(t) / warmup).min(1.0) } else { 1.0 };
    let half_life = |beta: f64| 0.5_f64.ln() / beta.ln();
    let between = (1.0 - share) * half_life(b1) + share * half_life(b3);
    let b3 = if share < 1.0 { 0.5_f64.powf(1.0 / between).min(b3) } else { b3 };
    s[0] = mix(b1, s[0], g);
    s[1] = mix(b2, s[1], g * g);
    s[2] = mix(b3, s[2], g);
    let m = s[0] / (1.0 - b1.powi(t));
    w - lr * (m + share * alpha * s[2]) / ((s[1] / (1.0 - b2.powi(t))).sqrt() + eps)
}

fn adan(a: &[f64], lr: f64, t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let (b1, b2, b3, eps) = (a[1], a[2], a[3], a[4]);
    let d = if t == 1 { 0.0 } else { g - s[3] };
    s[0] = mix(b1, s[0], g);
    s[1] = mix(b3, s[1], (g + b2 * d).powi(2));
    s[2] = mix(b2, s[2], d);
    s[3] = g;
    let step = s[0] / (1.0 - b1.powi(t)) + b2 * s[2] / (1.0 - b2.powi(t));
    w - lr * step / ((s[1] / (1.0 - b3.powi(t))).sqrt() + eps)
}

fn rprop(a: &[f64], lr: f64, _t: i32, w: f64, g: f64, s: &mut [f64; 4]) -> f64 {
    let product = g * s[0];
    let factor = if product > 0.0 {
        a[2]
    } else if product < 0.0 {
        a[1]
    } else {
        1.0
    };
    let size = if s[1] == 0.0 { lr } else { s[1] };
    s[1] = (size * factor).max(a[3]).min(a[4]);
    s[0] = if product < 0.0 { 0.0 } else { g };
    let sign = if s[0] == 0.0 { 0.0 } else { s[0].signum() };
    w - s[1] * sign
}
