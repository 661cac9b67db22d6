//! One variable's share of a step, as a rule sees it.

use super::stages::{Average, BLOCK, Decayed, Gathered, Stages, average, decay};
use super::step::{Pass, squares};
use super::{MAX_SLOTS, Room, Row, RowShape};
use crate::lanes::{Formula, Limits, WIDTH, Walk, walk, walk_all};
use crate::memory::Span;

/// A variable, its gradient and its slots. A rule consumes it by [`Job::elementwise`] or [`Job::whole`].
///
/// No more than references: for a small variable, what is copied here would cost more than its update.
pub struct Job<'a> {
    pub(super) room: &'a mut Room,
    pub(super) pass: &'a Pass,
    pub(super) row: &'a mut Row,
    pub(super) g: &'a [f32],
}

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
    /// Where numbers end.
    pub limits: &'a Limits<f32>,
    average: &'a mut [f32],
    with: Option<Average>,
}

impl<'a> Job<'a> {
    /// The variable's shape.
    pub fn shape(&self) -> RowShape {
        self.row.variable.shape
    }

    /// Updates every element by `formula`, with the slots of these indices, all stages in one pass.
    pub fn elementwise<const N: usize>(self, slots: [usize; N], formula: &impl Formula<N>) {
        if self.is_bare() && self.is_whole_fours() {
            return self.straight(slots, formula);
        }
        let limits = &self.pass.limits;
        self.blocks(&mut |w, g, mut all| {
            let slots = all.get_disjoint_mut(slots).expect("a rule names each slot once");
            walk(formula, limits, w, g, slots.map(|slot| &mut **slot));
        });
    }

    /// The same for a formula that is used with weight decay more often than not: a pass less where there
    /// is one, for the price of a second loop in the module.
    pub fn elementwise_decayed<const N: usize>(self, slots: [usize; N], formula: &impl Formula<N>) {
        match self.row.decay {
            Some(wd) if self.pass.is_bare && self.is_whole_fours() && is_mild(wd, self.pass) => {
                let lr = self.pass.clock.lr;
                self.straight(slots, &Decayed { formula, wd, lr });
            }
            _ => self.elementwise(slots, formula),
        }
    }

    /// Whether no stage stands around the formula.
    fn is_bare(&self) -> bool {
        self.pass.is_bare && self.row.decay.is_none()
    }

    fn is_whole_fours(&self) -> bool {
        self.g.len().is_multiple_of(WIDTH)
    }

    /// The formula, without any stage around it, for [`Job::is_whole_fours`].
    #[inline(always)]
    fn straight<const N: usize>(self, slots: [usize; N], formula: &impl Formula<N>) {
        let Job { pass, row, g, .. } = self;
        let slots = row.slots.get_disjoint_mut(slots).expect("a rule names each slot once");
        walk(formula, &pass.limits, row.variable.w.values_mut(), g, slots.map(Span::values_mut));
    }

    /// The stages around `update`, block by block.
    ///
    /// Kept apart from the formulas so that it is compiled once, not for each of them.
    #[inline(never)]
    fn blocks(mut self, update: Walk<MAX_SLOTS>) {
        if self.is_bare() {
            let Job { row, g, .. } = self;
            let slots = row.slots.each_mut().map(Span::values_mut);
            return walk_all(update, row.variable.w.values_mut(), g, slots);
        }
        let stages = self.stages();
        let Job { room, pass, row, g } = self;
        let Row { variable, decay: wd, slots, average: averages, accumulator, unit } = row;
        let (w, mut slots) = (variable.w.values_mut(), slots.each_mut().map(Span::values_mut));
        let gathered = Gathered { sums: accumulator.values(), unit: *unit };
        let averages = averages.values_mut();
        let scratch = room.scratch.as_mut_slice();
        for at in (0..w.len()).step_by(BLOCK) {
            let part = at..w.len().min(at + BLOCK);
            let w = &mut w[part.clone()];
            let g = if stages.leave_gradient() {
                &g[part.clone()]
            } else {
                let out = &mut scratch[..part.len()];
                stages.prepare(&g[part.clone()], gathered.part(part.clone()), out);
                &*out
            };
            if let &mut Some(wd) = wd {
                decay(w, wd, pass.clock.lr);
            }
            let slots = slots.each_mut().map(|slot| slot.get_mut(part.clone()).unwrap_or_default());
            walk_all(update, w, g, slots);
            if let Some(with) = stages.average {
                average(w, &mut averages[part], with);
            }
        }
    }

    /// Everything at once, for rules that need sums over the variable. End with [`Whole::finish`].
    #[inline(never)]
    pub fn whole(mut self) -> Whole<'a> {
        let stages = self.stages();
        let Job { room, pass, row, g } = self;
        let Row { variable, decay: wd, slots, average, accumulator, unit } = row;
        let w = variable.w.values_mut();
        let g = if stages.leave_gradient() {
            g
        } else {
            let out = &mut room.scratch.as_mut_slice()[..g.len()];
            stages.prepare(g, Gathered { sums: accumulator.values(), unit: *unit }, out);
            &*out
        };
        if let &mut Some(wd) = wd {
            decay(w, wd, pass.clock.lr);
        }
        Whole {
            w,
            g,
            slots: slots.each_mut().map(Span::values_mut),
            workspace: room.workspace.as_mut_slice(),
            limits: &pass.limits,
            average: average.values_mut(),
            with: stages.average,
        }
    }

    /// The stages of this variable: a limit of its norm becomes the ratio for its gradient.
    fn stages(&mut self) -> Stages {
        let Self { room, pass, row, g } = self;
        let scratch = room.scratch.as_mut_slice();
        let norm = || squares(&pass.stages, row, g, scratch).sqrt();
        Stages { clip: pass.stages.clip.map(|clip| clip.with_norm(norm)), ..pass.stages }
    }
}

/// Whether a weight decay is as [`Decayed`] wants it.
fn is_mild(wd: f32, pass: &Pass) -> bool {
    (0.0..=1.0).contains(&wd) && (0.0..=0.5).contains(&(wd * pass.clock.lr))
}

impl Whole<'_> {
    /// The stages after the update.
    pub fn finish(self) {
        if let Some(with) = self.with {
            average(self.w, self.average, with);
        }
    }
}
