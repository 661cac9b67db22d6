//! Muon (Jordan 2024, with the scale of Moonlight): momentum, orthogonalized by Newton-Schulz iteration.
//!
//! ```text
//! m <- m + (g + m (mu - 1)) ;  G = g + mu m if nesterov, else m
//! X = G / (|G| + 1e-7), its short side as rows
//! ns_steps times:  A = X X' ;  B = b A + c A A ;  X <- a X + B X      polar_express: a, b, c of each round from its table
//! normuon_beta_2:  v <- beta v + (1 - beta) mean of X^2 of each output ;  X <- X / (sqrt(v) + 1e-10), its norm sqrt(shorter side)
//! w <- w - lr X sqrt(longer side) rms_rate            without the two last factors if rms_rate is None
//! ```
//!
//! The table is that of Polar Express (Amsel et al. 2025), with a margin of 1e-2 for rounding; its last row repeats. The mean
//! squares of outputs, which are the columns of a kernel, are NorMuon's (Li et al. 2025); with an `rms_rate` of None, they do
//! not change the norm of X.
//!
//! The kernel of a convolution is a matrix with a column for each output, and a row for each input of each position of the
//! window.
//!
//! The second rule is Adam with a separate weight decay, for all variables that are not weight matrices. The caller chooses
//! these variables ([`RowShape::second_side`]), so Keras's `exclude_layers` and `exclude_embeddings` are not arguments of
//! this rule.
//!
//! The iteration runs in the plan's workspace. Only the matrix products allocate memory, for packing their operands; the plan
//! checks before the step that there is enough.

use super::adam::Scalars;
use super::rule::Rule;
use super::spec::{Extent, NONE, Slot, Spec, Start};
use crate::finite::stored;
use crate::lanes::{Lanes, Native, map_in_place, zip_in_place};
use crate::matmul::{Matrix, matmul, packing};
use crate::plan::{Clock, Job, RowShape, Whole};
use crate::reduce::{is_finite, means_of_columns, norm};

const ADAM_WEIGHT_DECAY: usize = 11;
const NORMUON_BETA_2: usize = 14;

/// Coefficients of Polar Express for each round, as its authors print them.
const POLAR_EXPRESS: [[f32; 3]; 8] = [
    [8.237_312, -23.157_747, 16.680_569],
    [4.082_442, -2.893_047_7, 0.525_284_95],
    [3.926_348, -2.854_746_8, 0.531_802_24],
    [3.298_218_7, -2.424_542, 0.486_320_08],
    [2.297_037, -1.636_625_5, 0.400_262_83],
    [1.876_380_6, -1.234_789_6, 0.358_918_88],
    [1.856_442_3, -1.213_245, 0.356_800_35],
    [1.874_999_4, -1.249_998_8, 0.374_999_4],
];

/// Scalars of one step.
pub struct Muon {
    adam: Scalars,
    lr: f32,
    coefficients: [f32; 3],
    polar_express: bool,
    momentum: f32,
    momentum_minus_1: f32,
    ns_steps: u32,
    nesterov: bool,
    rms_rate: Option<f32>,
    normuon_b2: Option<f32>,
}

impl Rule for Muon {
    const SPEC: Spec = Spec {
        name: "muon",
        arguments: &[
            ("learning_rate", 0.001),
            ("adam_beta_1", 0.9),
            ("adam_beta_2", 0.999),
            ("epsilon", 1e-7),
            ("muon_a", 3.4445),
            ("muon_b", -4.7750),
            ("muon_c", 2.0315),
            ("adam_lr_ratio", 1.0),
            ("momentum", 0.95),
            ("ns_steps", 5.0),
            ("nesterov", 1.0),
            ("adam_weight_decay", 0.004),
            ("rms_rate", 0.2),
            ("polar_express", 0.0),
            ("normuon_beta_2", NONE),
        ],
        weight_decay: 0.004,
        slots: &[
            Slot::zeros("momentum", 0),
            Slot::zeros("velocity", 0),
            Slot { name: "output_velocity", group: 0, start: Start::Zeros, extent: Extent::Outputs },
        ],
        shared: "",
    };

    const WHOLE: bool = true;

    fn has_slot(slot: usize, arguments: &[f64], shape: RowShape) -> bool {
        match slot {
            0 => true,
            1 => shape.second_side,
            _ => !shape.second_side && !arguments[NORMUON_BETA_2].is_nan(),
        }
    }

    /// Memory for X, the next X, A and B.
    fn workspace(_arguments: &[f64], shape: RowShape) -> usize {
        if shape.second_side {
            0
        } else {
            let side = side(matrix(shape));
            2 * shape.len + 2 * side * side
        }
    }

    /// The products of A, B and the next X are n x longer x n, n x n x n, and n x n x longer or longer x n x n.
    fn packing(shape: RowShape) -> usize {
        if shape.second_side || shape.len == 0 {
            return 0;
        }
        let shape = matrix(shape);
        let (n, longer) = (side(shape), shape.rows.max(shape.cols));
        packing(n, longer, n).max(packing(shape.rows, n, shape.cols))
    }

