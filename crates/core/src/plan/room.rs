//! Memory that rows share while they are updated.

use super::Decay;
use super::rows::Shares;
use crate::memory::Buffer;
use crate::reduce::Changes;

/// Memory that the rows of a step use in turn, and memory of each thread for [rows that are
/// shared](super::step::Each::share).
pub(super) struct Memory {
    pub workspace: Buffer,
    pub scratch: Buffer,
    pub maps: Buffer,
    pub whole: Buffer,
    pub before: Buffer,
    pub threads: Buffer,
    pub shares: Shares,
}

impl Memory {
    /// The memory that rows use in turn.
    pub fn room(&mut self) -> Room<'_> {
        let Self { workspace, scratch, maps, whole, before, .. } = self;
        let (whole, before) = (whole.as_mut_slice(), before.as_mut_slice());
        Room {
            whole,
            before,
            ..Room::new(workspace.as_mut_slice(), scratch.as_mut_slice(), maps.as_slice())
        }
    }
}

/// Memory for a row.
pub(super) struct Room<'a> {
    /// Working memory of the rule.
    pub workspace: &'a mut [f32],
    /// A block of the prepared gradient and one of the kept parameters; or a whole gradient, see
    /// [`Job::whole`](super::Job::whole).
    pub scratch: &'a mut [f32],
    /// The tables of the numbers that 8-bit codes stand for; empty if no slot has such codes.
    pub maps: &'a [f32],
    /// A row's whole gradient and its weights before the update, for options beyond Keras.
    pub whole: &'a mut [f32],
    /// The weights of the row or of a block before the update, to measure its changes.
    pub before: &'a mut [f32],
    /// The weight decay that follows the update of this row, which a rule may take over.
    pub later: Option<Decay>,
    /// Whether the rule took the weight decay over.
    pub has_taken: bool,
    /// The sum of this row's changes, if the blocks of its update add to it.
    pub changes: Option<Changes>,
}

impl<'a> Room<'a> {
    /// Memory for rows without options beyond Keras, which are not measured.
    pub fn new(workspace: &'a mut [f32], scratch: &'a mut [f32], maps: &'a [f32]) -> Self {
        let (whole, before) = (&mut [][..], &mut [][..]);
        Self {
            workspace,
            scratch,
            maps,
            whole,
            before,
            later: None,
            has_taken: false,
            changes: None,
        }
    }
}
