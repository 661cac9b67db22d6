//! Depthwise convolution: separate kernels for every channel.

use super::{Geometry, Pass};
use crate::fours::{at, put};
use gradstep_core::lanes::WIDTH;

/// Computes the output `y`, or the gradient of the input `x` or of the kernel: `pass` selects which of the three is written,
/// and the other two are read. Each tap adds the product of these two to the third.
///
/// # Panics
/// If a length does not fit.
#[inline(never)]
pub fn depthwise(pass: Pass, g: &Geometry, x: &mut [f32], kernel: &mut [f32], y: &mut [f32]) {
    let ([height, width, inputs], [rows, cols, outputs]) = (g.input, g.output);
    match pass {
        Pass::DepthwiseForward => &mut *y,
        Pass::DepthwiseInput => &mut *x,
        _ => &mut *kernel,
    }
    .fill(0.0);
    for (pixel, y) in y.chunks_exact_mut(outputs).enumerate() {
        let (image, row, col) = (pixel / cols / rows, pixel / cols % rows, pixel % cols);
        for (tap, kernel) in kernel.chunks_exact_mut(outputs).enumerate() {
            // Rows above the image and columns left of it wrap to huge numbers.
            let row = row * g.stride[0] + tap / g.kernel[1] * g.dilation[0];
            let col = col * g.stride[1] + tap % g.kernel[1] * g.dilation[1];
            let (row, col) = (row.wrapping_sub(g.padding[0]), col.wrapping_sub(g.padding[1]));
            if row < height && col < width {
                let start = ((image * height + row) * width + col) * inputs;
                add_products(pass, &mut x[start..start + inputs], kernel, y);
            }
        }
    }
}

fn add_products(pass: Pass, x: &mut [f32], kernel: &mut [f32], y: &mut [f32]) {
    let (channels, m) = (y.len(), y.len() / x.len());
    let (sum, a, b): (&mut [f32], &[f32], &[f32]) = match pass {
        Pass::DepthwiseForward => (y, kernel, x),
        Pass::DepthwiseInput => (x, kernel, y),
        _ => (kernel, y, x),
    };
    if m == 1 {
        for (four, sum) in sum.chunks_mut(WIDTH).enumerate() {
            let start = four * WIDTH;
            put(at(sum, 0) + at(a, start) * at(b, start), sum);
        }
        return;
    }
    // With a depth multiplier, one number of `x` belongs to several of the kernel and of `y`.
    let (of_sum, of_b) = if pass == Pass::DepthwiseInput { (m, 1) } else { (1, m) };
    for channel in 0..channels {
        sum[channel / of_sum] += a[channel] * b[channel / of_b];
    }
}
