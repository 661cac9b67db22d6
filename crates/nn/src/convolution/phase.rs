//! Phases: along one axis, the pixels of the result that are computed with the same taps.
//!
//! In a transposed convolution with strides, the pixels of the result are divided into phases. All pixels of a phase are
//! computed with the same taps of the kernel, as in a plain convolution with these taps, mirrored. A convolution that is not
//! transposed has one phase.

use super::Geometry;

/// One axis of a phase.
#[derive(Clone, Copy)]
pub(super) struct Phase {
    /// The number of taps: those of the kernel from `first_tap` on, `stride` apart.
    pub taps: usize,
    first_tap: usize,
    stride: usize,
    is_mirrored: bool,
    /// The pixels of the result: the first one, their number, and the distance between them.
    pub first: usize,
    pub count: usize,
    pub to: usize,
    /// The start of the first window in the frame, and the distance to the next window.
    pub start: usize,
    pub from: usize,
}

impl Phase {
    pub fn forward(g: &Geometry, axis: usize) -> Self {
        Self {
            taps: g.kernel[axis],
            first_tap: 0,
            stride: 1,
            is_mirrored: false,
            first: 0,
            count: g.output[axis],
            to: 1,
            start: 0,
            from: g.stride[axis],
        }
    }

    /// The phase whose first tap is `first_tap`. It may have no taps, or no pixels.
    pub fn transposed(g: &Geometry, axis: usize, first_tap: usize) -> Self {
        let (stride, padding) = (g.stride[axis], g.padding[axis]);
        let taps = (g.kernel[axis] + stride - 1 - first_tap) / stride;
        let first = (first_tap + stride - padding % stride) % stride;
        let before = zeros_before(g, axis) - taps.saturating_sub(1) * g.dilation[axis];
        Self {
            taps,
            first_tap,
            stride,
            is_mirrored: true,
            first,
            count: (g.input[axis] + stride - 1).saturating_sub(first) / stride,
            to: stride,
            start: (first + padding) / stride + before,
            from: 1,
        }
    }

    /// The tap of the kernel that is multiplied with pixel `at` of a window.
    pub fn tap(&self, at: usize) -> usize {
        let at = if self.is_mirrored { self.taps - 1 - at } else { at };
        self.first_tap + at * self.stride
    }
}

/// The zeros before the source of a transposed convolution, as many as its longest phase needs.
pub(super) fn zeros_before(g: &Geometry, axis: usize) -> usize {
    (g.kernel[axis].div_ceil(g.stride[axis]) - 1) * g.dilation[axis]
}
