//! Jobs: one variable's part of a step, as seen by a rule.
//!
//! Over 300 lines: every way to run a formula (with and without stages, in blocks, in pieces) uses the private fields.

use super::changes::MEASURES;
use super::mend::{Care, mend};
use super::rows::Rest;
use super::small::{Kind, SMALL_SLOTS, Small};
use super::stages::{Average, BLOCK, Decayed, Gathered, Stages, average, decay, is_mild};
use super::step::{Pass, squares};
use super::{MAX_SLOTS, Room, Row, RowShape};
use crate::lanes::{Formula, WIDTH, Walk, walk, walk_all, walk_halves};
use crate::memory::Span;
use crate::pool::{self, PIECE};
use crate::reduce::Changes;
use core::ops::Range;

/// A variable, its gradient and its slots. A rule consumes it by [`Job::elementwise`] or [`Job::whole`].
///
/// The fields are references, because copies would take longer than the update of a small variable.
pub struct Job<'a, 'm> {
    pub(super) room: &'a mut Room<'m>,
    pub(super) pass: &'a Pass,
    pub(super) row: &'a mut Row,
    pub(super) g: &'a [f32],
    pub(super) decay: Option<Decay>,
    /// The rows after this one. A formula without stages around it also updates the next rows if they are alike.
    pub(super) rest: &'a mut Rest<'m>,
}

/// A variable's weight decay before its update.
#[derive(Clone, Copy, Debug)]
pub struct Decay {
    /// The configured number.
    pub wd: f32,
    /// The rate that multiplies it.
    pub lr: f32,
}

/// A whole variable, after the stages before the update.
pub struct Whole<'a> {
    /// The parameter, decayed.
    pub w: &'a mut [f32],
    /// The gradient: unscaled, accumulated, clipped.
    pub g: &'a [f32],
    /// The slots.
    pub slots: [&'a mut [f32]; MAX_SLOTS],
    /// The rule's working memory, not cleared.
    pub workspace: &'a mut [f32],
    average: &'a mut [f32],
    with: Option<Average>,
}

