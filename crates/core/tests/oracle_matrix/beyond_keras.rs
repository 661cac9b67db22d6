//! The equations of rules that Keras lacks, in `f64`.

use crate::LR;
use crate::equations::Oracle;

fn lr() -> f64 {
    f64::from(LR)
}

fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

pub struct Lars {
    pub m: Vec<f64>,
    pub nesterov: bool,
}

impl Oracle for Lars {
    fn step(&mut self, w: &mut [f64], g: &[f64], _t: f64) {
        let (mu, trust) = (0.9, 0.001);
        let ratio = if norm(w) > 0.0 && norm(g) > 0.0 { trust * norm(w) / norm(g) } else { 1.0 };
        for ((w, m), g) in w.iter_mut().zip(&mut self.m).zip(g) {
            let step = ratio * lr() * g;
            *m = mu * *m - step;
            *w += if self.nesterov { mu * *m - step } else { *m };
        }
    }
}

pub struct StableAdamW {
    pub m: Vec<f64>,
    pub v: Vec<f64>,
}

impl Oracle for StableAdamW {
    fn step(&mut self, w: &mut [f64], g: &[f64], t: f64) {
        let (b1, b2, eps, decay): (f64, f64, f64, f64) = (0.9, 0.99, 1e-8, 0.0);
        let share = |b: f64| (1.0 - b) / (1.0 - b.powf(t));
        let mut squares = 0.0;
        for ((g, m), v) in g.iter().zip(&mut self.m).zip(&mut self.v) {
            *m += (g - *m) * share(b1);
            *v += (g * g - *v) * share(b2);
            squares += g * g / v.max(eps * eps);
        }
        let a = lr() / (squares / w.len() as f64).sqrt().max(1.0);
        for ((w, m), v) in w.iter_mut().zip(&self.m).zip(&self.v) {
            *w -= *w * decay * a + a * m / (v.sqrt() + eps);
        }
    }
}

/// Adam with update clipping: the root mean square of `g / sqrt(v)` is limited.
pub struct ClippedAdam {
    pub m: Vec<f64>,
    pub v: Vec<f64>,
    pub threshold: f64,
}

impl Oracle for ClippedAdam {
    fn step(&mut self, w: &mut [f64], g: &[f64], t: f64) {
        let (b1, b2, eps): (f64, f64, f64) = (0.9, 0.999, 1e-7);
        let root = (1.0 - b2.powf(t)).sqrt();
        let mut squares = 0.0;
        for ((g, m), v) in g.iter().zip(&mut self.m).zip(&mut self.v) {
            *m += (g - *m) * (1.0 - b1);
            *v += (g * g - *v) * (1.0 - b2);
            squares += (g * root / v.sqrt().max(eps)).powi(2);
        }
        let ratio = (squares / w.len() as f64).sqrt() / self.threshold;
        let a = lr() * root / (1.0 - b1.powf(t)) / ratio.max(1.0);
        for ((w, m), v) in w.iter_mut().zip(&self.m).zip(&self.v) {
            *w -= a * m / (v.sqrt() + eps);
        }
    }
}

pub struct Mars {
    pub m: Vec<f64>,
    pub v: Vec<f64>,
    pub p: Vec<f64>,
    pub is_matrix: bool,
}

impl Oracle for Mars {
    fn step(&mut self, w: &mut [f64], g: &[f64], t: f64) {
        let (b1, b2): (f64, f64) = if self.is_matrix { (0.95, 0.99) } else { (0.9, 0.95) };
        let gamma = if t == 1.0 || !self.is_matrix { 0.0 } else { 0.025 * b1 / (1.0 - b1) };
        let mut c: Vec<f64> = g.iter().zip(&self.p).map(|(g, p)| g + gamma * (g - p)).collect();
        self.p.copy_from_slice(g);
        let most = norm(&c).max(1.0);
        if self.is_matrix {
            c.iter_mut().for_each(|c| *c /= most);
        }
        for i in 0..w.len() {
            self.m[i] += (c[i] - self.m[i]) * (1.0 - b1);
            self.v[i] += (c[i] * c[i] - self.v[i]) * (1.0 - b2);
            let root = (self.v[i] / (1.0 - b2.powf(t))).sqrt();
            w[i] -= lr() * self.m[i] / (1.0 - b1.powf(t)) / (root + 1e-8);
        }
    }
}

/// Prodigy; DAdaptAdam if `first` is empty.
pub struct Adapted {
    pub m: Vec<f64>,
    pub v: Vec<f64>,
    pub s: Vec<f64>,
    pub first: Vec<f64>,
    pub d: f64,
    pub r: f64,
}

/// The initial estimate in the tests.
pub const D0: f64 = 0.1;

impl Oracle for Adapted {
    fn step(&mut self, w: &mut [f64], g: &[f64], _t: f64) {
        let (b1, b2, eps): (f64, f64, f64) = (0.9, 0.999, 1e-8);
        let (b3, a, is_prodigy) = (b2.sqrt(), self.d * lr(), !self.first.is_empty());
        let (mut way, mut length) = (0.0, 0.0);
        for i in 0..w.len() {
            if is_prodigy {
                way += self.d / D0 * a * g[i] * (self.first[i] - w[i]);
                self.m[i] = b1 * self.m[i] + (1.0 - b1) * self.d * g[i];
                self.v[i] = b2 * self.v[i] + (1.0 - b2) * (self.d * g[i]).powi(2);
                self.s[i] = b3 * self.s[i] + self.d / D0 * a * g[i];
            } else {
                way += (1.0 - b3) * a * g[i] * self.s[i] / (self.v[i].sqrt() + eps);
                self.m[i] = b1 * self.m[i] + (1.0 - b1) * a * g[i];
                self.v[i] = b2 * self.v[i] + (1.0 - b2) * g[i] * g[i];
                self.s[i] = b3 * self.s[i] + (1.0 - b3) * a * g[i];
            }
            length += self.s[i].abs();
        }
        if length == 0.0 {
            return;
        }
        self.r = b3 * self.r + way;
        self.d = self.d.max(self.r / length / if is_prodigy { 1.0 } else { 1.0 - b3 });
        let (step, eps) = if is_prodigy { (a, self.d * eps) } else { (1.0, eps) };
        for ((w, m), v) in w.iter_mut().zip(&self.m).zip(&self.v) {
            *w -= step * m / (v.sqrt() + eps);
        }
    }
}
