//! What Keras does around the update rule, block by block, while a block is in the first-level cache:
//! unscale, accumulate, clip (before), weight decay (before), moving average (after).
//!
//! Evaluation order and rounding are Keras 3's (its `BaseOptimizer.apply`, numpy backend).

use super::clip::Clip;
use crate::lanes::{Formula, Lanes, Native, map_in_place, zip_in_place};

/// Elements per block: parameter, gradient, three slots and an average make 24 KiB.
pub(super) const BLOCK: usize = 1024;

/// The stages of one step. Numbers are rounded to `f32` where Keras rounds them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stages {
    /// Divide the gradient by this.
    pub unscale: Option<f32>,
    /// Add the accumulator, divide by this many calls.
    pub accumulate: Option<f32>,
    pub clip: Option<Clip>,
    pub average: Option<Average>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Average {
    /// 0 at the first update, so that the average starts as a copy.
    pub momentum: f32,
    pub overwrite: bool,
}

impl Stages {
    /// Whether nothing but the update happens, as far as a step knows: rows may have a weight decay.
    pub fn are_none(&self) -> bool {
        self.leave_gradient() && self.average.is_none()
    }

    /// Whether the gradient can be used as it lies in memory.
    pub fn leave_gradient(&self) -> bool {
        self.unscale.is_none() && self.accumulate.is_none() && self.clip.is_none()
    }

    /// The gradient as the rule sees it, written to `out`.
    #[inline(never)]
    pub fn prepare(&self, g: &[f32], accumulator: &[f32], out: &mut [f32]) {
        out.copy_from_slice(g);
        if let Some(scale) = self.unscale {
            map_in_place(out, |x| x / Native::splat(scale));
        }
        if let Some(n) = self.accumulate {
            zip_in_place(out, accumulator, |x, a| (x + a) / Native::splat(n));
        }
        if let Some(clip) = self.clip {
            clip.apply(out);
        }
    }

    /// Adds the gradient to the accumulator of a call that does not update.
    #[inline(never)]
    pub fn gather(&self, g: &[f32], accumulator: &mut [f32]) {
        match self.unscale {
            Some(scale) => zip_in_place(accumulator, g, |a, x| x / Native::splat(scale) + a),
            None => zip_in_place(accumulator, g, |a, x| x + a),
        }
    }
}

/// `w <- w - (w wd) lr`, before the update.
#[inline(never)]
pub(super) fn decay(w: &mut [f32], wd: f32, lr: f32) {
    let (wd, lr) = (Native::splat(wd), Native::splat(lr));
    map_in_place(w, |w| w - w * wd * lr);
}

/// A formula after [`decay`].
pub(super) struct Decayed<'f, F> {
    pub formula: &'f F,
    pub wd: f32,
    pub lr: f32,
}

impl<const N: usize, F: Formula<N>> Formula<N> for Decayed<'_, F> {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, slots: [L; N]) -> (L, [L; N]) {
        self.formula.apply(w - w * L::splat(self.wd) * L::splat(self.lr), g, slots)
    }
}

/// `avg <- m avg + (1 - m) w`, after the update; then, when it is time, `w <- avg`.
#[inline(never)]
pub(super) fn average(w: &mut [f32], average: &mut [f32], with: Average) {
    let (m, rest) = (Native::splat(with.momentum), Native::splat(1.0 - with.momentum));
    zip_in_place(average, w, |avg, w| m * avg + rest * w);
    if with.overwrite {
        w.copy_from_slice(average);
    }
}
