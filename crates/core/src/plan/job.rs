//! One variable's share of a step, as a rule sees it.

use super::stages::{Average, BLOCK, Stages, average, decay};
use super::{MAX_SLOTS, RowShape};
use crate::lanes::{Formula, walk};
use core::ops::Range;

/// A variable, its gradient and its slots. A rule consumes it by [`Job::elementwise`] or [`Job::whole`].
pub struct Job<'a> {
    pub(super) w: &'a mut [f32],
    pub(super) g: &'a [f32],
    pub(super) slots: [&'a mut [f32]; MAX_SLOTS],
    pub(super) average: &'a mut [f32],
    pub(super) accumulator: &'a mut [f32],
    pub(super) scratch: &'a mut [f32],
    pub(super) workspace: &'a mut [f32],
    pub(super) shape: RowShape,
    pub(super) stages: Stages,
    /// Weight decay and learning rate.
    pub(super) decay: Option<(f32, f32)>,
}

/// What happens to one block: parameter, prepared gradient, all slots, and where in them the block is.
type Update<'f> = &'f mut dyn FnMut(&mut [f32], &[f32], &mut [&mut [f32]; MAX_SLOTS], Range<usize>);

/// A variable after the stages before the update, all of it at once.
pub struct Whole<'a> {
    /// The parameter, decayed.
    pub w: &'a mut [f32],
    /// The gradient: unscaled, accumulated, clipped.
    pub g: &'a [f32],
    /// The slots.
    pub slots: [&'a mut [f32]; MAX_SLOTS],
    /// The rule's working memory, with whatever it held before.
    pub workspace: &'a mut [f32],
    average: &'a mut [f32],
    with: Option<Average>,
}

impl<'a> Job<'a> {
    /// The variable's shape.
    pub fn shape(&self) -> RowShape {
        self.shape
    }

    /// Updates every element by `formula`, with the slots of these indices, all stages in one pass.
    pub fn elementwise<const N: usize>(self, slots: [usize; N], formula: &impl Formula<N>) {
        self.blocks(&mut |w, g, all, part| {
            let slots = all.get_disjoint_mut(slots).expect("a rule names each slot once");
            walk(formula, w, g, slots.map(|slot| &mut slot[part.clone()]));
        });
    }

    /// The stages around `update`, block by block; the whole variable is one block where there are none.
    ///
    /// Kept apart from the formulas so that it is compiled once, not for each of them.
    #[inline(never)]
    fn blocks(self, update: Update) {
        let Job { w, g, mut slots, average: avg, accumulator, scratch, stages, decay: wd, .. } =
            self;
        let plain = stages.leave_gradient();
        let bare = plain && wd.is_none() && stages.average.is_none();
        let block = if bare { w.len().max(1) } else { BLOCK };
        for at in (0..w.len()).step_by(block) {
            let part = at..w.len().min(at + block);
            let w = &mut w[part.clone()];
            let g = if plain {
                &g[part.clone()]
            } else {
                let out = &mut scratch[..part.len()];
                let gathered = accumulator.get(part.clone()).unwrap_or_default();
                stages.prepare(&g[part.clone()], gathered, out);
                &*out
            };
            if let Some((wd, lr)) = wd {
                decay(w, wd, lr);
            }
            update(w, g, &mut slots, part.clone());
            if let Some(with) = stages.average {
                average(w, &mut avg[part], with);
            }
        }
    }

    /// Everything at once, for rules that need sums over the variable. End with [`Whole::finish`].
    pub fn whole(self) -> Whole<'a> {
        let Job {
            w, g, slots, average, accumulator, scratch, workspace, stages, decay: wd, ..
        } = self;
        let g = if stages.leave_gradient() {
            g
        } else {
            let out = &mut scratch[..g.len()];
            stages.prepare(g, accumulator, out);
            &*out
        };
        if let Some((wd, lr)) = wd {
            decay(w, wd, lr);
        }
        Whole { w, g, slots, workspace, average, with: stages.average }
    }
}

impl Whole<'_> {
    /// The stages after the update.
    pub fn finish(self) {
        if let Some(with) = self.with {
            average(self.w, self.average, with);
        }
    }
}
