//! The gradient of a convolution's input, which is a transposed convolution.
//!
//! With strides, the pixels of the input fall into phases: those of one phase meet the same taps of the
//! kernel. Each phase is a plain convolution of the output's gradient with its taps, mirrored.

use super::frame::Frame;
use super::panels::pack;
use super::tiles::{Epilogue, Grid, Taps, convolve};
use super::{Geometry, images, images_mut};

/// One axis of a phase.
#[derive(Clone, Copy)]
struct Phase {
    /// First tap; the others are `stride` behind one another.
    tap: usize,
    taps: usize,
    /// First pixel of the input, and how many.
    first: usize,
    count: usize,
    /// Where the first window starts in the frame.
    start: usize,
}

impl Phase {
    fn new(g: Geometry, axis: usize, tap: usize) -> Self {
        let (stride, padding) = (g.stride[axis], g.padding[axis]);
        let taps = (g.kernel[axis] + stride - 1 - tap) / stride;
        let first = (tap + stride - padding % stride) % stride;
        let count = (g.input[axis] + stride - 1).saturating_sub(first) / stride;
        let start = (first + padding) / stride + before(g, axis)
            - taps.saturating_sub(1) * g.dilation[axis];
        Self { tap, taps, first, count, start }
    }
}

/// Zeros above or left of the output's gradient: what the longest phase needs.
fn before(g: Geometry, axis: usize) -> usize {
    (g.kernel[axis].div_ceil(g.stride[axis]) - 1) * g.dilation[axis]
}

fn frame(g: Geometry) -> Frame {
    let before = [0, 1].map(|axis| before(g, axis));
    let needed = [0, 1].map(|axis| {
        before[axis] + (g.input[axis].max(1) - 1 + g.padding[axis]) / g.stride[axis] + 1
    });
    Frame::new(g.output, before, needed)
}

fn phases(g: Geometry) -> impl Iterator<Item = [Phase; 2]> + Clone {
    (0..g.stride[0] * g.stride[1]).map(move |phase| {
        [Phase::new(g, 0, phase / g.stride[1]), Phase::new(g, 1, phase % g.stride[1])]
    })
}

pub(super) fn work_len(geometry: Geometry) -> usize {
    let g = geometry.folded();
    let weights = g.kernel[0] * g.kernel[1] * g.output[2] * g.input[2].next_multiple_of(4);
    frame(g).len() + weights
}

/// `dx`, from the kernel and the output's gradient. As a transposed convolution it may have a bias and relu.
///
/// # Panics
/// When a length does not fit, or `work` is shorter than [`work_len`](super::work_len).
pub fn input_gradient(
    geometry: Geometry,
    kernel: &[f32],
    dy: &[f32],
    bias: &[f32],
    relu: bool,
    work: &mut [f32],
    dx: &mut [f32],
) {
    let g = geometry.folded();
    let ([_, cols, inputs], [.., outputs]) = (g.input, g.output);
    let frame = frame(g);
    let (padded, panels) = work.split_at_mut(frame.len());
    let mut end = 0;
    for [y, x] in phases(g) {
        let bases = (0..y.taps * x.taps).map(|tap| {
            let y = y.tap + (y.taps - 1 - tap / x.taps) * g.stride[0];
            let x = x.tap + (x.taps - 1 - tap % x.taps) * g.stride[1];
            (y * g.kernel[1] + x) * inputs * outputs
        });
        pack(kernel, bases, [outputs, 1], [inputs, outputs], &mut panels[end..]);
        end += y.taps * x.taps * outputs * inputs.next_multiple_of(4);
    }
    let pitch = frame.pitch();
    let epilogue = Epilogue { bias, relu };
    frame.clear(padded);
    for (dy, dx) in images(g.output, dy).zip(images_mut(g.input, dx)) {
        let source = frame.around(dy, padded);
        let mut panels = &panels[..];
        for [y, x] in phases(g) {
            let taps = Taps::new([y.taps, x.taps], g.dilation, pitch, outputs);
            let grid = Grid {
                size: [y.count, x.count],
                from_start: y.start * pitch + x.start * outputs,
                from: [pitch, outputs],
                to_start: (y.first * cols + x.first) * inputs,
                to: [g.stride[0] * cols * inputs, g.stride[1] * inputs],
            };
            convolve(grid, taps, source, panels, inputs, epilogue, dx);
            panels = &panels[taps.len() * inputs.next_multiple_of(4)..];
        }
    }
}
