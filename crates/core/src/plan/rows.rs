//! Sharing of whole variables between threads: one thread updates each variable, so it has the bits of a single-threaded step.
//!
//! Small variables are shared this way, and all variables of rules that need sums over a variable before its update. The other
//! large variables follow one at a time, each in pieces on all threads.

use super::small::Kind;
use super::stages::Stages;
use super::step::Each;
use super::{Memory, Plan, Room, Row};
use crate::memory::Gradients;
use crate::optimizers::Entry;
use crate::pool::{self, MOST_RUNS, Runs};
use core::ops::Range;
use core::slice::IterMut;

/// The cost of a row apart from its numbers, in numbers.
const ROW: usize = 64;
/// The maximum count of numbers of memory for each thread; steps that need more do not share rows.
const MOST: usize = 1 << 23;

/// The length below which rows are shared as a whole.
fn limit(entry: &Entry) -> usize {
    if entry.whole { usize::MAX } else { pool::worth() }
}

impl Plan {
    /// Allocates memory for each thread, if there are enough rows to share. Rows are not shared with options beyond Keras, which
    /// need more memory, nor if memory is full, because only speed depends on it.
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

/// The rows of a step that a thread has not updated yet.
pub(super) struct Rest<'a> {
    pub rows: IterMut<'a, Row>,
    pub gradients: &'a Gradients<'a>,
    /// The index of the next row's gradient.
    pub at: usize,
    /// Lengths of this thread's gradients that may be [alike](Rest::alike).
    pub lens: Range<usize>,
}

impl<'a> Iterator for Rest<'a> {
    type Item = (&'a mut Row, Option<&'a [f32]>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        // A failed call may have left it. It is written only if set, so that the row stays in the caches of all cores.
        if row.uncorrected.is_some() {
            row.uncorrected = None;
        }
        self.at += 1;
        Some((row, self.gradients.of_row(self.at - 1)))
    }
}

impl<'a> Rest<'a> {
    /// No rows, for the update of a single row.
    pub fn none() -> Self {
        static NOWHERE: Gradients = Gradients::NONE;
        Self { rows: [].iter_mut(), gradients: &NOWHERE, at: 0, lens: 0..0 }
    }

    /// The next row and its gradient, if the formula that has updated the row `like` without stages can update it too: a step
    /// over many small variables is then one loop.
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
    /// The count of numbers of memory of each thread, and of those that are scratch memory.
    each: usize,
    scratch: usize,
}

impl Each<'_> {
    /// Updates, on all threads, the rows with a gradient that are shorter than a limit, and returns the limit; 0 if there is too
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
