//! Schedule-free SGD (Defazio et al. 2024, section 3), as implemented in schedulefree, after a linear warm-up.
//!
//! ```text
//! lr' = lr min(t / warmup_steps, 1)               lr where there is no warm-up
//! n <- n (r0 / r)^2 + 1 ;  c = 1 / n              r is the largest lr' so far, r0 that before
//! u = g + weightDecay w
//! w <- w + c (z - w) - lr' (1 - momentum (1 - c)) u ;  z <- z - lr' u
//! ```
//!
//! The variable holds the interpolated point, `y` in the paper; z starts as a copy of it. The average is
//! x = w + (z - w)(1 - 1 / momentum). `r` and `n` use the learning rate before the factors of variables.

use super::rule::Rule;
use super::spec::{Extent, NONE, Slot, Spec, Start};
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// The numbers that schedule-free rules share: the length of the average, and the largest learning rate so far.
pub(super) const SHARED: &str = "averaged_steps,largest_rate";

/// The slot of the base sequence of SGD steps, `z` in the paper.
pub(super) const Z: Slot =
    Slot { name: "z", group: 0, start: Start::Variable, extent: Extent::Full };

/// The weight of the new z in the average, relative to all weights so far. A weight is the square of the largest rate so far.
pub(super) fn share(rate: f64, shared: &mut [f32]) -> f64 {
    let [steps, largest] = shared.first_chunk_mut().expect("as many as SPEC has");
    let before = f64::from(*largest);
    *largest = largest.max(rate as f32);
    let now = f64::from(*largest);
    if now == 0.0 {
        return 0.0;
    }
    let ratio = before / now;
    let length = f64::from(*steps) * ratio * ratio + 1.0;
    *steps = length as f32;
    1.0 / length
}

/// Scalars of one step.
#[derive(Clone, Copy)]
pub struct ScheduleFreeSgd {
    pub(super) lr: f32,
    pub(super) share: f32,
    /// The rate of the direct step of w, apart from its movement towards z.
    pub(super) own_lr: f32,
    pub(super) decay: f32,
}

impl ScheduleFreeSgd {
    pub(super) fn new(lr: f64, share: f64, momentum: f64) -> Self {
        let own_lr = lr * (1.0 - momentum * (1.0 - share));
        Self { lr: lr as f32, share: share as f32, own_lr: own_lr as f32, decay: 0.0 }
    }

    /// These scalars with the weight decay of a variable, which is applied at w.
    pub(super) fn of(self, job: &mut Job) -> Self {
        Self { decay: job.take_decay().map_or(0.0, |decay| decay.wd), ..self }
    }

    /// The new w and z; `g` is already preconditioned.
    #[inline(always)]
    pub(super) fn moved<L: Lanes>(&self, w: L, g: L, z: L) -> (L, L) {
        let u = g + w * L::splat(self.decay);
        // w is rounded once, not twice.
        let step = (z - w) * L::splat(self.share) - u * L::splat(self.own_lr);
        (w + step, z - u * L::splat(self.lr))
    }
}

impl Rule for ScheduleFreeSgd {
    const SPEC: Spec = Spec {
        name: "schedule_free_sgd",
        arguments: &[("learning_rate", 1.0), ("momentum", 0.9), ("warmup_steps", 0.0)],
        weight_decay: NONE,
        slots: &[Z],
        shared: SHARED,
    };

    fn begin(arguments: &[f64], clock: Clock, shared: &mut [f32]) -> Self {
        let &[_, momentum, warmup_steps] = arguments.first_chunk().expect("as many as SPEC has");
        let t = f64::from(clock.t);
        let warm = if t < warmup_steps { t / warmup_steps } else { 1.0 };
        let share = share(f64::from(clock.base_lr) * warm, shared);
        Self::new(f64::from(clock.lr) * warm, share, momentum)
    }

    fn update(&self, mut job: Job) {
        let rule = self.of(&mut job);
        job.elementwise([0], Care::Kept, &rule);
    }
}

impl Formula<1> for ScheduleFreeSgd {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [z]: [L; 1]) -> (L, [L; 1]) {
        let (w, z) = self.moved(w, g, z);
        (w, [z])
    }

    /// Infinity, because z is a parameter too.
    const BOUNDS: [f32; 1] = [f32::INFINITY];
    const KEEPS: bool = true;
}
