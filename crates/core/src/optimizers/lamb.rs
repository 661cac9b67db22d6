//! Lamb (You et al. 2019) as in Keras: Adam's moments, with steps scaled to the norm of the variable.
//!
//! ```text
//! m <- m + (g - m)(1 - b1) ;  v <- v + (g^2 - v)(1 - b2)
//! u = (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
//! r = |w| / |u|, or 1 if either norm is 0 ;  w <- w - (r lr) u
//! ```
//!
//! Unlike in the paper, `u` does not include weight decay: Keras applies it as for all optimizers.

use crate::finite::{divisor, stored, with_square};
use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Formula, Lanes, Native, walk, walk_all, zip_in_place};
use crate::plan::{Clock, Job, RowShape, Whole};
use crate::reduce::sum_of_squares;
use crate::rounded::pow;

/// Elements whose moments and norms are computed together, while they are in the first-level cache: parameter, gradient and
/// two moments take 16 KiB.
const BLOCK: usize = 1024;

/// Scalars of one step.
pub struct Lamb {
    lr: f32,
    one_minus_b1: f32,
    one_minus_b2: f32,
    m_correction: f32,
    v_correction: f32,
    epsilon: f32,
    /// Whether `m_correction` is 1. Asked in the loop, the compiler would remove the question, and always divide.
    is_late: bool,
}

impl Rule for Lamb {
    const SPEC: Spec = Spec {
        name: "lamb",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-7),
        ],
        weight_decay: NONE,
        slots: &[Slot::zeros("momentum", 0), Slot::zeros("velocity", 0)],
        shared: "",
    };

    const WHOLE: bool = true;

    /// Memory for the direction: recomputing it once its norm is known would take longer.
    fn workspace(_arguments: &[f64], shape: RowShape) -> usize {
        shape.len
    }

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        let m_correction = 1.0 - pow(b1 as f32, clock.t);
        Self {
            lr: clock.lr,
            // 1 - beta is computed in double and then rounded, as in Python.
            one_minus_b1: (1.0 - b1) as f32,
            one_minus_b2: (1.0 - b2) as f32,
            m_correction,
            v_correction: 1.0 - pow(b2 as f32, clock.t),
            epsilon: epsilon as f32,
            is_late: m_correction == 1.0,
        }
    }

    fn update(&self, job: Job) {
        let mut whole = job.whole();
        let Whole { w, g, slots: [m, v, ..], workspace, .. } = &mut whole;
        let u = &mut workspace[..w.len()];
        let (mut w_squares, mut u_squares) = (0.0, 0.0);
        for start in (0..w.len()).step_by(BLOCK) {
            let part = start..w.len().min(start + BLOCK);
            let (u, g) = (&mut u[part.clone()], &g[part.clone()]);
            let mut moments = [&mut m[part.clone()], &mut v[part.clone()]];
            let update = &|u: &mut [f32], g: &[f32], moments: &mut [&mut [f32]; 2], kept: &mut [f32]| {
                walk(self, u, g, moments, kept)
            };
            walk_all(update, u, g, &mut moments, &mut []);
            u_squares += sum_of_squares(u);
            w_squares += sum_of_squares(&w[part]);
        }
        let scale = largest(trust(norm(w_squares), norm(u_squares)) * self.lr);
        zip_in_place(w, u, |w, u| (w - Native::splat(scale) * u).saturated());
        whole.finish();
    }
}

/// Writes the direction in place of the parameter, whose old value has no effect.
impl Formula<2> for Lamb {
    #[inline(always)]
    fn apply<L: Lanes>(&self, _u: L, g: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        let m = m + (with_square(g) - m) * L::splat(self.one_minus_b1);
        let v = v + (g.squared() - v) * L::splat(self.one_minus_b2);
        let root = (v / L::splat(self.v_correction)).sqrt();
        // From step 165 on, a correction of 1 - 0.9^t is 1: a division takes a fifth of the time of all.
        let corrected = if self.is_late { m } else { m / L::splat(self.m_correction) };
        let u = corrected / (divisor(root, self.epsilon) + g.poison());
        (u.saturated(), [m, stored(v)])
    }

    /// The formula keeps its results finite.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, _w: L, _slots: [L; 2]) -> L {
        seen
    }
}

/// A norm in `f32`, limited to the largest number.
fn norm(squares: f64) -> f32 {
    let norm = squares.sqrt();
    if norm.is_finite() { largest(norm as f32) } else { norm as f32 }
}

/// `x`, with an infinity replaced by the largest number of its sign.
fn largest(x: f32) -> f32 {
    x.clamp(-f32::MAX, f32::MAX)
}

/// The trust ratio of the paper.
fn trust(w_norm: f32, u_norm: f32) -> f32 {
    if w_norm > 0.0 && u_norm > 0.0 {
        largest(w_norm / u_norm)
    } else {
        1.0
    }
}
