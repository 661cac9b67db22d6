//! Variables of a step on several threads, each of them as a whole: its bits are those of one thread.
//!
//! So are small variables, and all of rules that need sums over a variable before its update. The other large ones follow,
//! one after the other, each in pieces on all threads.

use super::small::Kind;
use super::stages::Stages;
use super::step::Each;
use super::{Memory, Plan, Room, Row};
use crate::memory::Gradients;
use crate::optimizers::Entry;
use crate::pool::{self, MOST_RUNS, Runs};
use core::ops::Range;
use core::slice::IterMut;

/// Cost of a row besides its numbers, in numbers.
const ROW: usize = 64;
/// Numbers of memory for each thread at most: steps that need more share no rows.
const MOST: usize = 1 << 23;

/// Rows with fewer numbers are shared as a whole.
fn limit(entry: &Entry) -> usize {
    if entry.whole { usize::MAX } else { pool::worth() }
}

impl Plan {
    /// Allocates memory for each thread, if the rows that are shared are worth it. None are with options beyond Keras,
    /// which need more memory, nor if there is no memory for the threads: the step needs it only to be quick.
    #[inline(never)]
    pub(super) fn reserve_for_threads(&mut self, stages: &Stages) {
        let (limit, mut count, mut all, mut most) = (limit(self.entry), 0, 0, 0);
        for len in self.rows.iter().map(|row| row.variable.w.len()).filter(|&len| len < limit) {
            count += 1;
            all += len + ROW;
            most = len.max(most);
        }
        let scratch = self.scratch(stages, most);
        let each = self.memory.workspace.as_slice().len() + scratch;
        let is_worth =
            count > 1 && all >= pool::worth() && each <= MOST && !self.options.go_beyond();
        if !(is_worth && self.memory.threads.ensure(each * pool::threads()).is_ok()) {
            all = 0;
        }
        self.memory.shares = Shares { all, each, scratch };
    }
}

/// The rows of a step that are left to a thread.
pub(super) struct Rest<'a> {
    pub rows: IterMut<'a, Row>,
    pub gradients: &'a Gradients<'a>,
    /// The place of the next row's gradient.
    pub at: usize,
    /// Lengths of this thread's gradients that may be [alike](Rest::alike).
    pub lens: Range<usize>,
}

impl<'a> Iterator for Rest<'a> {
    type Item = (&'a mut Row, Option<&'a [f32]>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        // Left by a call that failed. Without a write, the row stays in the caches of all cores.
        if row.uncorrected.is_some() {
            row.uncorrected = None;
        }
        self.at += 1;
        Some((row, self.gradients.of_row(self.at - 1)))
    }
}

impl<'a> Rest<'a> {
    /// For a single row.
    pub fn none() -> Self {
        static NOWHERE: Gradients = Gradients::NONE;
        Self { rows: [].iter_mut(), gradients: &NOWHERE, at: 0, lens: 0..0 }
    }

    /// The next row and its gradient, if the formula that has updated the row `like` with no stages around it updates this
    /// one too: a step over many small variables then is one loop.
    pub fn alike(&mut self, like: &Row) -> Option<(&'a mut Row, &'a [f32])> {
        let row = self.rows.as_slice().first()?;
        let g = self.gradients.of_row(self.at)?;
        let is_alike = row.kind == Kind::Float32
            && row.decay == like.decay
            && !like.variable.w.is_empty()
            && self.lens.contains(&g.len())
            && !pool::is_worth(g.len());
        if !is_alike {
            return None;
        }
        self.at += 1;
        self.rows.next().map(|row| (row, g))
    }
}

/// The rows that are shared in a step.
#[derive(Default)]
pub(super) struct Shares {
    /// The work on all of them, in numbers.
    all: usize,
    /// Numbers of memory of each thread, and those of scratch memory among them.
    each: usize,
    scratch: usize,
}

impl Each<'_> {
    /// Updates the rows with a gradient that are shorter than the length returned, on all threads; 0 if there is too
    /// little work.
    #[inline(never)]
    pub fn share(
        &self,
        rows: &mut [Row],
        (gradients, first): (&Gradients, usize),
        memory: &mut Memory,
    ) -> usize {
        let Memory { threads, maps, shares, .. } = memory;
        let &mut Shares { all, each, scratch } = shares;
        let limit = if all == 0 { 0 } else { limit(self.entry) };
        let own = gradients.iter_from(first).map(|g| g.filter(|g| g.len() < limit));
        let size = pool::piece().max(all.div_ceil(MOST_RUNS - 1));
        let (mut runs, mut before, mut sum) = (Runs::NONE, 0, 0);
        for (at, g) in own.take(rows.len()).enumerate() {
            if sum >= before + size {
                runs.add(at);
                before = sum;
            }
            sum += g.map_or(0, |g| g.len() + ROW);
            runs.is_even &= sum <= before + 3 * size;
        }
        runs.add(rows.len());
        if sum < pool::worth() {
            return 0;
        }
        let maps = maps.as_slice();
        let rooms = (threads.as_mut_slice(), each);
        pool::in_runs(rows, &runs, rooms, &|at, rows, own| {
            let (scratch, workspace) = own.split_at_mut(scratch);
            let mut room = Room::new(workspace, scratch, maps);
            let (at, rows) = (first + at, rows.iter_mut());
            let lens = if self.entry.whole { 0..0 } else { 0..limit };
            let mut rest = Rest { rows, gradients, at, lens };
            while let Some((row, g)) = rest.next() {
                if let Some(g) = g.filter(|g| g.len() < limit) {
                    self.update(&mut room, row, g, &mut rest);
                }
            }
        });
        limit
    }
}
