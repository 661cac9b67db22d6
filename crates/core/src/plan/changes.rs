//! Measurement of updates: the sum of the squared changes of the weights, computed in the pass that updates them.
//!
//! An elementwise update adds the changes of each block while the block is in the first-level cache. Rules and options that
//! need a whole variable are measured against a copy of it.

use super::stages::BLOCK;
use super::{Plan, Room, Row};
use crate::error::Error;
use crate::reduce::{Changes, sums_of_changes};

/// Whether steps can be measured. The module with threads must be small, and threads would share the sums.
pub(super) const MEASURES: bool = !cfg!(feature = "threads");

impl Plan {
    /// The sum of the squared changes of the last update, over all rows, and that of the squared weights before it. From this
    /// call on, steps measure both, except for sparse gradients and for averages that overwrite weights. `None` in builds with
    /// threads.
    pub fn changes(&mut self) -> Option<&mut [f64; 2]> {
        MEASURES.then(|| self.changes.get_or_insert_default())
    }

    /// Allocates memory for the copies, if steps are measured.
    pub(super) fn reserve_copies(&mut self, most: usize) -> Result<(), Error> {
        let copies = self.copies_rows();
        match self.changes {
            None => Ok(()),
            Some(_) => self.memory.before.ensure(if copies { most } else { BLOCK }),
        }
    }

    /// The meter of a step, which adds to the sums so far; `None` if steps are not measured.
    pub(super) fn meter(&self) -> Option<Meter> {
        self.changes.map(|sums| Meter { sums, copies: self.copies_rows() })
    }

    /// Whether the rule or an option needs whole rows.
    pub(super) fn copies_rows(&self) -> bool {
        self.is_whole() || self.options.go_beyond()
    }
}

/// The sums over the rows of a step.
pub(super) struct Meter {
    pub sums: [f64; 2],
    copies: bool,
}

impl Meter {
    /// Prepares the measurement of a row before its update.
    #[inline(never)]
    pub fn begin(&self, room: &mut Room, row: &Row) {
        let w = row.variable.w.values();
        if self.copies {
            room.before[..w.len()].copy_from_slice(w);
        } else {
            room.changes = Some(Changes::NONE);
        }
    }

    /// Adds the changes of a row after its update; a row without a gradient `stays` unchanged.
    #[inline(never)]
    pub fn end(&mut self, room: &mut Room, row: &Row, stays: bool) {
        let w = row.variable.w.values();
        let more = match room.changes.take() {
            _ if stays => sums_of_changes(w, w),
            Some(changes) => changes.sums(),
            None => sums_of_changes(w, &room.before[..w.len()]),
        };
        for (sum, more) in self.sums.iter_mut().zip(more) {
            *sum += more;
        }
    }
}
