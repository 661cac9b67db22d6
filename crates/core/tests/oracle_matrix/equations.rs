//! The equations in `f64`, element by element, without code of the core.

use crate::LR;
use gradstep_core::plan::RowShape;

/// An optimizer that keeps its weights and state in `f64`.
pub trait Oracle {
    fn step(&mut self, w: &mut [f64], g: &[f64], t: f64);
}

fn lr() -> f64 {
    f64::from(LR)
}

fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn rms(x: &[f64]) -> f64 {
    norm(x) / (x.len() as f64).sqrt()
}

pub struct Lamb {
    pub m: Vec<f64>,
    pub v: Vec<f64>,
}

impl Oracle for Lamb {
    fn step(&mut self, w: &mut [f64], g: &[f64], t: f64) {
        let (b1, b2): (f64, f64) = (0.9, 0.999);
        let mut u = vec![0.0; w.len()];
        for i in 0..w.len() {
            self.m[i] += (g[i] - self.m[i]) * (1.0 - b1);
            self.v[i] += (g[i] * g[i] - self.v[i]) * (1.0 - b2);
            let corrected = self.v[i] / (1.0 - b2.powf(t));
            u[i] = self.m[i] / (1.0 - b1.powf(t)) / (corrected.sqrt() + 1e-7);
        }
        let ratio = if norm(w) > 0.0 && norm(&u) > 0.0 { norm(w) / norm(&u) } else { 1.0 };
        w.iter_mut().zip(&u).for_each(|(w, u)| *w -= ratio * lr() * u);
    }
}

pub struct Adafactor {
    shape: RowShape,
    r: Vec<f64>,
    c: Vec<f64>,
    v: Vec<f64>,
}

impl Adafactor {
    pub fn new(shape: RowShape) -> Self {
        let lines = |n| {
            if shape.rank < 2 { vec![] } else { vec![0.0; shape.matrices() * n] }
        };
        Self { shape, r: lines(shape.rows), c: lines(shape.cols), v: vec![0.0; shape.len] }
    }
}

impl Oracle for Adafactor {
    fn step(&mut self, w: &mut [f64], g: &[f64], t: f64) {
        let RowShape { rank, rows, cols, .. } = self.shape;
        let b = 1.0 - t.powf(-0.8);
        let q: Vec<f64> = g.iter().map(|g| g * g + 1e-30).collect();
        if rank < 2 {
            self.v.iter_mut().zip(&q).for_each(|(v, q)| *v = b * *v + (1.0 - b) * q);
        } else {
            for matrix in 0..self.shape.matrices() {
                let at = |i, j| (matrix * rows + i) * cols + j;
                let r = &mut self.r[matrix * rows..(matrix + 1) * rows];
                let c = &mut self.c[matrix * cols..(matrix + 1) * cols];
                for (i, r) in r.iter_mut().enumerate() {
                    let mean = (0..cols).map(|j| q[at(i, j)]).sum::<f64>() / cols as f64;
                    *r = b * *r + (1.0 - b) * mean;
                }
                for (j, c) in c.iter_mut().enumerate() {
                    let mean = (0..rows).map(|i| q[at(i, j)]).sum::<f64>() / rows as f64;
                    *c = b * *c + (1.0 - b) * mean;
                }
                let mean = r.iter().sum::<f64>() / rows as f64;
                let outer = r.iter().flat_map(|r| c.iter().map(move |c| r / mean * c));
                self.v[at(0, 0)..at(rows, 0)].iter_mut().zip(outer).for_each(|(v, new)| *v = new);
            }
        }
        let u: Vec<f64> = g.iter().zip(&self.v).map(|(g, v)| g / v.sqrt()).collect();
        let alpha = rms(w).max(1e-3) * lr().min(1.0 / t.sqrt());
        let divisor = rms(&u).max(1.0);
        w.iter_mut().zip(&u).for_each(|(w, u)| *w -= alpha * u / divisor);
    }
}

pub struct Muon {
    pub shape: RowShape,
    pub m: Vec<f64>,
    pub nesterov: bool,
    /// Coefficients of each round; the last row repeats.
    pub table: Vec<[f64; 3]>,
    /// NorMuon's decay, and the mean square of each output.
    pub outputs: Option<(f64, Vec<f64>)>,
    pub rms_rate: Option<f64>,
}

impl Muon {
    pub fn new(shape: RowShape, nesterov: bool) -> Self {
        let table = vec![[3.4445, -4.775, 2.0315]];
        Self { shape, m: vec![0.0; shape.len], nesterov, table, outputs: None, rms_rate: Some(0.2) }
    }
}

/// `a` (n x k) times `b` (k x m).
fn product(a: &[f64], b: &[f64], n: usize, k: usize, m: usize) -> Vec<f64> {
    let cell = |at: usize| (0..k).map(|l| a[at / m * k + l] * b[l * m + at % m]).sum();
    (0..n * m).map(cell).collect()
}

fn transposed(a: &[f64], rows: usize, cols: usize) -> Vec<f64> {
    (0..rows * cols).map(|at| a[at % rows * cols + at / rows]).collect()
}

impl Oracle for Muon {
    fn step(&mut self, w: &mut [f64], g: &[f64], _t: f64) {
        let RowShape { rows, cols, .. } = self.shape;
        self.m.iter_mut().zip(g).for_each(|(m, g)| *m = 0.95 * *m + g);
        let mut x = self.m.clone();
        if self.nesterov {
            x.iter_mut().zip(g).for_each(|(x, g)| *x = g + 0.95 * *x);
        }
        let divisor = norm(&x) + 1e-7;
        x.iter_mut().for_each(|x| *x /= divisor);
        let (n, k) = (rows.min(cols), rows.max(cols));
        if rows > cols {
            x = transposed(&x, rows, cols);
        }
        for round in 0..5 {
            let [ca, cb, cc] = self.table[round.min(self.table.len() - 1)];
            let a = product(&x, &transposed(&x, n, k), n, k, n);
            let square = product(&a, &a, n, n, n);
            let b: Vec<f64> = a.iter().zip(&square).map(|(a, s)| cb * a + cc * s).collect();
            let bx = product(&b, &x, n, n, k);
            x.iter_mut().zip(&bx).for_each(|(x, bx)| *x = ca * *x + bx);
        }
        if rows > cols {
            x = transposed(&x, cols, rows);
        }
        let mut scale = lr() * self.rms_rate.map_or(1.0, |rate| (k as f64).sqrt() * rate);
        if let Some((b, v)) = &mut self.outputs {
            let kept = if self.rms_rate.is_some() { (n as f64).sqrt() } else { norm(&x) };
            for (j, v) in v.iter_mut().enumerate() {
                let squares = (0..rows).map(|i| x[i * cols + j].powi(2));
                *v += (squares.sum::<f64>() / rows as f64 - *v) * (1.0 - *b);
                (0..rows).for_each(|i| x[i * cols + j] /= v.sqrt() + 1e-10);
            }
            scale *= kept / (norm(&x) + 1e-10);
        }
        w.iter_mut().zip(&x).for_each(|(w, x)| *w -= scale * x);
    }
}
