//! Making a plan: check the rows, take all memory at once, write the slots' first values.

use super::stages::BLOCK;
use super::{MAX_SLOTS, Options, Plan, Row, RowShape, Variable, decay};
use crate::error::Error;
use crate::memory::{ALIGNMENT, Address, Buffer, Span, reserved};
use crate::optimizers::OPTIMIZERS;
use crate::optimizers::spec::{Extent, Start};

/// Each variable's part of a slab starts on a cache line of its own.
const LINE: usize = ALIGNMENT / size_of::<f32>();

impl Plan {
    /// A plan of the optimizer `rule` over `variables`, with zero steps taken.
    pub fn new(
        rule: usize,
        arguments: &[f64],
        options: Options,
        variables: &[Variable],
    ) -> Result<Self, Error> {
        let entry = OPTIMIZERS.get(rule).ok_or(Error::UnknownRule)?;
        if arguments.len() != entry.spec.arguments.len() {
            return Err(Error::HyperCount);
        }
        if !variables.iter().all(is_sound) {
            return Err(Error::MalformedRow);
        }

        let mut slabs = reserved(MAX_SLOTS + 2)?;
        let mut rows = reserved(variables.len())?;
        rows.extend(variables.iter().map(|&variable| Row {
            variable,
            decay: decay(entry, arguments, &options, variable),
            slots: [Span::EMPTY; MAX_SLOTS],
            average: Span::EMPTY,
            accumulator: Span::EMPTY,
        }));
        if options.averages() {
            slabs.push(slab(&mut rows, &|row| (&mut row.average, row.variable.w.len()))?);
        }
        if options.accumulates() {
            slabs.push(slab(&mut rows, &|row| (&mut row.accumulator, row.variable.w.len()))?);
        }
        for (index, slot) in entry.spec.slots.iter().enumerate() {
            slabs.push(slab(&mut rows, &|row| {
                let shape = row.variable.shape;
                let here = (entry.has_slot)(index, arguments, shape);
                (&mut row.slots[index], if here { extent(slot.extent, shape) } else { 0 })
            })?);
            start(&rows, index, slot.start, arguments);
        }

        let mut gradients = reserved(rows.len())?;
        gradients.resize(rows.len(), Address::NOWHERE);
        let mut own = reserved(arguments.len())?;
        own.extend_from_slice(arguments);
        let shapes = || variables.iter().map(|v| v.shape);
        let workspace = shapes().map(|shape| (entry.workspace)(arguments, shape)).max();
        let mut shared = Buffer::zeroed(1)?;
        // Nadam's product of momenta, the only shared number, starts at 1.
        shared.as_mut_slice()[0] = 1.0;
        Ok(Self {
            entry,
            arguments: own,
            options,
            rows,
            gradients,
            _slabs: slabs,
            shared,
            workspace: Buffer::zeroed(workspace.unwrap_or(0))?,
            scratch: Buffer::zeroed(BLOCK)?,
        })
    }
}

fn is_sound(variable: &Variable) -> bool {
    let shape = variable.shape;
    shape.len == variable.w.len()
        && shape.rows.checked_mul(shape.cols).is_some_and(|area| {
            if area == 0 { shape.len == 0 } else { shape.len.is_multiple_of(area) }
        })
}

fn extent(extent: Extent, shape: RowShape) -> usize {
    match extent {
        Extent::Full => shape.len,
        Extent::Rows | Extent::Columns if shape.rank < 2 => 0,
        Extent::Rows => shape.matrices() * shape.rows,
        Extent::Columns => shape.matrices() * shape.cols,
    }
}

/// Where a row keeps its part of a slab, and the length of that part.
type Part<'f> = &'f dyn Fn(&mut Row) -> (&mut Span, usize);

/// One buffer for all rows' parts, each of the length that `part` tells.
#[inline(never)]
fn slab(rows: &mut [Row], part: Part) -> Result<Buffer, Error> {
    let mut total = 0usize;
    for row in rows.iter_mut() {
        let padded = part(row).1.next_multiple_of(LINE);
        total = total.checked_add(padded).ok_or(Error::OutOfMemory { wanted: usize::MAX })?;
    }
    let buffer = Buffer::zeroed(total)?;
    let mut at = 0;
    for row in rows.iter_mut() {
        let (span, len) = part(row);
        if len > 0 {
            *span = buffer.span(at, len);
        }
        at += len.next_multiple_of(LINE);
    }
    Ok(buffer)
}

fn start(rows: &[Row], slot: usize, start: Start, arguments: &[f64]) {
    for row in rows {
        let values = row.slots[slot].values_mut();
        match start {
            Start::Zeros => {}
            Start::Argument(index) => values.fill(arguments[index] as f32),
            Start::Variable if values.is_empty() => {}
            Start::Variable => values.copy_from_slice(row.variable.w.values()),
        }
    }
}
