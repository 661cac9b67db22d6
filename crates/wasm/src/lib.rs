//! gradstep-core and gradstep-nn as WebAssembly exports: numbers in, numbers out.
//!
//! Addresses and handles are `u32`. Options and arguments are read from blocks of `f64` that the caller has written into
//! memory of `memory::alloc`. This crate contains no formulas and no names of optimizers.
//!
//! # Contract with the caller (`ts/runtime`)
//! Every `unsafe fn` of this crate requires the following, which TypeScript ensures by objects that check it:
//!
//! - Addresses come from `memory::alloc`, and the memory has the length that the call implies. It is not freed while a call
//!   or a plan uses it, and freed once, with its length.
//! - The memory that a call writes does not overlap memory that it reads, or other memory that it writes.
//! - The variables of a plan, and the gradients of one of its steps, do not overlap.
//! - Handles come from `plan_new`, are not used after `plan_free`, and are freed once.
//! - Helpers have numbers from 1, each of which belongs to one thread at a time.
//!
//! One thread calls the module, and no call runs inside another. With the feature `threads`, other threads run the helpers of
//! `threads`, which only take chunks of a call's work.

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
