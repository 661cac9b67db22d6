//! Keras's stages around the update rule: unscale, accumulate, clip and weight decay before it, the moving average after it.
//! They are applied block by block, while a block is in the first-level cache.
//!
//! Evaluation order and rounding are those of Keras 3's `BaseOptimizer.apply` on the numpy backend.

use super::clip::Clip;
use crate::lanes::{Formula, Lanes, Native, map_in_place, zip_in_place};
use core::ops::Range;

/// Elements per block: parameter, gradient, four slots and an average take 28 KiB.
pub(super) const BLOCK: usize = 1024;

/// The stages of one step. Numbers are rounded to `f32` where Keras rounds them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stages {
    /// Divides the gradient.
    pub unscale: Option<f32>,
    /// The number of calls whose gradients are averaged: the accumulator is added, and the sum divided by it.
    pub accumulate: Option<u32>,
    pub clip: Option<Clip>,
    pub average: Option<Average>,
}

/// The sum of the gradients of earlier calls for a variable, or for a part of it. If this call has no gradient, the variable
/// is updated with this sum alone.
#[derive(Clone, Copy)]
pub(super) struct Gathered<'a> {
    pub sums: &'a [f32],
    /// The factor by which the sums are stored: 1, or less if a sum would be infinite otherwise.
    pub unit: f32,
}

impl Gathered<'_> {
    /// The sums of a part of the variable.
    pub fn part(self, part: Range<usize>) -> Self {
        Self { sums: self.sums.get(part).unwrap_or_default(), ..self }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Average {
    /// The momentum; 0 at the first update, where the average starts as a copy of the weights.
    pub momentum: f32,
    pub overwrite: bool,
}

impl Stages {
    /// Whether a step has no stages, apart from the weight decay of rows.
    pub fn are_none(&self) -> bool {
        self.leave_gradient() && self.average.is_none()
    }

    /// Whether no stage changes the gradient.
    pub fn leave_gradient(&self) -> bool {
        self.unscale.is_none() && self.accumulate.is_none() && self.clip.is_none()
    }

    /// Writes the gradient, as the rule receives it, to `out`.
    #[inline(never)]
    pub fn prepare(&self, g: &[f32], gathered: Gathered, out: &mut [f32]) {
        match self.accumulate {
            None => self.unscaled(g, out),
            Some(n) => {
                let unit = if gathered.sums.is_empty() {
                    out.copy_from_slice(g);
                    gathered.unit
                } else {
                    self.sum(g, gathered, out)
                };
                divide(out, n as f32 * unit);
            }
        }
        if let Some(clip) = self.clip {
            clip.apply(out);
        }
    }

    /// Adds the gradient to the sums of a call that does not update, block by block, through `scratch`.
    #[inline(never)]
    pub fn gather(&self, g: &[f32], sums: &mut [f32], unit: &mut f32, scratch: &mut [f32]) {
        for at in (0..g.len()).step_by(BLOCK) {
            let part = at..g.len().min(at + BLOCK);
            let out = &mut scratch[..part.len()];
            let gathered = Gathered { sums: &sums[part.clone()], unit: *unit };
            let new = self.sum(&g[part.clone()], gathered, out);
            if new != *unit {
                divide(sums, *unit / new);
                *unit = new;
            }
            sums[part].copy_from_slice(out);
        }
    }

    /// Writes the accumulated gradient plus the new one to `out`, and returns its unit, which is smaller if a sum overflows.
    fn sum(&self, g: &[f32], gathered: Gathered, out: &mut [f32]) -> f32 {
        self.unscaled(g, out);
        if gathered.unit == 1.0 && add(out, gathered.sums) {
            return 1.0;
        }
        // In this unit, even a sum of the largest numbers over all gathered calls is at most half of the largest number.
        let smaller = 0.5 / self.accumulate.unwrap_or(1).next_power_of_two() as f32;
        let (each, held) = (Native::splat(smaller), Native::splat(smaller / gathered.unit));
        self.unscaled(g, out);
        zip_in_place(out, gathered.sums, |x, a| x * each + a * held);
        smaller
    }

    fn unscaled(&self, g: &[f32], out: &mut [f32]) {
        out.copy_from_slice(g);
        if let Some(scale) = self.unscale {
            divide(out, scale);
        }
    }
}

/// `a = a + b`; returns whether all sums are finite.
#[inline(never)]
fn add(a: &mut [f32], b: &[f32]) -> bool {
    let mut seen = Native::splat(0.0);
    zip_in_place(a, b, |a, b| {
        let sum = a + b;
        seen = seen + sum.poison();
        sum
    });
    !seen.is_poisoned()
}

/// `x = x / divisor`; a quotient that overflows becomes the largest number.
#[inline(never)]
pub(super) fn divide(x: &mut [f32], divisor: f32) {
    let divisor = Native::splat(divisor);
    map_in_place(x, |x| (x / divisor).saturated_from(x));
}

/// `w <- w - (w wd) lr`, before the update.
#[inline(never)]
pub(super) fn decay(w: &mut [f32], wd: f32, lr: f32) {
    let is_mild = is_mild(wd, lr);
    let (wd, lr) = (Native::splat(wd), Native::splat(lr));
    if is_mild {
        map_in_place(w, |w| w - w * wd * lr);
    } else {
        map_in_place(w, |w| (w - (w * wd).saturated_from(w) * lr).saturated_from(w));
    }
}

/// Whether the decay removes at most half of a weight, so nothing overflows.
pub(super) fn is_mild(wd: f32, lr: f32) -> bool {
    (0.0..=1.0).contains(&wd) && (0.0..=0.5).contains(&(wd * lr))
}

/// A formula preceded by [`decay`], for a decay that [is mild](is_mild).
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

    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, slots: [L; N]) -> L {
        F::watch(seen, w, slots)
    }

    const BOUNDS: [f32; N] = F::BOUNDS;
    const UNROLL: usize = F::UNROLL;
}

/// `avg <- m avg + (1 - m) w` after the update; then `w <- avg` if the average is due to overwrite the weights.
#[inline(never)]
pub(super) fn average(w: &mut [f32], average: &mut [f32], with: Average) {
    let (m, rest) = (Native::splat(with.momentum), Native::splat(1.0 - with.momentum));
    zip_in_place(average, w, |avg, w| (m * avg + rest * w).saturated_from(w));
    if with.overwrite {
        w.copy_from_slice(average);
    }
}
