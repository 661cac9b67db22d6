//! Convolutions over images.

use super::{values, values_mut};
use gradstep_nn::convolution::{self, Geometry, Pass};
use wasm_bindgen::prelude::wasm_bindgen;

pub(super) fn geometry(
    batch: u32,
    input: [u32; 3],
    kernel: [u32; 2],
    output: [u32; 3],
    stride: [u32; 2],
    padding: [u32; 2],
    dilation: [u32; 2],
) -> Geometry {
    Geometry {
        batch: batch as usize,
        input: input.map(|n| n as usize),
        kernel: kernel.map(|n| n as usize),
        output: output.map(|n| n as usize),
        stride: stride.map(|n| n as usize),
        padding: padding.map(|n| n as usize),
        dilation: dilation.map(|n| n as usize),
    }
}

fn pass(id: u32) -> Pass {
    match id {
        0 => Pass::Forward,
        1 => Pass::Input,
        2 => Pass::Kernel,
        3 => Pass::DepthwiseForward,
        4 => Pass::DepthwiseInput,
        _ => Pass::DepthwiseKernel,
    }
}

/// Computes one of x, kernel and y from the two others, according to the pass `id` (see `pass`). A `bias` of 0 means no bias.
/// Returns the length of the working memory; with `work` 0, that is all it does.
#[wasm_bindgen]
pub unsafe fn convolution(
    id: u32,
    batch: u32,
    height: u32,
    width: u32,
    inputs: u32,
    kernel_height: u32,
    kernel_width: u32,
    to_height: u32,
    to_width: u32,
    outputs: u32,
    stride_y: u32,
    stride_x: u32,
    top: u32,
    left: u32,
    dilation_y: u32,
    dilation_x: u32,
    x: u32,
    kernel: u32,
    y: u32,
    bias: u32,
    relu: bool,
    work: u32,
) -> u32 {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let g = &geometry(
            batch,
            [height, width, inputs],
            [kernel_height, kernel_width],
            [to_height, to_width, outputs],
            [stride_y, stride_x],
            [top, left],
            [dilation_y, dilation_x],
        );
        let pass = pass(id);
        let work_len = convolution::work_len(pass, g) as u32;
        if work == 0 {
            return work_len;
        }
        let work = values_mut(work, work_len);
        let (x_len, y_len) =
            (batch * height * width * inputs, batch * to_height * to_width * outputs);
        let biased = |len| if bias == 0 { &[] } else { values(bias, len) };
        let taps = kernel_height * kernel_width;
        let kernel_len = taps * inputs * outputs;
        match pass {
            Pass::Forward => {
                let (x, kernel, y) =
                    (values(x, x_len), values(kernel, kernel_len), values_mut(y, y_len));
                convolution::forward(g, x, kernel, biased(outputs), relu, work, y);
            }
            Pass::Input => {
                let (x, kernel, y) =
                    (values_mut(x, x_len), values(kernel, kernel_len), values(y, y_len));
                convolution::input_gradient(g, kernel, y, biased(inputs), relu, work, x);
            }
            Pass::Kernel => {
                let (x, kernel, y) =
                    (values(x, x_len), values_mut(kernel, kernel_len), values(y, y_len));
                convolution::kernel_gradient(g, x, y, work, kernel);
            }
            _ => {
                let (x, y) = (values_mut(x, x_len), values_mut(y, y_len));
                convolution::depthwise(pass, g, x, values_mut(kernel, taps * outputs), y);
            }
        }
        work_len
    }
}
