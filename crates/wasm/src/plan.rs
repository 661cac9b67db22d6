//! Plans behind handles. Over 300 lines: a list of exports, each with its contract.

use crate::fault::or_zero;
use gradstep_core::error::Error;
use gradstep_core::memory::{Span, reserved};
use gradstep_core::plan::{Call, Options, Outcome, Plan, RowShape, State, Variable, clip_in_place};
use wasm_bindgen::prelude::wasm_bindgen;

/// The count of numbers per variable in the table of [`plan_new`]: address, length, rank, rows, columns, flags.
const ROW: usize = 6;
const SECOND_SIDE: u32 = 1;

/// The plan behind a handle.
///
/// # Safety
/// The handle came from [`plan_new`], its plan was not freed, and no other borrow of the plan is in use.
unsafe fn plan_of<'a>(handle: u32) -> &'a mut Plan {
    // SAFETY: promised by the caller.
    unsafe { &mut *(handle as *mut Plan) }
}

/// The `count` numbers at `address`.
///
/// # Safety
/// Unless `count` is 0, as many initialised, aligned numbers are at the address, and nothing writes them while the slice is in
/// use.
pub unsafe fn numbers<'a, T: Number>(address: u32, count: u32) -> &'a [T] {
    if count == 0 {
        return &[];
    }
    // SAFETY: promised by the caller; any bits are a valid `Number`.
    unsafe { core::slice::from_raw_parts(address as *const T, count as usize) }
}

/// Types that [`numbers`] reads.
///
/// # Safety
/// Any bits are a valid value.
pub unsafe trait Number {}
// SAFETY: any bits are a valid number, or a NaN.
unsafe impl Number for f64 {}
// SAFETY: any bits are a valid number, or a NaN.
unsafe impl Number for f32 {}
// SAFETY: any bits are a valid number.
unsafe impl Number for i32 {}
// SAFETY: any bits are a valid number.
unsafe impl Number for u32 {}

/// Creates a plan of the optimizer with this id, and returns its handle; 0 on error.
///
/// `options` are nine `f64` in the order of `gradstep_core::plan::Options`; `table` has six `u32` for each variable.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_new(
    rule: u32,
    arguments: u32,
    argument_count: u32,
    options: u32,
    table: u32,
    variable_count: u32,
) -> u32 {
    // SAFETY: the caller wrote the numbers there.
    let (options, arguments, table) = unsafe {
        (
            numbers::<f64>(options, 9),
            numbers::<f64>(arguments, argument_count),
            numbers::<u32>(table, variable_count * ROW as u32),
        )
    };
    let &[
        weight_decay,
        clipnorm,
        global_clipnorm,
        clipvalue,
        ema_momentum,
        adaptive_clip,
        overwrite,
        steps,
        flags,
    ] = options.first_chunk().unwrap_or(&[f64::NAN; 9]);
    let options = Options {
        weight_decay,
        clipnorm,
        global_clipnorm,
        clipvalue,
        ema_momentum,
        ema_overwrite_frequency: overwrite as u32,
        accumulation_steps: steps as u32,
        adaptive_clip,
        flags: flags as u32,
    };
    let (rows, _) = table.as_chunks::<ROW>();
    // SAFETY: the variables are neither moved nor freed while the plan uses them.
    or_zero(unsafe { made(rule as usize, arguments, options, rows) })
}

/// Creates a plan, and returns its handle. All allocations are fallible.
///
/// # Safety
/// The addresses in the table are those of variables of these lengths, until the plan is freed.
unsafe fn made(
    rule: usize,
    arguments: &[f64],
    options: Options,
    table: &[[u32; ROW]],
) -> Result<u32, Error> {
    let mut variables = reserved(table.len())?;
    // SAFETY: promised by the caller.
    variables.extend(table.iter().map(|row| unsafe { variable(row) }));
    let mut home = reserved(1)?;
    home.push(Plan::new(rule, arguments, options, variables)?);
    Ok(Box::into_raw(home.into_boxed_slice()) as *mut Plan as u32)
}

/// The variable of a row of the table.
///
/// # Safety
/// As in [`made`].
unsafe fn variable(&[address, len, rank, rows, cols, flags]: &[u32; ROW]) -> Variable {
    Variable {
        // SAFETY: promised by the caller.
        w: unsafe { Span::new(address as usize, len as usize) },
        shape: RowShape {
            rank: rank as usize,
            len: len as usize,
            rows: rows as usize,
            cols: cols as usize,
            second_side: flags & SECOND_SIDE != 0,
        },
        no_decay: false,
    }
}

/// Frees a plan and its state.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_free(plan: u32) {
    let home = core::ptr::slice_from_raw_parts_mut(plan as *mut Plan, 1);
    // SAFETY: `made` created the handle from a boxed slice with one plan, and it is freed once.
    drop(unsafe { Box::from_raw(home) });
}

/// The address of the table of gradient addresses: one `u32` per variable, 0 to skip the variable.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_gradients(plan: u32) -> u32 {
    // SAFETY: the plan is alive.
    unsafe { plan_of(plan) }.gradients().addresses() as u32
}

