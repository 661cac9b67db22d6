//! gradstep-nn: forward and backward kernels of layers and losses.
//!
//! Every kernel is a safe function on slices. It allocates nothing: working memory comes from the caller, which has an
//! arena for a training step. Backward kernels write a gradient; where adding is free, in products of matrices, they
//! can add to one. All tensors are row-major, images NHWC, labels `i32`.

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
