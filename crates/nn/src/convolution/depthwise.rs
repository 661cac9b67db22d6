//! Depthwise convolution: every channel has kernels of its own.
//!
//! With a multiplier, the copy of the input has every channel as many times, so that inputs, outputs and
//! kernels run along the same channels.

use super::frame::Frame;
use super::{Geometry, Pass, span};
use crate::fours::{at, put};
use gradstep_core::lanes::WIDTH;

fn multiplier(g: &Geometry) -> usize {
    g.output[2] / g.input[2]
}

fn frame(g: &Geometry) -> Frame {
    let [rows, cols, _] = g.input;
    let mut frame = Frame::of_input(&Geometry { input: [rows, cols, g.output[2]], ..*g });
    // The gradient and the repeated channels need a copy, with or without zeros.
    frame.slack = 1;
    frame
}

pub(super) fn work_len(g: &Geometry) -> usize {
    frame(g).len()
}

/// The output `y`, or the gradient of the input `x` or of the kernel: the one that `pass` names is written,
/// the two others are read.
///
/// # Panics
/// When a length does not fit, or `work` is shorter than [`work_len`](super::work_len).
#[inline(never)]
pub fn depthwise(
    pass: Pass,
    g: &Geometry,
    x: &mut [f32],
    kernel: &mut [f32],
    y: &mut [f32],
    work: &mut [f32],
) {
    let frame = frame(g);
    let multiplier = multiplier(g);
    let padded = &mut work[..frame.len()];
    match pass {
        Pass::DepthwiseForward => y.fill(0.0),
        Pass::DepthwiseKernel => kernel.fill(0.0),
        _ => {}
    }
    frame.clear(padded);
    for image in 0..g.batch {
        let (x, y) = (&mut x[span(&g.input, image)], &mut y[span(&g.output, image)]);
        if pass == Pass::DepthwiseInput {
            frame.clear(padded);
        } else {
            frame.rows(|row, at, len| {
                let from = &x[row * (len / multiplier)..][..len / multiplier];
                for (to, from) in padded[at..at + len].chunks_exact_mut(multiplier).zip(from) {
                    to.fill(*from);
                }
            });
        }
        walk(pass, g, frame.pitch(), padded, kernel, y);
        if pass == Pass::DepthwiseInput {
            frame.rows(|row, at, len| {
                let to = &mut x[row * (len / multiplier)..][..len / multiplier];
                for (to, from) in to.iter_mut().zip(padded[at..at + len].chunks_exact(multiplier)) {
                    *to = from.iter().sum();
                }
            });
        }
    }
}

/// One image: the product of two of three rows of channels is added to the third, for all pixels and taps.
#[inline(never)]
fn walk(
    pass: Pass,
    g: &Geometry,
    pitch: usize,
    padded: &mut [f32],
    kernel: &mut [f32],
    y: &mut [f32],
) {
    let [_, cols, channels] = g.output;
    for (pixel, y) in y.chunks_exact_mut(channels).enumerate() {
        let (row, col) = (pixel / cols * g.stride[0], pixel % cols * g.stride[1]);
        for (tap, kernel) in kernel.chunks_exact_mut(channels).enumerate() {
            let row = row + tap / g.kernel[1] * g.dilation[0];
            let col = col + tap % g.kernel[1] * g.dilation[1];
            let x = &mut padded[row * pitch + col * channels..][..channels];
            let (sum, a, b): (&mut [f32], &[f32], &[f32]) = match pass {
                Pass::DepthwiseForward => (y, x, kernel),
                Pass::DepthwiseInput => (x, y, kernel),
                _ => (kernel, x, y),
            };
            for channel in (0..channels).step_by(WIDTH) {
                let to = &mut sum[channel..channels.min(channel + WIDTH)];
                put(at(to, 0) + at(a, channel) * at(b, channel), to);
            }
        }
    }
}
