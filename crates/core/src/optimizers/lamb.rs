//! Lamb (You et al. 2019) as Keras has it: Adam's moments, the step scaled to the norm of the variable.
//!
//! ```text
//! m <- m + (g - m)(1 - b1) ;  v <- v + (g^2 - v)(1 - b2)
//! u = (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
//! r = |w| / |u|, or 1 if either norm is 0 ;  w <- w - (r lr) u
//! ```
//!
//! Unlike the paper's, Keras's weight decay is the one of all optimizers: it is no part of `u`.

use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Lanes, Native, zip_in_place, zip3_in_place};
use crate::plan::{Clock, Job, Whole};
use crate::reduce::{sum_of_squares, sum_of_squares_of};
use crate::rounded::pow;

/// Elements whose moments and norms are taken together, while they are in the first-level cache:
/// parameter, gradient and two moments make 16 KiB.
const BLOCK: usize = 1024;

/// Scalars of one step.
pub struct Lamb {
    lr: f32,
    one_minus_b1: f32,
    one_minus_b2: f32,
    m_correction: f32,
    v_correction: f32,
    epsilon: f32,
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

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut f32) -> Self {
        let &[_, b1, b2, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        Self {
            lr: clock.lr,
            // 1 - beta is taken in double and then rounded, as Python does.
            one_minus_b1: (1.0 - b1) as f32,
            one_minus_b2: (1.0 - b2) as f32,
            m_correction: 1.0 - pow(b1 as f32, clock.t),
            v_correction: 1.0 - pow(b2 as f32, clock.t),
            epsilon: epsilon as f32,
        }
    }

    fn update(&self, job: Job) {
        let mut whole = job.whole();
        let Whole {
            w,
            g,
            slots: [m, v, _],
            ..
        } = &mut whole;
        let (mut w_squares, mut u_squares) = (0.0, 0.0);
        for start in (0..w.len()).step_by(BLOCK) {
            let part = start..w.len().min(start + BLOCK);
            let (m, v, g) = (&mut m[part.clone()], &mut v[part.clone()], &g[part.clone()]);
            zip_in_place(m, g, |m, g| m + (g - m) * Native::splat(self.one_minus_b1));
            zip_in_place(v, g, |v, g| {
                v + (g.squared() - v) * Native::splat(self.one_minus_b2)
            });
            u_squares += sum_of_squares_of(m, v, |m, v| self.direction(m, v));
            w_squares += sum_of_squares(&w[part]);
        }
        let scale =
            Native::splat(trust(w_squares.sqrt() as f32, u_squares.sqrt() as f32) * self.lr);
        // The direction is computed again: that costs less than room and traffic for keeping it.
        zip3_in_place(w, m, v, |w, m, v| w - scale * self.direction(m, v));
        whole.finish();
    }
}

impl Lamb {
    #[inline(always)]
    fn direction(&self, m: Native, v: Native) -> Native {
        let root = (v / Native::splat(self.v_correction)).sqrt();
        m / Native::splat(self.m_correction) / (root + Native::splat(self.epsilon))
    }
}

/// The trust ratio of the paper.
fn trust(w_norm: f32, u_norm: f32) -> f32 {
    if w_norm > 0.0 && u_norm > 0.0 {
        w_norm / u_norm
    } else {
        1.0
    }
}
