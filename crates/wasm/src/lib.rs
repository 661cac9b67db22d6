//! gradstep-core and gradstep-nn as WebAssembly exports: numbers in, numbers out.
//!
//! Addresses and handles are `u32`, options and arguments are read from blocks of `f64` that the caller
//! wrote into memory from [`memory::alloc`]. No formula and no optimizer's name stands here.
//!
//! # Contract with the caller (`ts/runtime`)
//! Addresses come from `alloc` and are not freed while a plan uses them; handles come from `plan_new`
//! and are freed once. TypeScript keeps both inside objects that check it.

mod fault;
mod memory;
mod nn;
mod plan;
mod schedule;
mod spec;