impl<'a> Job<'a, '_> {
    /// The variable's shape.
    pub fn shape(&self) -> RowShape {
        self.row.variable.shape
    }

    /// Whether the variable has this slot; a variable without elements has no slots.
    pub fn has(&self, slot: usize) -> bool {
        !self.row.slots[slot].values().is_empty()
    }

    /// Hands the weight decay to the rule, which then applies it instead of the stage before the update.
    pub fn take_decay(&mut self) -> Option<Decay> {
        self.room.has_taken = true;
        self.decay.take().or(self.room.later.take())
    }

    /// This job with `lr` as the rate of its weight decay.
    pub fn decaying_by(mut self, lr: f32) -> Self {
        if let Some(decay) = &mut self.decay {
            decay.lr = lr;
        }
        self
    }

    /// Updates every element by `formula`, with the slots of these indices, and applies all stages in the same pass.
    pub fn elementwise<const N: usize, F: Formula<N>>(
        self,
        slots: [usize; N],
        care: Care,
        formula: &F,
    ) {
        let care = if F::KEEPS { Care::Kept } else { care };
        let bounded = &Bounded::new::<N, F>(slots);
        let halves: Halves = &|w, g, all, place| {
            let slots = core::array::from_fn(|i| core::mem::take(&mut all[i]));
            walk_halves(formula, w, g, slots, place);
        };
        let halves = if F::HALVES { Some(halves) } else { None };
        let update: Walk<MAX_SLOTS> = &|w, g, all, kept| {
            walk(formula, w, g, all.first_chunk_mut().expect("no more than there are"), kept)
        };
        self.blocks(care, bounded, (update, halves));
    }

    /// [`Job::elementwise`] for a formula that is usually used with weight decay: the decay then needs no separate pass, at
    /// the cost of a second loop in the module.
    pub fn elementwise_decayed<const N: usize>(
        mut self,
        slots: [usize; N],
        care: Care,
        formula: &impl Formula<N>,
    ) {
        match self.decay {
            Some(Decay { wd, lr }) if self.is_fast() && care == Care::Plain && is_mild(wd, lr) => {
                // `Decayed` applies it.
                self.decay = None;
                self.elementwise(slots, care, &Decayed { formula, wd, lr });
            }
            _ => self.elementwise(slots, care, formula),
        }
    }

    /// Whether the formula has no stages around it.
    fn is_bare(&self) -> bool {
        self.is_fast() && self.decay.is_none()
    }

    /// Whether the formula has no stages around it, apart from weight decay.
    fn is_fast(&self) -> bool {
        self.pass.is_bare && self.row.kind == Kind::Float32
    }

    /// Runs `update` without stages, on one thread, on the row and on the next rows that are alike.
    #[inline(never)]
    fn bare(self, bounded: &Bounded, update: Walk<MAX_SLOTS>) {
        let Job { mut row, mut g, rest, .. } = self;
        let is_straight = bounded.is_straight();
        loop {
            let w = row.variable.w.values_mut();
            // Not by `first`: its call takes a tenth of the time of a small variable.
            let [a, b, c, d] = &mut row.slots;
            let slots = &mut [a.values_mut(), b.values_mut(), c.values_mut(), d.values_mut()];
            if !is_straight {
                bounded.reorder(slots);
            }
            let overflows = if g.len().is_multiple_of(WIDTH) {
                update(w, g, slots, &mut [])
            } else {
                walk_all(update, w, g, slots, &mut [])
            };
            if overflows {
                row.mend(g, bounded);
            }
            let Some(next) = rest.alike(row) else { return };
            (row, g) = next;
        }
    }

    /// Runs `update` and the stages around it, block by block.
    ///
    /// Separate from the formulas, so it is compiled once and not for each of them.
    #[inline(never)]
    fn blocks(
        mut self,
        care: Care,
        bounded: &Bounded,
        (update, halves): (Walk<MAX_SLOTS>, Option<Halves>),
    ) {
        if self.is_bare() && care == Care::Plain && !pool::is_worth(self.g.len()) {
            return self.bare(bounded, update);
        }
        let stages = self.stages();
        let Job { room, pass, row, g, decay: before, .. } = self;
        let Row { variable, slots, kind, average: averages, accumulator, unit, .. } = row;
        let gathered = Gathered { sums: accumulator.values(), unit: *unit };
        let small = Small { kind: *kind, maps: room.maps, update: pass.update };
        let halves = halves.filter(|_| care == Care::Plain);
        let staged = Staged { stages, care, before, bounded, gathered, g, update, halves, small };
        let (w, averages) = (variable.w.values_mut(), averages.values_mut());
        let mut picked = Default::default();
        bounded.first(slots, &mut picked);
        let mut all = picked.into_iter().chain([averages]);
        let others: [&mut [f32]; MAX_SLOTS + 1] =
            core::array::from_fn(|_| all.next().unwrap_or_default());
        if pool::is_worth(w.len()) {
            // Slots with fewer bits are read and rounded in whole blocks.
            let size = if *kind == Kind::Float32 { pool::piece() } else { PIECE };
            let each = core::array::from_fn(|slot| kind.of(slot).room(size));
            pool::in_shares(w, size, (others, each), &|part, w, others| {
                staged.run_all(part, w, others, &mut [0.0; 2 * BLOCK], None);
            });
        } else {
            let changes = room.changes.as_mut().filter(|_| MEASURES);
            let watched = changes.map(|changes| (changes, &mut *room.before));
            staged.run_all(0..w.len(), w, others, room.scratch, watched);
        }
    }

    /// Applies the stages before the update to the whole variable, for rules that need sums over it. The rule ends with
    /// [`Whole::finish`].
    #[inline(never)]
    pub fn whole(mut self) -> Whole<'a> {
        let stages = self.stages();
        let Job { room, row, g, decay: before, .. } = self;
        let Row { variable, slots, average, accumulator, unit, .. } = row;
        let w = variable.w.values_mut();
        let g = if stages.leave_gradient() {
            g
        } else {
            let out = &mut room.scratch[..g.len()];
            stages.prepare(g, Gathered { sums: accumulator.values(), unit: *unit }, out);
            &*out
        };
        if let Some(Decay { wd, lr }) = before {
            decay(w, wd, lr);
        }
        Whole {
            w,
            g,
            slots: slots.each_mut().map(Span::values_mut),
            workspace: room.workspace,
            average: average.values_mut(),
            with: stages.average,
        }
    }

    /// The stages for this variable: a limit of the norm is converted to the ratio for its gradient.
    fn stages(&mut self) -> Stages {
        let Self { room, pass, row, g, .. } = self;
        let norm = || squares(&pass.stages, row.gathered(), g, room.scratch).sqrt();
        Stages { clip: pass.stages.clip.map(|clip| clip.with_norm(norm)), ..pass.stages }
    }
}

/// An update between its stages.
struct Staged<'a> {
    stages: Stages,
    care: Care,
    before: Option<Decay>,
    bounded: &'a Bounded,
    gathered: Gathered<'a>,
    g: &'a [f32],
    update: Walk<'a, MAX_SLOTS>,
    halves: Option<Halves<'a>>,
    small: Small<'a>,
}

/// The sum of changes to which a pass adds, and memory for the weights of a block before the update.
type Watched<'a> = (&'a mut Changes, &'a mut [f32]);

/// A [`walk_halves`] over a list of slots, of which the formula uses the first ones.
type Halves<'f> = &'f (dyn Fn(&mut [f32], &[f32], &mut [&mut [f32]; MAX_SLOTS], u32) + Sync);

