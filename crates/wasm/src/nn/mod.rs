//! Exports of gradstep-nn: one file per family of kernels, as in that crate.
//!
//! These functions create slices from addresses. The caller (`ts/ops`) has checked all shapes, so lengths fit.
//!
//! # Safety
//! Every export takes addresses, so it is an `unsafe fn`; its caller promises the contract in lib.rs.

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
///
/// # Safety
/// The numbers exist, initialised and aligned, and nothing writes them while the slice is in use.
#[inline(always)]
unsafe fn values<'a>(address: u32, len: u32) -> &'a [f32] {
    // SAFETY: promised by the caller.
    unsafe { core::slice::from_raw_parts(address as *const f32, len as usize) }
}

/// The `len` writable numbers at `address`.
///
/// # Safety
/// The numbers exist, initialised and aligned, and nothing else reads or writes them while the slice is in use.
#[inline(always)]
unsafe fn values_mut<'a>(address: u32, len: u32) -> &'a mut [f32] {
    // SAFETY: promised by the caller.
    unsafe { core::slice::from_raw_parts_mut(address as *mut f32, len as usize) }
}

/// The `len` indices at `address`.
///
/// # Safety
/// As in [`values`].
#[inline(always)]
unsafe fn ints<'a>(address: u32, len: u32) -> &'a [i32] {
    // SAFETY: promised by the caller.
    unsafe { core::slice::from_raw_parts(address as *const i32, len as usize) }
}

/// The `len` writable indices at `address`.
///
/// # Safety
/// As in [`values_mut`].
#[inline(always)]
unsafe fn ints_mut<'a>(address: u32, len: u32) -> &'a mut [i32] {
    // SAFETY: promised by the caller.
    unsafe { core::slice::from_raw_parts_mut(address as *mut i32, len as usize) }
}
