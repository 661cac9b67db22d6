//! Row gradients: only the rows of a matrix that have a gradient are updated, with their rows of the slots.
//!
//! The rows are copied to a small matrix, which is updated like any variable, and copied back. So every stage and every
//! elementwise formula works. Other rows do not change, and neither do their moments, until a step includes them.

use super::rows::Rest;
use super::small::Kind;
use super::step::Each;
use super::{MAX_SLOTS, Plan, Room, Row, RowShape, Variable};
use crate::error::Error;
use crate::lanes::add;
use crate::memory::{Buffer, Slab, Span, reserved};

/// The rows of one variable in the next step.
#[derive(Default)]
pub(super) struct Sparse {
    cols: usize,
    /// Rows with a gradient.
    count: usize,
    memory: Option<Memory>,
}

/// Memory for the largest number of gradients in a step so far. Indices are stored in the bits of `f32` numbers, so one
/// buffer type suffices.
struct Memory {
    /// For each row of the variable: 0, or 1 + its index in `touched`. All 0 between two steps.
    places: Buffer,
    /// The indices of the rows, in the order of their first gradients.
    touched: Buffer,
    /// The sum of the gradients of each of these rows.
    sums: Buffer,
    /// Room for the small matrix, and for its slots.
    slab: Slab,
}

impl Plan {
    /// Sets row gradients of a matrix for the next step, instead of a dense gradient: `values` has a row for each index.
    /// Gradients with the same index are added in their order. After an error the next step has no row gradients of any
    /// variable.
    ///
    /// # Panics
    /// If the plan has no such row, or the row is not a matrix, or the lengths differ.
    pub fn set_rows(&mut self, row: usize, indices: &[i32], values: &[f32]) -> Result<(), Error> {
        let done = self.add_rows(row, indices, values);
        if done.is_err() {
            self.sparse.iter_mut().for_each(Sparse::clear);
        }
        done
    }

    fn add_rows(&mut self, row: usize, indices: &[i32], values: &[f32]) -> Result<(), Error> {
        if self.sparse.is_empty() {
            let mut sparse = reserved(self.rows.len())?;
            sparse.extend(self.rows.iter().map(|_| Sparse::default()));
            self.sparse = sparse;
        }
        let Row { variable, slots, .. } = &self.rows[row];
        let sparse = &mut self.sparse[row];
        let Sparse { cols, memory, .. } = sparse;
        *cols = variable.shape.cols;
        let count = indices.len();
        if memory.as_ref().is_none_or(|memory| memory.touched.as_slice().len() < count) {
            *memory = None;
            let kept = slots.iter().filter(|slot| !slot.is_empty()).count();
            let room = Slab::room(values.len()).unwrap_or(usize::MAX).saturating_mul(1 + kept);
            *memory = Some(Memory {
                places: Buffer::zeroed(variable.w.len() / *cols)?,
                touched: Buffer::zeroed(count)?,
                sums: Buffer::zeroed(values.len())?,
                slab: Slab::zeroed(room)?,
            });
        }
        sparse.add(indices, values);
        Ok(())
    }
}

impl Sparse {
    /// The summed gradients of the rows; `None` if the next step has no row gradients of this variable.
    pub fn sums(&self) -> Option<&[f32]> {
        let memory = self.memory.as_ref().filter(|_| self.count > 0)?;
        memory.sums.as_slice().get(..self.count * self.cols)
    }

    /// Removes the row gradients after a step.
    pub fn clear(&mut self) {
        self.count = 0;
    }

    fn add(&mut self, indices: &[i32], values: &[f32]) {
        self.count = 0;
        let Some(Memory { places, touched, sums, .. }) = &mut self.memory else { return };
        let (places, touched) = (places.as_mut_slice(), touched.as_mut_slice());
        for (&index, value) in indices.iter().zip(values.chunks_exact(self.cols)) {
            let place = &mut places[index as usize];
            let is_first = *place == 0.0;
            if is_first {
                touched[self.count] = f32::from_bits(index as u32);
                self.count += 1;
                *place = f32::from_bits(self.count as u32);
            }
            let at = (place.to_bits() as usize - 1) * self.cols;
            let sum = &mut sums.as_mut_slice()[at..][..self.cols];
            if is_first {
                sum.copy_from_slice(value);
            } else {
                add(sum, value);
            }
        }
        for index in &touched[..self.count] {
            places[index.to_bits() as usize] = 0.0;
        }
    }

    /// Updates the rows that have gradients, like a variable.
    #[inline(never)]
    pub fn update(&mut self, row: &mut Row, room: &mut Room, each: &Each) {
        let Some(memory) = &mut self.memory else { return };
        let slab = &mut memory.slab;
        slab.rewind();
        let shape = row.variable.shape;
        let shape = RowShape { len: self.count * self.cols, rows: self.count, ..shape };
        let mut small = Row {
            variable: Variable { w: Span::EMPTY, shape, no_decay: row.variable.no_decay },
            decay: row.decay,
            decay_factor: row.decay_factor,
            slots: [Span::EMPTY; MAX_SLOTS],
            kind: Kind::Float32,
            average: Span::EMPTY,
            accumulator: Span::EMPTY,
            unit: 1.0,
            uncorrected: None,
        };
        for (few, all) in spans(&mut small).zip(spans(row)) {
            if !all.is_empty() {
                *few = slab.take(shape.len);
            }
        }
        self.copy(&mut small, row, false);
        each.update(room, &mut small, self.sums().unwrap_or_default(), &mut Rest::none());
        self.copy(&mut small, row, true);
    }

    /// Copies rows of the weights and the slots to the small matrices, or back.
    #[inline(never)]
    fn copy(&self, small: &mut Row, whole: &mut Row, back: bool) {
        let touched = self.memory.as_ref().map_or(&[][..], |memory| memory.touched.as_slice());
        for (few, all) in spans(small).zip(spans(whole)) {
            let few = few.values_mut().chunks_exact_mut(self.cols);
            for (few, index) in few.zip(touched) {
                let one =
                    &mut all.values_mut()[index.to_bits() as usize * self.cols..][..self.cols];
                if back {
                    one.copy_from_slice(few);
                } else {
                    few.copy_from_slice(one);
                }
            }
        }
    }
}

/// The spans of the weights and of the slots.
fn spans(row: &mut Row) -> impl Iterator<Item = &mut Span> {
    [&mut row.variable.w].into_iter().chain(&mut row.slots)
}
