//! LARS (You et al. 2017), as in optax: SGD with momentum, with a rate proportional to the norm of each variable.
//!
//! ```text
//! u = g + weightDecay w ;  r = trust_coefficient |w| / |u|, or 1 if either norm is 0
//! m <- momentum m - lr r u ;  w <- w + m          nesterov: w + momentum m - lr r u, with the new m
//! ```

use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::lanes::{Lanes, Native, map_in_place, zip_in_place, zip3_in_place};
use crate::plan::{Clock, Job, RowShape, Whole};
use crate::reduce::sum_of_squares;

/// Scalars of one step.
pub struct Lars {
    lr: f32,
    mu: f32,
    trust: f64,
    nesterov: bool,
}

impl Rule for Lars {
    const SPEC: Spec = Spec {
        name: "lars",
        arguments: &[
            ("learning_rate", 1.0),
            ("momentum", 0.9),
            ("trust_coefficient", 0.001),
            ("nesterov", 0.0),
        ],
        weight_decay: NONE,
        slots: &[Slot::zeros("momentum", 0)],
        shared: "",
    };

    const WHOLE: bool = true;

    /// Memory for the gradient plus weight decay.
    fn workspace(_arguments: &[f64], shape: RowShape) -> usize {
        shape.len
    }

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, mu, trust, nesterov] = arguments.first_chunk().expect("as many as SPEC has");
        Self { lr: clock.lr, mu: mu as f32, trust, nesterov: nesterov != 0.0 }
    }

    fn update(&self, mut job: Job) {
        let decay = job.take_decay();
        let mut whole = job.whole();
        let Whole { w, g, slots: [m, ..], workspace, .. } = &mut whole;
        let u = &mut workspace[..w.len()];
        u.copy_from_slice(g);
        if let Some(decay) = decay {
            let wd = Native::splat(decay.wd);
            zip_in_place(u, w, |u, w| (u + (w * wd).saturated_from(w)).saturated_from(u));
        }
        let (w_norm, u_norm) = (sum_of_squares(w).sqrt(), sum_of_squares(u).sqrt());
        let trust = if w_norm == 0.0 || u_norm == 0.0 { 1.0 } else { self.trust * w_norm / u_norm };
        // A factor may exceed the largest `f32` although the products do not.
        let scale = trust * f64::from(self.lr);
        if scale.abs() <= f64::from(f32::MAX) {
            let scale = Native::splat(scale as f32);
            map_in_place(u, |u| (u * scale).saturated_from(u));
        } else {
            for u in &mut *u {
                *u = (f64::from(*u) * scale).clamp(-f64::from(f32::MAX), f64::from(f32::MAX)) as f32;
            }
        }
        let mu = Native::splat(self.mu);
        zip_in_place(m, u, |m, u| (m * mu - u).saturated_from(u));
        if self.nesterov {
            zip3_in_place(w, m, u, |w, m, u| (w + (m * mu - u).saturated_from(u)).saturated_from(w));
        } else {
            zip_in_place(w, m, |w, m| (w + m).saturated_from(w));
        }
        whole.finish();
    }
}
