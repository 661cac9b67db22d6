//! Keras's stages around the update rule, block by block, while a block is in the first-level cache:
//! unscale, accumulate, clip (before), weight decay (before), moving average (after).
//!
//! Evaluation order and rounding are Keras 3's (its `BaseOptimizer.apply`, numpy backend).

use super::clip::Clip;
use crate::lanes::{Formula, Lanes, Native, map_in_place, zip_in_place};
use core::ops::Range;

/// Elements per block: parameter, gradient, four slots and an average make 28 KiB.
pub(super) const BLOCK: usize = 1024;

/// The stages of one step. Numbers are rounded to `f32` where Keras rounds them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stages {
    /// Divide the gradient by this.
    pub unscale: Option<f32>,
    /// Add the accumulator, divide by this many calls.
    pub accumulate: Option<u32>,
    pub clip: Option<Clip>,
    pub average: Option<Average>,
}

/// The gradient that earlier calls accumulated for a variable, or for a part of it. If this call has no gradient, the
/// sums replace it.
#[derive(Clone, Copy)]
pub(super) struct Gathered<'a> {
    pub sums: &'a [f32],
    /// The sums are in this unit: 1, or less if one of them would be infinite.
    pub unit: f32,
}

impl Gathered<'_> {
    /// The same of a part of the variable.
    pub fn part(self, part: Range<usize>) -> Self {
        Self { sums: self.sums.get(part).unwrap_or_default(), ..self }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Average {
    /// 0 at the first update: the average starts as a copy.
    pub momentum: f32,
    pub overwrite: bool,
}

impl Stages {
    /// Whether a step consists only of the update, apart from the weight decay of rows.
    pub fn are_none(&self) -> bool {
        self.leave_gradient() && self.average.is_none()
    }

    /// Whether the gradient can be used directly from memory.
    pub fn leave_gradient(&self) -> bool {
        self.unscale.is_none() && self.accumulate.is_none() && self.clip.is_none()
    }

    /// Writes the gradient, as seen by the rule, to `out`.
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

    /// The accumulated gradient plus the new one, in a unit that is returned: a smaller unit if a sum overflows.
    fn sum(&self, g: &[f32], gathered: Gathered, out: &mut [f32]) -> f32 {
        self.unscaled(g, out);
        if gathered.unit == 1.0 && add(out, gathered.sums) {
            return 1.0;
        }
        // With this unit, the sum of the largest numbers over all gathered calls is at most half of the largest number.
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

/// `a + b`, and whether no sum is infinite or NaN.
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

/// `x / divisor`; the largest number where that overflows.
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

/// Whether a decay removes at most half of a weight: then nothing overflows.
pub(super) fn is_mild(wd: f32, lr: f32) -> bool {
    (0.0..=1.0).contains(&wd) && (0.0..=0.5).contains(&(wd * lr))
}

/// A formula after [`decay`], for a decay that [is mild](is_mild).
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

/// `avg <- m avg + (1 - m) w`, after the update; then, when it is time, `w <- avg`.
#[inline(never)]
pub(super) fn average(w: &mut [f32], average: &mut [f32], with: Average) {
    let (m, rest) = (Native::splat(with.momentum), Native::splat(1.0 - with.momentum));
    zip_in_place(average, w, |avg, w| (m * avg + rest * w).saturated_from(w));
    if with.overwrite {
        w.copy_from_slice(average);
    }
}
