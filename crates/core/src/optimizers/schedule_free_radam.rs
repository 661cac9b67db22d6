//! Schedule-free RAdam (Defazio et al. 2024; Liu et al. 2019), as implemented in schedulefree: with a fixed warm-up.
//!
//! ```text
//! s = 2 / (1 - b2) - 1 ;  rho = s - 2 t b2^t / (1 - b2^t) ;  v <- v + (g^2 - v)(1 - b2)
//! rho > 4     lr' = lr sqrt((rho - 4)(rho - 2) s / ((s - 4)(s - 2) rho)) ;  u = g / (sqrt(v / (1 - b2^t)) + eps)
//! otherwise   lr' = 0, or lr without silent_sgd_phase ;  u = g
//! n <- n (r0 / r)^2 + 1 ;  c = 1 / n              r is the largest lr' so far, r0 that before
//! u <- u + weightDecay w
//! w <- w + c (z - w) - lr' (1 - b1 (1 - c)) u ;  z <- z - lr' u
//! ```
//!
//! The variable holds the interpolated point, `y` in the paper; z starts as a copy of it. The average is
//! x = w + (z - w)(1 - 1 / b1). `r` and `n` use the learning rate before the factors of variables.

use super::rule::{Rule, rectification, root_share};
use super::schedule_free_sgd::{SHARED, ScheduleFreeSgd, Z, share};
use super::spec::{NONE, Slot, Spec};
use crate::finite::divisor;
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// The second moment is used if its average is longer than this.
const LEAST_LENGTH: f64 = 4.0;

/// Scalars of one step.
pub struct ScheduleFreeRAdam {
    sgd: ScheduleFreeSgd,
    one_minus_b2: f32,
    epsilon: f32,
    /// `sqrt(1 - b2^t)`, by which the rates and epsilon are multiplied; 0 if the second moment is not used.
    root: f32,
}

impl Rule for ScheduleFreeRAdam {
    const SPEC: Spec = Spec {
        name: "schedule_free_radam",
        arguments: &[
            ("learning_rate", 0.0025),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-8),
            ("silent_sgd_phase", 1.0),
        ],
        weight_decay: NONE,
        slots: &[Z, Slot::zeros("velocity", 0)],
        shared: SHARED,
    };

    fn begin(arguments: &[f64], clock: Clock, shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon, is_silent] =
            arguments.first_chunk().expect("as many as SPEC has");
        let t = f64::from(clock.t);
        let [factor, root] = match rectification(b2, t, LEAST_LENGTH) {
            Some(factor) => [factor, root_share(b2, t)],
            None => [if is_silent != 0.0 { 0.0 } else { 1.0 }, 0.0],
        };
        let share = share(f64::from(clock.base_lr) * factor, shared);
        let rate = f64::from(clock.lr) * factor * if root > 0.0 { root } else { 1.0 };
        Self {
            sgd: ScheduleFreeSgd::new(rate, share, b1),
            one_minus_b2: (1.0 - b2) as f32,
            epsilon: (epsilon * root) as f32,
            root: root as f32,
        }
    }

    fn update(&self, mut job: Job) {
        let mut rule = Self { sgd: self.sgd.of(&mut job), ..*self };
        if self.root > 0.0 {
            rule.sgd.decay /= self.root;
            job.elementwise([0, 1], Care::Kept, &rule);
        } else {
            job.elementwise([0, 1], Care::Kept, &Unadapted(&rule));
        }
    }
}

impl ScheduleFreeRAdam {
    #[inline(always)]
    fn moment<L: Lanes>(&self, g: L, v: L) -> L {
        v + (g.squared() - v) * L::splat(self.one_minus_b2)
    }
}

impl Formula<2> for ScheduleFreeRAdam {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [z, v]: [L; 2]) -> (L, [L; 2]) {
        let v = self.moment(g, v);
        let (w, z) = self.sgd.moved(w, g / divisor(v.sqrt(), self.epsilon), z);
        (w, [z, v])
    }

    /// Infinity, because z is a parameter too.
    const BOUNDS: [f32; 2] = [f32::INFINITY, f32::MAX];
    const KEEPS: bool = true;
}

/// The first steps, which are those of schedule-free SGD.
struct Unadapted<'r>(&'r ScheduleFreeRAdam);

impl Formula<2> for Unadapted<'_> {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [z, v]: [L; 2]) -> (L, [L; 2]) {
        let (w, z) = self.0.sgd.moved(w, g, z);
        (w, [z, self.0.moment(g, v)])
    }

    const BOUNDS: [f32; 2] = ScheduleFreeRAdam::BOUNDS;
    const KEEPS: bool = true;
}
