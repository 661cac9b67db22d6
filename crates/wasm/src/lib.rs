//! gradstep-core and gradstep-nn as WebAssembly exports: numbers in, numbers out.
//!
//! Addresses and handles are `u32`, options and arguments are read from blocks of `f64` that the caller
//! wrote into memory from [`memory::alloc`]. No formula and no optimizer's name is here.
//!
//! # Contract with the caller (`ts/runtime`)
//! What every `unsafe fn` here asks for, and what TypeScript keeps by objects that check it:
//!
//! - addresses come from [`memory::alloc`], and what is there has the length that the call implies; it is not freed
//!   while a call or a plan uses it, and freed once, with its length;
//! - what a call writes overlaps nothing that it reads, and no other memory that it writes;
//! - the variables of a plan, and the gradients of one of its steps, do not overlap;
//! - handles come from `plan_new`, are not used after `plan_free`, and are freed once;
//! - helpers have numbers from 1, each of one thread at a time.
//!
//! The module has one thread, and no call runs inside another. With the feature `threads` others run the
//! helpers of `threads`, which take chunks of a call's work, and nothing else.

#[cfg(feature = "failing")]
mod failing;
mod fault;
mod memory;
mod nn;
mod plan;
mod schedule;
mod spec;
#[cfg(feature = "threads")]
mod threads;
