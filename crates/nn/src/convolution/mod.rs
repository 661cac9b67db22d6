//! Convolutions over images: NHWC, kernels HWIO.
//!
//! No matrix of patches is written: a tile of output pixels by output channels stays in registers, and the
//! taps of a row of the kernel are neighbours in memory, so the inner loop walks both operands in order.
//! Where zeros are needed around an image, one image at a time is copied into a frame of zeros.
//!
//! Every sum has one fixed order: taps from top left to bottom right, channels inside.

mod depthwise;
mod frame;
mod geometry;
mod input_gradient;
mod kernel_gradient;
mod panels;
mod tiles;

pub use depthwise::depthwise;
pub use geometry::{Geometry, Pass};
pub use input_gradient::input_gradient;
pub use kernel_gradient::kernel_gradient;

use frame::Frame;
use panels::pack;
use tiles::{Epilogue, Grid, Taps, convolve};

/// Length of the working memory that a pass needs, depthwise or not.
pub fn work_len(pass: Pass, geometry: Geometry) -> usize {
    match pass {
        Pass::Forward => forward_work_len(geometry),
        Pass::Input => input_gradient::work_len(geometry),
        Pass::Kernel => kernel_gradient::work_len(geometry),
        _ => depthwise::work_len(geometry),
    }
}

fn forward_work_len(geometry: Geometry) -> usize {
    let g = geometry.folded();
    Frame::of_input(g).len()
        + g.kernel[0] * g.kernel[1] * g.input[2] * g.output[2].next_multiple_of(4)
}

/// `y = convolution(x, kernel) + bias`, then relu if asked for; no bias is an empty one.
///
/// # Panics
/// When a length does not fit, or `work` is shorter than [`work_len`].
pub fn forward(
    geometry: Geometry,
    x: &[f32],
    kernel: &[f32],
    bias: &[f32],
    relu: bool,
    work: &mut [f32],
    y: &mut [f32],
) {
    let g = geometry.folded();
    let ([.., inputs], [rows, cols, outputs]) = (g.input, g.output);
    let frame = Frame::of_input(g);
    let (padded, panels) = work.split_at_mut(frame.len());
    let pitch = frame.pitch();
    let bases = (0..g.kernel[0] * g.kernel[1]).map(|tap| tap * inputs * outputs);
    pack(kernel, bases, [inputs, outputs], [outputs, 1], panels);
    let taps = Taps::new(g.kernel, g.dilation, pitch, inputs);
    let grid = Grid {
        size: [rows, cols],
        from_start: 0,
        from: [g.stride[0] * pitch, g.stride[1] * inputs],
        to_start: 0,
        to: [cols * outputs, outputs],
    };
    let epilogue = Epilogue { bias, relu };
    frame.clear(padded);
    for (x, y) in images(g.input, x).zip(images_mut(g.output, y)) {
        convolve(grid, taps, frame.around(x, padded), panels, outputs, epilogue, y);
    }
}

fn images(sizes: [usize; 3], values: &[f32]) -> core::slice::ChunksExact<'_, f32> {
    values.chunks_exact(sizes.iter().product::<usize>().max(1))
}

fn images_mut(sizes: [usize; 3], values: &mut [f32]) -> core::slice::ChunksExactMut<'_, f32> {
    values.chunks_exact_mut(sizes.iter().product::<usize>().max(1))
}
