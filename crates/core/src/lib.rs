//! gradstep-core: the arithmetic of every Keras optimizer and learning-rate schedule.
//!
//! This crate is independent of JavaScript. A [`plan::Plan`] has one row per variable (parameter, slots,
//! shape, flags) and walks all rows in one [`plan::Plan::step`], in Keras 3's order: unscale, finite
//! check, accumulate, clip, weight decay, update, moving average.
//!
//! Formulas are written once, over [`lanes::Lanes`]: four `f32` at a time, as a `v128` in WebAssembly and
//! as an array elsewhere. Both have the same bits, because every operation is an IEEE operation and none is fused.

// The wait and notify instructions are not stable yet: the build of the module with threads sets RUSTC_BOOTSTRAP=1.
#![cfg_attr(all(feature = "threads", target_arch = "wasm32"), feature(stdarch_wasm_atomic_wait))]

pub mod error;
mod finite;
pub mod lanes;
pub mod matmul;
pub mod memory;
pub mod optimizers;
pub mod plan;
pub mod pool;
pub mod reduce;
pub mod rounded;
pub mod schedules;
