//! Operations on each element, of one operand or of several.
//!
//! Operations of the lanes run four at a time. Functions that only `libm` has go through one loop, by function pointer.

mod binary;
mod choose;
mod functions;
mod hyperbolic;
mod part;
mod unary;
mod unary_backward;

pub use binary::{Binary, Grid, binary};
pub use choose::choose;
pub use unary::{Unary, unary};
pub use unary_backward::unary_backward;

use gradstep_core::lanes::{Lanes, Native, WIDTH, padded};
use gradstep_core::pool;

/// The elements that the lanes process at once.
type Four = [f32; WIDTH];

/// [`in_fours`] for pieces of `out`, on all threads.
#[inline(always)]
fn on_threads<const N: usize>(
    inputs: [&[f32]; N],
    out: &mut [f32],
    run: impl Fn([&[Four]; N], &mut [Four]) + Sync,
) {
    let len = out.len();
    assert!(inputs.iter().all(|input| input.len() == len));
    pool::in_pieces(out, [], &|part, out, []| {
        in_fours(inputs.map(|input| &input[part.clone()]), out, &run);
    });
}

/// Calls `run` with the whole fours, then with the rest, padded with zeros. So a formula has no second
/// copy for the last elements, if `run` is a call.
#[inline(always)]
fn in_fours<const N: usize>(
    inputs: [&[f32]; N],
    out: &mut [f32],
    run: impl Fn([&[Four]; N], &mut [Four]),
) {
    let len = out.len();
    assert!(inputs.iter().all(|input| input.len() == len));
    let (body, tail) = out.as_chunks_mut::<WIDTH>();
    run(inputs.map(|input| input.as_chunks::<WIDTH>().0), body);
    if tail.is_empty() {
        return;
    }
    let mut last = [[[0.0; WIDTH]; 1]; N];
    for (four, input) in last.iter_mut().zip(inputs) {
        padded(input.as_chunks::<WIDTH>().1).store(&mut four[0]);
    }
    let mut result = [[0.0; WIDTH]; 1];
    run(last.each_ref().map(|four| &four[..]), &mut result);
    tail.copy_from_slice(&result[0][..tail.len()]);
}

#[inline(always)]
fn map(x: &[Four], out: &mut [Four], f: impl Fn(Native) -> Native) {
    for (out, x) in out.iter_mut().zip(x) {
        f(Native::load(x)).store(out);
    }
}

#[inline(always)]
fn zip(a: &[Four], b: &[Four], out: &mut [Four], f: impl Fn(Native, Native) -> Native) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        f(Native::load(a), Native::load(b)).store(out);
    }
}

/// `out = f(x)` for a function that has no lane form.
#[inline(never)]
fn each(x: &[Four], out: &mut [Four], f: fn(f32) -> f32) {
    // Written out, because no loop of the module is unrolled.
    for (out, &[a, b, c, d]) in out.iter_mut().zip(x) {
        *out = [f(a), f(b), f(c), f(d)];
    }
}
