//! Operations on two operands, either of which may be broadcast.

use super::{Four, in_fours, on_threads, zip};
use gradstep_core::lanes::{Lanes, Native};
use gradstep_core::{pool, rounded};

/// An operation on two operands. Comparisons return 1 for true and 0 for false.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Binary {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a b`
    Multiply,
    /// `a / b`
    Divide,
    /// The larger; NaN if either is NaN.
    Maximum,
    /// The smaller; NaN if either is NaN.
    Minimum,
    /// `a^b`
    Power,
    /// `b a^(b - 1)`, the derivative of the power with respect to its base; 0 if `b` is 0.
    PowerByBase,
    /// `a^b log(a)`, the derivative of the power with respect to its exponent; 0 unless `a` is positive.
    PowerByExponent,
    /// `a` where `b` is neither 0 nor NaN, 0 elsewhere.
    Gate,
    /// `a > b`
    Greater,
    /// `a >= b`
    GreaterEqual,
    /// `a == b`
    Equal,
    /// `a != b`
    NotEqual,
    /// Whether neither operand is 0.
    And,
    /// Whether at least one operand is not 0.
    Or,
}

impl Binary {
    /// All operations; the index of an operation is its number in the exports.
    pub const ALL: [Binary; 16] = {
        use Binary::*;
        [
            Add,
            Subtract,
            Multiply,
            Divide,
            Maximum,
            Minimum,
            Power,
            PowerByBase,
            PowerByExponent,
            Gate,
            Greater,
            GreaterEqual,
            Equal,
            NotEqual,
            And,
            Or,
        ]
    };
}

/// The rows and columns of a result, and the strides of the operands along each; a stride is 0 if the operand is broadcast.
#[derive(Clone, Copy)]
pub struct Grid {
    /// Rows of the result.
    pub rows: usize,
    /// Columns of the result.
    pub cols: usize,
    /// The stride between rows of the first operand: the length of a row, or 0.
    pub a_row: usize,
    /// The stride between columns of the first operand: 1 or 0.
    pub a_col: usize,
    /// The stride between rows of the second operand.
    pub b_row: usize,
    /// The stride between columns of the second operand.
    pub b_col: usize,
}

/// The number of contiguous copies of a broadcast number.
const BLOCK: usize = 256;

/// `out = op(a, b)`. At most one operand is broadcast along the columns.
///
/// # Panics
/// If a length does not fit.
pub fn binary(op: Binary, grid: Grid, a: &[f32], b: &[f32], out: &mut [f32]) {
    let Grid { rows, cols, a_row, a_col, b_row, b_col } = grid;
    if rows * cols == 0 {
        return;
    }
    let is_whole = a_col == 1 && b_col == 1;
    if is_whole && rows == 1 {
        let (a, b) = (&a[..cols], &b[..cols]);
        return on_threads([a, b], out, |[a, b], out| fours(op, a, b, out));
    }
    let width = if is_whole { cols } else { cols.min(BLOCK) };
    pool::in_items(out, [cols, cols, usize::MAX], (&mut [], 0), &|rows, out, _| {
        let mut repeated = [0.0; BLOCK];
        for (row, out) in rows.zip(out.chunks_exact_mut(cols)) {
            let (a, b) = (&a[row * a_row..], &b[row * b_row..]);
            if !is_whole {
                repeated[..width].fill(if a_col == 0 { a[0] } else { b[0] });
            }
            for (i, out) in out.chunks_mut(width).enumerate() {
                let (at, len) = (i * width, out.len());
                let a = if a_col == 0 { &repeated[..len] } else { &a[at..at + len] };
                let b = if b_col == 0 { &repeated[..len] } else { &b[at..at + len] };
                in_fours([a, b], out, |[a, b], out| fours(op, a, b, out));
            }
        }
    });
}

#[inline(never)]
fn fours(op: Binary, a: &[Four], b: &[Four], out: &mut [Four]) {
    let f: fn(f32, f32) -> f32 = match op {
        Binary::Add => return zip(a, b, out, |a, b| a + b),
        Binary::Subtract => return zip(a, b, out, |a, b| a - b),
        Binary::Multiply => return zip(a, b, out, |a, b| a * b),
        Binary::Divide => return zip(a, b, out, |a, b| a / b),
        Binary::Power => power,
        Binary::PowerByBase => power_by_base,
        Binary::PowerByExponent => power_by_exponent,
        Binary::And => |a, b| truth(a != 0.0 && b != 0.0),
        Binary::Or => |a, b| truth(a != 0.0 || b != 0.0),
        _ => return zip(a, b, out, |a, b| four(op, a, b)),
    };
    let pairs = a.as_flattened().iter().zip(b.as_flattened());
    for (out, (a, b)) in out.as_flattened_mut().iter_mut().zip(pairs) {
        *out = f(*a, *b);
    }
}

/// The operations that lanes provide; the others have separate loops.
#[inline(always)]
fn four(op: Binary, a: Native, b: Native) -> Native {
    let one = Native::splat(1.0);
    let equal = || a.at_least(b) * b.at_least(a);
    match op {
        Binary::Maximum => a.max(b),
        Binary::Minimum => a.min(b),
        Binary::Gate => a.if_positive(b.abs()),
        Binary::Greater => one.if_positive(a - b),
        Binary::GreaterEqual => a.at_least(b),
        Binary::Equal => equal(),
        _ => one - equal(),
    }
}

fn truth(is: bool) -> f32 {
    f32::from(u8::from(is))
}

fn power(a: f32, b: f32) -> f32 {
    // Most powers are squares. The product has the same bits, and is 50 times as fast.
    if b == 2.0 { a * a } else { rounded::pow(a, b) }
}

fn power_by_base(a: f32, b: f32) -> f32 {
    if b == 0.0 {
        // At a = 0 the power is infinite, and 0 times infinity would be NaN.
        0.0
    } else if b == 2.0 {
        2.0 * a
    } else {
        b * rounded::pow(a, b - 1.0)
    }
}

fn power_by_exponent(a: f32, b: f32) -> f32 {
    // Negative bases have no logarithm; for a base of 0 the derivative is 0, as in TensorFlow.
    if a > 0.0 { rounded::pow(a, b) * rounded::log(a) } else { 0.0 }
}
