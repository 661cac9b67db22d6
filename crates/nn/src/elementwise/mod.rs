//! Elementwise operations on one operand or on several.
//!
//! Operations that lanes provide process four elements at a time. Functions that only `libm` provides share one loop, which
//! calls them by function pointer.

mod binary;
mod choose;
mod functions;
mod hyperbolic;
mod transcendental;
mod unary;
mod unary_backward;

pub use binary::{Binary, Grid, binary};
pub use choose::choose;
pub use unary::{Unary, unary};
pub use unary_backward::unary_backward;

use gradstep_core::lanes::{Lanes, Native, WIDTH, padded};
use gradstep_core::pool;

/// The elements that lanes process at once.
type Four = [f32; WIDTH];

/// Calls [`in_fours`] for pieces of `out`, on all threads.
#[inline(always)]
fn on_threads<const N: usize>(
    inputs: [&[f32]; N],
    out: &mut [f32],
    run: impl Fn([&[Four]; N], &mut [Four]) + Sync,
) {
    let len = out.len();
    assert!(inputs.iter().all(|input| input.len() == len));
    pool::in_pieces(out, [], &|range, out, []| {
        in_fours(inputs.map(|input| &input[range.clone()]), out, &run);
    });
}

/// Calls `run` with all whole groups of four, then with the last elements, padded with zeros. So if `run` is not inlined, a
/// formula is compiled only once.
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

/// `out = f(x)` for a function without a vector form.
#[inline(never)]
fn each(x: &[Four], out: &mut [Four], f: fn(f32) -> f32) {
    // Written out, because the build of the module unrolls no loops.
    for (out, &[a, b, c, d]) in out.iter_mut().zip(x) {
        *out = [f(a), f(b), f(c), f(d)];
    }
}
