//! Building a plan: checks the rows, allocates all memory, and writes the slots' initial values.

use super::rows::Shares;
use super::small::{Kind, maps};
use super::stages::BLOCK;
use super::{MAX_SLOTS, Memory, Options, Plan, Row, RowShape, Variable};
use crate::error::Error;
use crate::memory::{Buffer, Gradients, Slab, Span, reserved};
use crate::optimizers::entry_of;
use crate::optimizers::spec::{Extent, SHARED, Start};

impl Plan {
    /// A plan of the optimizer `rule` over `variables`, with zero steps taken.
    pub fn new(
        rule: usize,
        arguments: &[f64],
        options: Options,
        variables: Vec<Variable>,
    ) -> Result<Self, Error> {
        let entry = entry_of(rule).ok_or(Error::UnknownRule)?;
        if arguments.len() != entry.spec.arguments.len() {
            return Err(Error::HyperCount);
        }
        if !variables.iter().all(is_sound) {
            return Err(Error::MalformedRow);
        }

        let shapes = || variables.iter().map(|v| v.shape);
        let workspace = shapes().map(|shape| (entry.workspace)(arguments, shape)).max();
        let packing = shapes().map(|shape| (entry.packing)(shape)).max().unwrap_or(0);
        let gradients = Gradients::nowhere(variables.iter().map(|v| v.w.len()))?;
        let mut rows = reserved(variables.len())?;
        rows.extend(variables.into_iter().map(|variable| Row {
            decay: None,
            decay_factor: if variable.no_decay { 0.0 } else { 1.0 },
            variable,
            slots: [Span::EMPTY; MAX_SLOTS],
            kind: Kind::Float32,
            average: Span::EMPTY,
            accumulator: Span::EMPTY,
            unit: 1.0,
            uncorrected: None,
        }));
        for row in &mut rows {
            row.kind = options.kind(row.variable.w.len());
        }
        if options.averages() {
            cut(&mut rows, &|row| (&mut row.average, row.variable.w.len()))?;
        }
        if options.accumulates() {
            cut(&mut rows, &|row| (&mut row.accumulator, row.variable.w.len()))?;
        }
        for (index, slot) in entry.spec.slots.iter().enumerate() {
            cut(&mut rows, &|row| {
                let shape = row.variable.shape;
                let here = (entry.has_slot)(index, arguments, shape);
                let len = if here { extent(slot.extent, shape) } else { 0 };
                (&mut row.slots[index], row.kind.of(index).room(len))
            })?;
            start(&mut rows, index, slot.start, arguments);
        }

        if entry.ends_early && options.corrects() {
            // Slot 1 holds the weights before an update that the caller computes.
            cut(&mut rows, &|row| (&mut row.slots[1], row.variable.w.len()))?;
        }

        let mut own = reserved(arguments.len())?;
        own.extend_from_slice(arguments);
        let mut shared = Buffer::zeroed(SHARED)?;
        shared.as_mut_slice()[0] = 1.0;
        let memory = Memory {
            workspace: Buffer::zeroed(workspace.unwrap_or(0))?,
            scratch: Buffer::zeroed(2 * BLOCK)?,
            maps: if options.flags & Options::UINT8 == 0 { Buffer::zeroed(0)? } else { maps()? },
            whole: Buffer::zeroed(0)?,
            before: Buffer::zeroed(0)?,
            threads: Buffer::zeroed(0)?,
            shares: Shares::default(),
        };
        let rates = Buffer::zeroed(0)?;
        let arguments = own;
        let mut plan = Self {
            entry,
            arguments,
            options,
            rows,
            gradients,
            shared,
            rates,
            sparse: Vec::new(),
            memory,
            packing,
            changes: None,
        };
        plan.find_decays();
        Ok(plan)
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
        Extent::Outputs => shape.cols,
    }
}

/// Returns where a row stores a span of the slab, and the length of the span.
type Part<'f> = &'f dyn Fn(&mut Row) -> (&mut Span, usize);

/// Allocates one slab for all rows, and cuts it into spans of the lengths that `part` returns.
#[inline(never)]
fn cut(rows: &mut [Row], part: Part) -> Result<(), Error> {
    let mut total = 0usize;
    for row in rows.iter_mut() {
        let room = Slab::room(part(row).1);
        let sum = room.and_then(|room| total.checked_add(room));
        total = sum.ok_or(Error::OutOfMemory { wanted: usize::MAX })?;
    }
    if total > 0 {
        let mut slab = Slab::zeroed(total)?;
        for row in rows {
            let (span, len) = part(row);
            if len > 0 {
                *span = slab.take(len);
            }
        }
    }
    Ok(())
}

fn start(rows: &mut [Row], slot: usize, start: Start, arguments: &[f64]) {
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
