//! Convolutions over images in NHWC order, with kernels in HWIO order.
//!
//! No matrix of patches is built: a tile of output pixels by output channels stays in registers, and the taps of a row of the
//! kernel are contiguous, so the inner loop reads both operands in order. If an image needs zeros around it, one image at a
//! time is copied into a frame of zeros.
//!
//! Every sum has one fixed order: taps from top left to bottom right, and the channels within a tap.

mod depthwise;
mod direct;
mod frame;
mod geometry;
mod kernel_gradient;
mod panels;
mod phase;
mod tiles;

pub use depthwise::depthwise;
pub use direct::{forward, input_gradient};
pub use geometry::{Geometry, Pass};
pub use kernel_gradient::kernel_gradient;

use core::ops::Range;

/// The length of the working memory that a pass needs; 0 for depthwise convolution.
#[inline(never)]
pub fn work_len(pass: Pass, geometry: &Geometry) -> usize {
    match pass {
        Pass::Forward => direct::work_len(false, geometry),
        Pass::Input => direct::work_len(true, geometry),
        Pass::Kernel => kernel_gradient::work_len(geometry),
        _ => 0,
    }
}

/// Multiplications that take as long as one number of an elementwise job.
const PRODUCTS: usize = 8;

/// The range of image `index` in a batch.
#[inline(never)]
fn span(sizes: &[usize; 3], index: usize) -> Range<usize> {
    let len: usize = sizes.iter().product();
    index * len..(index + 1) * len
}
