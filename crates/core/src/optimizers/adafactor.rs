//! Adafactor (Shazeer and Stern 2018): second moments are stored as one number per row and one per column.
//!
//! ```text
//! rho = min(lr, 1/sqrt(t)) ;  alpha = max(eps2, rms(w)) rho ;  b = 1 - t^beta_2_decay
//! q = g^2 + eps1
//! rank >= 2   r <- b r + (1 - b) mean of q along rows ;  c <- the same along columns
//!             v <- (r / mean r) c, an outer product, for each matrix of the last two axes
//! otherwise   v <- b v + (1 - b) q
//! u = g / sqrt(v) ;  w <- w - alpha u / max(1, rms(u) / clip_threshold)
//! ```
//!
//! `relative_step` computes the same minimum as `rho`, so it has no effect, as in Keras.
//!
//! # Dead inputs
//! If a row and a column have never had a gradient, `r` and `c` are both `eps1` = 1e-30, and their product, about 1e-60, is 0
//! in `f32`. Keras then divides 0 by 0; the NaN enters `rms(u)`, and through it every weight of the variable becomes NaN. In
//! gradstep an element with `v` = 0 has `u` = 0: it does not change, and adds nothing to `rms(u)`, and all others are as in
//! Keras's formula. With `epsilon_1` = 0, the mean of `r` may be 0 too; then the whole matrix has `v` = 0.

use crate::finite::{stored, with_square};
use super::rule::Rule;
use super::spec::{Extent, NONE, Slot, Spec, Start};
use crate::lanes::{Lanes, Native, zip_both, zip_in_place, zip3_in_place};
use crate::plan::{Clock, Job, RowShape, Whole};
use crate::reduce::{
    means_of_columns, mixed, root_mean_square, sum, sum_of_squares,
};
use crate::rounded::pow;
use core::ops::Range;

const VELOCITY: usize = 2;

/// Scalars of one step.
pub struct Adafactor {
    rho: f32,
    b: f32,
    epsilon_1: f32,
    epsilon_2: f32,
    clip_threshold: f32,
}

impl Rule for Adafactor {
    const SPEC: Spec = Spec {
        name: "adafactor",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_2_decay", -0.8),
            ("epsilon_1", 1e-30),
            ("epsilon_2", 1e-3),
            ("clip_threshold", 1.0),
            ("relative_step", 1.0),
        ],
        weight_decay: NONE,
        slots: &[
            factor(Extent::Rows),
            factor(Extent::Columns),
            Slot::zeros("velocity", 0),
        ],
        shared: "",
    };

    const WHOLE: bool = true;

    /// Memory for the second moments of vectors and scalars, because their slot stores the direction during a step.
    fn workspace(_arguments: &[f64], shape: RowShape) -> usize {
        if shape.rank >= 2 { 0 } else { shape.len }
    }

    fn has_slot(slot: usize, _arguments: &[f64], shape: RowShape) -> bool {
        slot == VELOCITY || shape.rank >= 2
    }

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, beta_2_decay, epsilon_1, epsilon_2, clip_threshold, _] =
            arguments.first_chunk().expect("as many as SPEC has");
        let slowest = 1.0 / clock.t.sqrt();
        Self {
            rho: if slowest < clock.lr {
                slowest
            } else {
                clock.lr
            },
            b: 1.0 - pow(clock.t, beta_2_decay as f32),
            epsilon_1: epsilon_1 as f32,
            epsilon_2: epsilon_2 as f32,
            clip_threshold: clip_threshold as f32,
        }
    }

    fn update(&self, job: Job) {
        let RowShape { rank, rows, cols, .. } = job.shape();
        let mut whole = job.whole();
        let Whole { w, g, slots: [r, c, v, _], workspace, .. } = &mut whole;
        if !w.is_empty() {
            let product = if rank >= 2 {
                self.factors([rows, cols], g, r, c, v);
                Product { r, c, cols, most: f32::MAX }
            } else {
                let new = &mut workspace[..v.len()];
                new.copy_from_slice(v);
                zip_in_place(new, g, |v, g| {
                    Native::splat(self.b) * v + Native::splat(1.0 - self.b) * self.regulated(g)
                });
                Product { r: &[1.0], c: new, cols: new.len(), most: f32::INFINITY }
            };
            let rms = (product.directions(g, v) / g.len() as f64).sqrt() as f32;
            let divisor = Native::splat(at_least(1.0, rms / self.clip_threshold));
            let alpha = at_least(self.epsilon_2, root_mean_square(w)) * self.rho;
            let alpha = Native::splat(alpha.clamp(-f32::MAX, f32::MAX));
            product.replace(v, w, |w, u| (w - alpha * (u / divisor)).saturated());
        }
        whole.finish();
    }
}

