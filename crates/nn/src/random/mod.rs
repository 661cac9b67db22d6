//! The seeded generator, and distributions of its numbers.

mod normal;
mod philox;

pub use philox::Stream;

use crate::fours::combine;
use gradstep_core::lanes::Lanes;
use normal::{standard, truncated};

/// The distribution that [`fill`] draws from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Distribution {
    /// Uniform over `[a, b)`, with 2^24 equally spaced values.
    Uniform,
    /// Normal, with mean `a` and standard deviation `b`.
    Normal,
    /// Normal, truncated to at most `2 b` from the mean.
    TruncatedNormal,
    /// `b` with probability `1 - a`, else 0: the mask of dropout with rate `a`.
    Mask,
}

/// Fills `out` with independent numbers. Element `i` depends only on `stream` and `i`.
pub fn fill(distribution: Distribution, stream: Stream, a: f64, b: f64, out: &mut [f32]) {
    // The bound of `unit(word) < a` for whole numbers.
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
        // Masks never get here: `fill` draws them without this call, because dropout needs them in every step.
        Distribution::TruncatedNormal | Distribution::Mask => (a + b * truncated(word)) as f32,
    }
}

/// The upper 24 bits as a number in `[0, 1)`.
fn unit(word: u32) -> f64 {
    f64::from(word >> 8) / f64::from(1 << 24)
}

/// `a + u (b - a)`, kept below `b`, to which it may be rounded.
fn below(a: f64, b: f64, u: f64) -> f32 {
    let x = (a + u * (b - a)) as f32;
    let b = b as f32;
    if x >= b && a < f64::from(b) { b.next_down() } else { x }
}

/// `out = x * mask`, and 0 where the mask is 0, even if `x` is infinite: dropout, and its gradient.
pub fn masked(x: &[f32], mask: &[f32], out: &mut [f32]) {
    combine([x, mask], out, |[x, mask]| (x * mask).if_positive(mask));
}

/// Fills `out` with uniform whole numbers from `low` to `low + span - 1`. The bias is below `span / 2^32`.
pub fn integers(stream: Stream, low: i32, span: u32, out: &mut [i32]) {
    for (block, four) in out.chunks_mut(4).enumerate() {
        for (x, word) in four.iter_mut().zip(stream.block(block as u32)) {
            *x = low.wrapping_add(((u64::from(word) * u64::from(span)) >> 32) as i32);
        }
    }
}

/// Fills `out` with the numbers from 0 to `len - 1` in random order (Fisher-Yates shuffle, Durstenfeld's algorithm). The bias
/// of each swap is below `len / 2^64`.
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
