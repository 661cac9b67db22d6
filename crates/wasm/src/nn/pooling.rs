//! Pooling over images.

use super::convolution::geometry;
use super::{ints, ints_mut, values, values_mut};
use gradstep_nn::pooling;
use wasm_bindgen::prelude::wasm_bindgen;

/// Pools `x` to `y`, or computes the gradient `x` from `y`; `indices` is 0 for average pooling.
#[wasm_bindgen]
pub unsafe fn pool(
    backward: bool,
    batch: u32,
    height: u32,
    width: u32,
    channels: u32,
    pool_height: u32,
    pool_width: u32,
    to_height: u32,
    to_width: u32,
    stride_y: u32,
    stride_x: u32,
    top: u32,
    left: u32,
    x: u32,
    y: u32,
    indices: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let g = &geometry(
            batch,
            [height, width, channels],
            [pool_height, pool_width],
            [to_height, to_width, channels],
            [stride_y, stride_x],
            [top, left],
            [1, 1],
        );
        let (from_len, to_len) =
            (batch * height * width * channels, batch * to_height * to_width * channels);
        let is_max = indices != 0;
        if !backward {
            let indices = is_max.then(|| ints_mut(indices, to_len));
            pooling::pool(g, values(x, from_len), values_mut(y, to_len), indices);
        } else if is_max {
            let (indices, dy) = (ints(indices, to_len), values(y, to_len));
            pooling::max_pool_backward(indices, dy, values_mut(x, from_len));
        } else {
            pooling::average_pool_backward(g, values(y, to_len), values_mut(x, from_len));
        }
    }
}