impl Staged<'_> {
    fn run_all(
        &self,
        part: Range<usize>,
        w: &mut [f32],
        others: [&mut [f32]; MAX_SLOTS + 1],
        scratch: &mut [f32],
        watched: Option<Watched>,
    ) {
        // Only for slots with fewer bits: writing the zeros takes longer than updating a small variable.
        if self.small.kind == Kind::Float32 {
            self.run(part, w, others, (scratch, &mut []), watched);
        } else {
            let numbers = &mut [[0.0; BLOCK]; SMALL_SLOTS];
            self.run(part, w, others, (scratch, numbers), watched);
        }
    }

    /// Updates a part of the variable, block by block. `others` are the slots, then the average; `scratch` has room for two
    /// blocks, and `numbers` for a block of each slot that has fewer bits.
    fn run(
        &self,
        part: Range<usize>,
        w: &mut [f32],
        mut others: [&mut [f32]; MAX_SLOTS + 1],
        (scratch, numbers): (&mut [f32], &mut [[f32; BLOCK]]),
        mut watched: Option<Watched>,
    ) {
        let Self { stages, care, before, bounded, gathered, g, update, halves, small } = *self;
        let (scratch, kept) = scratch.split_at_mut(BLOCK);
        let [.., averages] = &mut others;
        let averages = core::mem::take(averages);
        let slots = others.first_chunk_mut::<MAX_SLOTS>().expect("the slots");
        for at in (0..w.len()).step_by(BLOCK) {
            let block = at..w.len().min(at + BLOCK);
            let of_all = part.start + block.start..part.start + block.end;
            let w = &mut w[block.clone()];
            let g = if stages.leave_gradient() {
                &g[of_all]
            } else {
                let out = &mut scratch[..block.len()];
                stages.prepare(&g[of_all.clone()], gathered.part(of_all), out);
                &*out
            };
            if MEASURES && let Some((_, before)) = &mut watched {
                before[..w.len()].copy_from_slice(w);
            }
            if let Some(Decay { wd, lr }) = before {
                decay(w, wd, lr);
            }
            let kept = if care == Care::Plain { &mut [] } else { &mut kept[..block.len()] };
            if care == Care::Always {
                kept.copy_from_slice(w);
            }
            let mut words = small.blocks(slots, at);
            if let Some(halves) = halves.filter(|_| small.is_straight(g)) {
                halves(w, g, &mut words, small.place(part.start + at));
            } else {
                small.through(&mut words, numbers, (part.start + at, w.len()), |slots| {
                    if walk_all(update, w, g, slots, kept) || care == Care::Always {
                        let kept = (care != Care::Plain).then_some(&*kept);
                        mend(w, g, slots, &bounded.bounds, kept);
                    }
                });
            }
            if let Some(with) = stages.average {
                average(w, &mut averages[block], with);
            }
            if MEASURES && let Some((changes, before)) = &mut watched {
                changes.add(w, &before[..w.len()]);
            }
        }
    }
}

/// The order that puts the slots of a formula first, and their bounds.
struct Bounded {
    /// The slot that is swapped into each position, from the first position to the last.
    from: [usize; MAX_SLOTS],
    bounds: [f32; MAX_SLOTS],
}

impl Bounded {
    #[inline(always)]
    fn new<const N: usize, F: Formula<N>>(slots: [usize; N]) -> Self {
        let (mut from, mut bounds) = (core::array::from_fn(|i| i), [0.0; MAX_SLOTS]);
        // The indices increase, so no slot was swapped before its turn.
        from[..N].copy_from_slice(&slots);
        bounds[..N].copy_from_slice(&F::BOUNDS);
        Self { from, bounds }
    }

    /// Writes the slots to `all`. A returned list would be copied, which takes as long as updating a small variable: its wide
    /// loads would wait for the narrow stores.
    #[inline(never)]
    fn first<'a>(&self, slots: &'a mut [Span; MAX_SLOTS], all: &mut [&'a mut [f32]; MAX_SLOTS]) {
        for (to, slot) in all.iter_mut().zip(slots) {
            *to = slot.values_mut();
        }
        self.reorder(all);
    }

    /// Whether the slots are in their order.
    fn is_straight(&self) -> bool {
        self.from.iter().enumerate().all(|(i, &from)| i == from)
    }

    #[inline(never)]
    fn reorder(&self, all: &mut [&mut [f32]; MAX_SLOTS]) {
        for (i, &from) in self.from.iter().enumerate() {
            if from != i {
                all.swap(i, from);
            }
        }
    }
}

impl Row {
    /// Corrects the overflowed results of a formula without stages.
    fn mend(&mut self, g: &[f32], bounded: &Bounded) {
        let slots = &mut Default::default();
        bounded.first(&mut self.slots, slots);
        mend(self.variable.w.values_mut(), g, slots, &bounded.bounds, None);
    }
}

impl Whole<'_> {
    /// Applies the stages after the update.
    pub fn finish(self) {
        if let Some(with) = self.with {
            average(self.w, self.average, with);
        }
    }
}
