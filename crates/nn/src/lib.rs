//! gradstep-nn: forward and backward kernels of layers and losses.
//!
//! Kernels are safe functions on slices. Only products of matrices allocate memory, to pack their operands; other working
//! memory comes from the caller, which has an arena for each training step. Backward kernels write a gradient; products of
//! matrices, for which adding is free, can add to an existing one. All tensors are row-major, images are NHWC, and sparse
//! labels are `i32`.

#![forbid(unsafe_code)]

pub mod convolution;
pub mod elementwise;
pub mod exponential;
mod fours;
pub mod index;
pub mod layout;
pub mod normalization;
pub mod pooling;
pub mod products;
pub mod random;
pub mod reduce;
pub mod softmax;