impl Adafactor {
    /// Updates `r` and `c`; `v` is working memory.
    fn factors(
        &self,
        [rows, cols]: [usize; 2],
        g: &[f32],
        r: &mut [f32],
        c: &mut [f32],
        v: &mut [f32],
    ) {
        for (matrix, c) in c.chunks_exact_mut(cols).enumerate() {
            let first = matrix * rows;
            for i in first..first + rows {
                let (v, g) = (&mut v[i * cols..(i + 1) * cols], &g[i * cols..(i + 1) * cols]);
                zip_in_place(v, g, |_, g| self.regulated_entry(g));
                r[i] = mixed(r[i], (sum(v) / cols as f64) as f32, self.b);
            }
            let v = &v[first * cols..(first + rows) * cols];
            means_of_columns(v, cols, 0..cols, rows as f64, self.b, c);
        }
    }

    #[inline(always)]
    fn regulated(&self, g: Native) -> Native {
        g.squared() + Native::splat(self.epsilon_1)
    }

    /// The regulated square of a gradient in a matrix, where a whole row and column would share an infinity. NaN if the gradient
    /// is not finite.
    #[inline(always)]
    fn regulated_entry(&self, g: Native) -> Native {
        stored(self.regulated(with_square(g))) + g.poison()
    }
}

const fn factor(extent: Extent) -> Slot {
    Slot {
        name: "",
        group: 0,
        start: Start::Zeros,
        extent,
    }
}

/// Second moments as outer products of `r / mean r` and `c`. A vector or a scalar is one row with a factor of 1.
struct Product<'a> {
    r: &'a [f32],
    c: &'a [f32],
    cols: usize,
    /// The limit of the moments whose roots divide the directions.
    most: f32,
}

impl Product<'_> {
    /// Writes the direction to `u`, and returns the sum of its squares.
    fn directions(&self, g: &[f32], u: &mut [f32]) -> f64 {
        let mut squares = 0.0;
        let most = Native::splat(self.most);
        self.each_row(|row, share, c| {
            let u = &mut u[row.clone()];
            zip3_in_place(u, &g[row], c, |_, g, c| direction(g, (share * c).capped(most)));
            squares += sum_of_squares(u);
        });
        squares
    }

    /// Moves the parameters along the directions in `u`, and then overwrites `u` with the moments.
    fn replace(&self, u: &mut [f32], w: &mut [f32], moved: impl Fn(Native, Native) -> Native) {
        self.each_row(|row, share, c| {
            zip_both(&mut w[row.clone()], &mut u[row], c, |w, u, c| (moved(w, u), stored(share * c)));
        });
    }

    /// Calls `f` with the range of every row, its factor, and the factors of its columns.
    #[inline(always)]
    fn each_row(&self, mut f: impl FnMut(Range<usize>, Native, &[f32])) {
        let rows = self.r.len() * self.cols / self.c.len();
        for (matrix, c) in self.c.chunks_exact(self.cols).enumerate() {
            let first = matrix * rows;
            let mean = (sum(&self.r[first..first + rows]) / rows as f64) as f32;
            for i in first..first + rows {
                let share = if mean == 0.0 { 0.0 } else { self.r[i] / mean };
                f(i * self.cols..(i + 1) * self.cols, Native::splat(share), c);
            }
        }
    }
}

/// `g / sqrt(v)`, or 0 if `v` is 0; NaN stays NaN.
#[inline(always)]
fn direction(g: Native, v: Native) -> Native {
    let root = v.sqrt();
    (with_square(g) / root).where_positive(v, root)
}

/// The larger of both; NaN if `x` is NaN, like `numpy.maximum`.
fn at_least(least: f32, x: f32) -> f32 {
    if x < least { least } else { x }
}
