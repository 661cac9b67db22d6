//! Exports of gradstep-nn: one file per family of kernels, as there.
//!
//! Slices are made from addresses here. The caller (`ts/ops`) has checked all shapes, so lengths fit.

mod convolution;
mod elementwise;
mod index;
mod layout;
mod memory;
mod normalization;
mod pooling;
mod products;
mod random;
mod reduce;
mod softmax;

/// The `len` numbers at `address`.
#[inline(always)]
fn values<'a>(address: u32, len: u32) -> &'a [f32] {
    // SAFETY: tensors of the caller stay alive during a call (contract in lib.rs).
    unsafe { core::slice::from_raw_parts(address as *const f32, len as usize) }
}

/// The `len` numbers at `address`, to be written. No operand of a kernel overlaps its result.
#[inline(always)]
fn values_mut<'a>(address: u32, len: u32) -> &'a mut [f32] {
    // SAFETY: as in `values`; results are fresh memory of the arena or a gradient's own.
    unsafe { core::slice::from_raw_parts_mut(address as *mut f32, len as usize) }
}

/// The `len` indices at `address`.
#[inline(always)]
fn ints<'a>(address: u32, len: u32) -> &'a [i32] {
    // SAFETY: as in `values`.
    unsafe { core::slice::from_raw_parts(address as *const i32, len as usize) }
}

/// The `len` indices at `address`, to be written.
#[inline(always)]
fn ints_mut<'a>(address: u32, len: u32) -> &'a mut [i32] {
    // SAFETY: as in `values_mut`.
    unsafe { core::slice::from_raw_parts_mut(address as *mut i32, len as usize) }
}
