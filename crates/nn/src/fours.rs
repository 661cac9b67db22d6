//! Four elements at a time, with the formula compiled once.
//!
//! The loops of `gradstep_core::lanes` contain a second copy of the formula, for the last elements. In this crate the last
//! elements go through the same loop, padded with zeros: this is less code, at the cost of a branch per four elements.

use gradstep_core::lanes::{Lanes, Native, WIDTH, padded};
use gradstep_core::reduce;

/// `out[i] = f(inputs[0][i], inputs[1][i], ...)`.
#[inline(always)]
pub fn combine<const N: usize>(
    inputs: [&[f32]; N],
    out: &mut [f32],
    f: impl Fn([Native; N]) -> Native,
) {
    let len = out.len();
    let inputs = inputs.map(|input| &input[..len]);
    for (i, four) in out.chunks_mut(WIDTH).enumerate() {
        let value = f(inputs.map(|input| at(input, i * WIDTH)));
        put(value, four);
    }
}

/// `out[i] = f(out[i], inputs[0][i], inputs[1][i], ...)`.
#[inline(always)]
pub fn update<const N: usize>(
    out: &mut [f32],
    inputs: [&[f32]; N],
    f: impl Fn(Native, [Native; N]) -> Native,
) {
    let len = out.len();
    let inputs = inputs.map(|input| &input[..len]);
    for (i, four) in out.chunks_mut(WIDTH).enumerate() {
        let value = f(at(four, 0), inputs.map(|input| at(input, i * WIDTH)));
        put(value, four);
    }
}

/// Loads four elements from `start` on, padded with zeros after the last one.
#[inline(always)]
pub fn at(x: &[f32], start: usize) -> Native {
    let rest = &x[start..];
    match rest.first_chunk() {
        Some(four) => Native::load(four),
        None => last(rest),
    }
}

/// Stores as many lanes as `to` has elements.
#[inline(always)]
pub fn put(value: Native, to: &mut [f32]) {
    match to.first_chunk_mut() {
        Some(four) => value.store(four),
        None => put_last(value, to),
    }
}

/// The sum, in double precision.
#[inline(never)]
pub fn sum(x: &[f32]) -> f64 {
    reduce::sum(x)
}

/// The largest of `sign * x`; NaN if any element is NaN.
#[inline(never)]
pub fn largest(sign: f32, x: &[f32]) -> f32 {
    let lowest = Native::splat(f32::NEG_INFINITY);
    // Two maxima in turn, because each has to wait for its previous result.
    let mut pair = [lowest; 2];
    let (body, tail) = x.as_chunks::<{ 2 * WIDTH }>();
    for eight in body {
        for (four, largest) in eight.as_chunks::<WIDTH>().0.iter().zip(&mut pair) {
            *largest = largest.max(Native::splat(sign) * Native::load(four));
        }
    }
    let mut largest = pair[0].max(pair[1]);
    // `Lanes::max` propagates a NaN; `f32::max` would drop it.
    for &x in tail {
        largest = largest.max(Native::splat(sign * x));
    }
    let mut lanes = [0.0; WIDTH];
    largest.store(&mut lanes);
    let [a, b, c, d] = lanes.map(Native::splat);
    a.max(b).max(c.max(d)).store(&mut lanes);
    lanes[0]
}

/// `x = x / by`
#[inline(never)]
pub fn divide(x: &mut [f32], by: f32) {
    let by = Native::splat(by);
    update(x, [], |x, []| x / by);
}

#[cold]
#[inline(never)]
fn last(rest: &[f32]) -> Native {
    padded(rest)
}

#[cold]
#[inline(never)]
fn put_last(value: Native, to: &mut [f32]) {
    let mut lanes = [0.0; WIDTH];
    value.store(&mut lanes);
    to.copy_from_slice(&lanes[..to.len()]);
}