    fn weight_decay(arguments: &[f64], base: f64, shape: RowShape) -> f64 {
        if shape.second_side {
            arguments[ADAM_WEIGHT_DECAY]
        } else {
            base
        }
    }

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[
            _,
            b1,
            b2,
            epsilon,
            a,
            b,
            c,
            ratio,
            momentum,
            steps,
            nesterov,
            _,
            rms_rate,
            polar_express,
            normuon_b2,
        ] = arguments.first_chunk().expect("as many as SPEC has");
        Self {
            adam: Scalars::new(b1, b2, epsilon, clock.lr * ratio as f32, clock.t),
            lr: clock.lr,
            coefficients: [a as f32, b as f32, c as f32],
            polar_express: polar_express != 0.0,
            momentum: momentum as f32,
            momentum_minus_1: (momentum - 1.0) as f32,
            ns_steps: steps as u32,
            nesterov: nesterov != 0.0,
            rms_rate: (!rms_rate.is_nan()).then_some(rms_rate as f32),
            normuon_b2: (!normuon_b2.is_nan()).then_some(normuon_b2 as f32),
        }
    }

    fn update(&self, job: Job) {
        let shape = job.shape();
        if shape.second_side {
            return self.adam.update(job);
        }
        let shape = matrix(shape);
        let mut whole = job.whole();
        let Whole {
            w,
            g,
            slots: [m, _, v, ..],
            workspace,
            ..
        } = &mut whole;
        if !w.is_empty() {
            zip_in_place(m, g, |m, g| {
                (m + (g + m * Native::splat(self.momentum_minus_1))).saturated_from(g)
            });
            let (x, spare) = self.orthogonalized(g, m, workspace, shape);
            if let Some(b2) = self.normuon_b2 {
                let kept = if self.rms_rate.is_some() { (side(shape) as f32).sqrt() } else { norm(x) };
                normalize_outputs(x, spare, v, b2, kept);
            }
            let lr = Native::splat(self.lr);
            match self.rms_rate {
                Some(rate) => {
                    let longer = Native::splat((shape.rows.max(shape.cols) as f32).sqrt());
                    let rate = Native::splat(rate);
                    zip_in_place(w, x, |w, x| {
                        (w - (lr * x * longer).saturated() * rate).saturated()
                    });
                }
                None => zip_in_place(w, x, |w, x| (w - lr * x).saturated()),
            }
        }
        whole.finish();
    }
}

impl Muon {
    /// The momentum, or with Nesterov's momentum the gradient plus momentum, with singular values near 1; and memory for
    /// another matrix.
    ///
    /// A tall matrix is not transposed: with X' for X, X X' becomes X' X, and B X becomes X B, because B is symmetric.
    fn orthogonalized<'a>(
        &self,
        g: &[f32],
        m: &[f32],
        workspace: &'a mut [f32],
        shape: RowShape,
    ) -> (&'a mut [f32], &'a mut [f32]) {
        let RowShape {
            rows, cols, len, ..
        } = shape;
        let n = side(shape);
        let (mut x, rest) = workspace.split_at_mut(len);
        let (mut next, rest) = rest.split_at_mut(len);
        let (gram, rest) = rest.split_at_mut(n * n);
        let poly = &mut rest[..n * n];

        if self.nesterov {
            x.copy_from_slice(g);
            zip_in_place(x, m, |g, m| (g + Native::splat(self.momentum) * m).saturated_from(g));
        } else {
            x.copy_from_slice(m);
        }
        if norm(x) == f32::INFINITY && is_finite(x) {
            // The norm of the smaller matrix is finite, and the quotient by it is the same.
            scale(x, 1e-20);
        }
        let divisor = Native::splat(norm(x) + 1e-7);
        map_in_place(x, |x| x / divisor);
        let starts_finite = is_finite(x);

        for round in 0..self.ns_steps as usize {
            let [a, b, c] = if self.polar_express {
                POLAR_EXPRESS[round.min(POLAR_EXPRESS.len() - 1)]
            } else {
                self.coefficients
            };
            let (a, b) = (Native::splat(a), Native::splat(b));
            let view = Matrix::new(x, rows, cols);
            let (left, right) = if rows > cols {
                (view.t(), view)
            } else {
                (view, view.t())
            };
            matmul(1.0, left, right, 0.0, gram);
            zip_in_place(poly, gram, |_, gram| b * gram);
            let square = Matrix::new(gram, n, n);
            matmul(c, square, square, 1.0, poly);
            zip_in_place(next, x, |_, x| a * x);
            let poly = Matrix::new(poly, n, n);
            let (left, right) = if rows > cols {
                (view, poly)
            } else {
                (poly, view)
            };
            matmul(1.0, left, right, 1.0, next);
            (x, next) = (next, x);
        }
        if starts_finite && !is_finite(x) {
            // The iteration diverged with these coefficients: the variable does not change.
            x.fill(0.0);
        }
        (x, next)
    }
}

/// Divides each column by the root of its running mean square `v`, and scales the matrix to the norm `kept`.
#[inline(never)]
fn normalize_outputs(x: &mut [f32], spare: &mut [f32], v: &mut [f32], b2: f32, kept: f32) {
    zip_in_place(spare, x, |_, x| stored(x.squared()));
    let (rows, cols) = ((x.len() / v.len()) as f64, v.len());
    means_of_columns(spare, cols, 0..cols, rows, b2, v);
    for row in x.chunks_exact_mut(cols) {
        zip_in_place(row, v, |x, v| x / (v.sqrt() + Native::splat(1e-10)));
    }
    scale(x, kept / (norm(x) + 1e-10));
}

#[inline(never)]
fn scale(x: &mut [f32], by: f32) {
    map_in_place(x, |x| x * Native::splat(by));
}

/// The variable as a matrix: all axes but the last are its rows.
fn matrix(shape: RowShape) -> RowShape {
    RowShape { rows: shape.matrices() * shape.rows, ..shape }
}

/// The shorter side of the matrix.
fn side(shape: RowShape) -> usize {
    shape.rows.min(shape.cols)
}