/// The address of a variable's state, 0 if it has none. A `kind` of -1 is the moving average, -2 the accumulator, 0 and above
/// the slot with this index.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_state(plan: u32, row: u32, kind: i32) -> u32 {
    let state = match kind {
        -1 => State::Average,
        -2 => State::Accumulator,
        slot => State::Slot(slot as usize),
    };
    // SAFETY: the plan is alive.
    let values = unsafe { plan_of(plan) }.state(row as usize, state);
    if values.is_empty() { 0 } else { values.as_mut_ptr() as u32 }
}

/// Reads or writes 1024 numbers of a slot with fewer bits, from `at`, a multiple of 1024, on. Returns the address of a buffer of
/// 1024 numbers: with `action` 0 they are read from the slot, with 1 written to it. With `action` 2, returns the count of the
/// slot's 4-byte words. Returns 0 if the slot has `f32` numbers.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_small(plan: u32, row: u32, slot: u32, at: u32, action: u32) -> u32 {
    // SAFETY: the plan is alive.
    let plan = unsafe { plan_of(plan) };
    let (row, slot) = (row as usize, slot as usize);
    let words = plan.small_words(row, slot) as u32;
    if words == 0 || action == 2 {
        return words;
    }
    plan.small_part(row, slot, at as usize, action == 1).as_mut_ptr() as u32
}

/// The address of the numbers that all variables share.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_shared(plan: u32) -> u32 {
    // SAFETY: the plan is alive.
    unsafe { plan_of(plan) }.shared().as_mut_ptr() as u32
}

/// Multiplies a variable's weight decay; 0 turns it off.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_set_decay(plan: u32, row: u32, factor: f64) {
    // SAFETY: the plan is alive.
    unsafe { plan_of(plan) }.set_decay(row as usize, factor);
}

/// Changes an argument of the rule for future steps; indices after the last argument are those of base options, see
/// `Plan::set_argument`.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_set_argument(plan: u32, index: u32, value: f64) {
    // SAFETY: the plan is alive.
    unsafe { plan_of(plan) }.set_argument(index as usize, value);
}

/// The address of the table of learning rates, one `f32` per variable, which all steps use from now on; 0 on error.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_rates(plan: u32) -> u32 {
    // SAFETY: the plan is alive.
    or_zero(unsafe { plan_of(plan) }.rates().map(|rates| rates.as_mut_ptr() as u32))
}

/// Sets gradients of some rows of a variable, a matrix with `cols` columns, for the next step; returns 0 on error.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_rows(
    plan: u32,
    row: u32,
    indices: u32,
    count: u32,
    values: u32,
    cols: u32,
) -> u32 {
    // SAFETY: the plan is alive, and the numbers are there.
    unsafe {
        let (indices, values) =
            (numbers::<i32>(indices, count), numbers::<f32>(values, count * cols));
        or_zero(plan_of(plan).set_rows(row as usize, indices, values).map(|()| 1))
    }
}

/// The address of two `f64`, the sums of `Plan::changes`, which all steps compute from now on; 0 in builds with threads.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_changes(plan: u32) -> u32 {
    // SAFETY: the plan is alive.
    unsafe { plan_of(plan) }.changes().map_or(0, |sums| core::ptr::from_mut(sums) as u32)
}

/// Ends a call of a custom rule, the one after `calls` calls, with the corrections and the moving average.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_average(plan: u32, calls: f64) {
    // SAFETY: the plan is alive, and so are its variables.
    unsafe { plan_of(plan) }.average(calls);
}

/// Takes one step. Returns 1 if it updated the weights, 2 if it accumulated gradients, 3 if a gradient was not finite, and 0 on
/// error; after 0 and 3, nothing has changed.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn plan_step(
    plan: u32,
    lr: f32,
    calls: f64,
    unscale: f64,
    clip: bool,
    check_finite: bool,
) -> u32 {
    let call = Call { lr, calls, unscale, clip, check_finite };
    // SAFETY: the plan, its variables and the gradients in its table are alive.
    let plan = unsafe { plan_of(plan) };
    or_zero(plan.step(call).map(|outcome| match outcome {
        Outcome::Updated => 1,
        Outcome::Accumulated => 2,
        Outcome::NotFinite => 3,
    }))
}

/// Clips gradients in place. `limits` are clipnorm, global_clipnorm and clipvalue as `f64`; `table` has the address and the
/// length of each gradient. Returns 0 on error; then nothing was written.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn clip_gradients(limits: u32, table: u32, count: u32) -> u32 {
    // SAFETY: the caller wrote the numbers there.
    let (limits, table) = unsafe { (numbers::<f64>(limits, 3), numbers::<u32>(table, 2 * count)) };
    let &[clipnorm, global_clipnorm, clipvalue] = limits.first_chunk().unwrap_or(&[f64::NAN; 3]);
    let options = Options { clipnorm, global_clipnorm, clipvalue, ..Options::default() };
    let (runs, _) = table.as_chunks::<2>();
    or_zero(reserved(runs.len()).map(|mut gradients| {
        gradients.extend(runs.iter().map(|&[address, len]| {
            // SAFETY: the gradients have these addresses and lengths, and do not overlap.
            unsafe { Span::new(address as usize, len as usize) }
        }));
        clip_in_place(&options, &mut gradients);
        1
    }))
}
