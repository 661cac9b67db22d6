//! The seeded generator, and the numbers drawn from it.

mod normal;
mod philox;

pub use philox::Stream;

use crate::fours::combine;
use gradstep_core::lanes::Lanes;
use normal::{standard, truncated};

/// The distribution that [`fill`] draws from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Distribution {
    /// Uniform over `[a, b)`, of 2^24 equally spaced values.
    Uniform,
    /// Normal, with mean `a` and standard deviation `b`.
    Normal,
    /// The same, without numbers further than `2 b` from the mean.
    TruncatedNormal,
    /// `b` with probability `1 - a`, else 0: the mask of a dropout with rate `a`.
    Mask,
}

/// Fills `out` with independent numbers. Element `i` depends on `stream` and `i` only.
pub fn fill(distribution: Distribution, stream: Stream, a: f64, b: f64, out: &mut [f32]) {
    // `unit(word) < a`, in whole numbers.
    let dropped = (a * f64::from(1 << 24)).ceil() as u32;
    for (block, four) in out.chunks_mut(4).enumerate() {
        for (x, word) in four.iter_mut().zip(stream.block(block as u32)) {
            *x = if distribution == Distribution::Mask {
                if word >> 8 < dropped { 0.0 } else { b as f32 }
            } else {
                number(distribution, a, b, word)
            };
        }
    }
}

#[inline(never)]
fn number(distribution: Distribution, a: f64, b: f64, word: u32) -> f32 {
    match distribution {
        Distribution::Uniform => below(a, b, unit(word)),
        Distribution::Normal => (a + b * standard(word)) as f32,
        // Not for masks: dropout draws them in every step, so `fill` avoids this call.
        Distribution::TruncatedNormal | Distribution::Mask => (a + b * truncated(word)) as f32,
    }
}

/// The upper 24 bits as a number in `[0, 1)`.
fn unit(word: u32) -> f64 {
    f64::from(word >> 8) / f64::from(1 << 24)
}

/// `a + u (b - a)`, which rounding may have taken up to `b`.
fn below(a: f64, b: f64, u: f64) -> f32 {
    let x = (a + u * (b - a)) as f32;
    let b = b as f32;
    if x >= b && a < f64::from(b) { b.next_down() } else { x }
}

/// `out = x * mask`, and 0 where the mask is 0, even of an infinity: a dropout, and its gradient.
pub fn masked(x: &[f32], mask: &[f32], out: &mut [f32]) {
    combine([x, mask], out, |[x, mask]| (x * mask).if_positive(mask));
}

/// Whole numbers from `low`, `span` different ones. The bias is below `span / 2^32`.
pub fn integers(stream: Stream, low: i32, span: u32, out: &mut [i32]) {
    for (block, four) in out.chunks_mut(4).enumerate() {
        for (x, word) in four.iter_mut().zip(stream.block(block as u32)) {
            *x = low.wrapping_add(((u64::from(word) * u64::from(span)) >> 32) as i32);
        }
    }
}

/// The numbers from 0 in random order (Fisher and Yates, in Durstenfeld's form). The bias of each
/// exchange is below `len / 2^64`.
pub fn permutation(stream: Stream, out: &mut [i32]) {
    for (i, x) in out.iter_mut().enumerate() {
        *x = i as i32;
    }
    for i in (1..out.len()).rev() {
        let [high, low, ..] = stream.block(i as u32);
        let span = i as u64 + 1;
        let j = (u64::from(high) * span + ((u64::from(low) * span) >> 32)) >> 32;
        out.swap(i, j as usize);
    }
}
