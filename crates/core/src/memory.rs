//! Memory that outlives a call: aligned buffers of `f32`, slabs that are cut into spans, and the caller's memory.
//!
//! Every allocation is fallible and counted; nothing in this module aborts if memory is full.
//!
//! Safe code cannot reach freed memory, memory of another owner, or one number by two `&mut`: a [`Buffer`] and a
//! [`Span`] are borrowed like any owner, the parts of a [`Slab`] do not overlap and keep it alive, and [`Gradients`]
//! borrows what it points to. Memory unknown to Rust only enters through [`Span::new`] and [`Gradients::addresses`],
//! which require a promise.

mod buffer;
mod gradients;
mod slab;

pub use buffer::Buffer;
pub use gradients::Gradients;
pub use slab::{Slab, Span};

use crate::error::Error;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};

/// A cache line: no two buffers share one.
pub const ALIGNMENT: usize = 64;

/// Numbers in a cache line.
pub const LINE: usize = ALIGNMENT / size_of::<f32>();

static IN_USE: AtomicUsize = AtomicUsize::new(0);

/// Bytes held by all live buffers. Leak tests watch this number.
pub fn in_use() -> usize {
    IN_USE.load(Relaxed)
}

/// An empty list with room for `count` entries.
pub fn reserved<T>(count: usize) -> Result<Vec<T>, Error> {
    let mut list = Vec::new();
    let wanted = count.saturating_mul(size_of::<T>());
    list.try_reserve_exact(count).map_err(|_| Error::OutOfMemory { wanted })?;
    Ok(list)
}

/// The bytes of numbers, in the order of this machine.
pub fn bytes(numbers: &[f32]) -> &[u8] {
    // SAFETY: bytes need no alignment, and all of a number's are initialised.
    unsafe { core::slice::from_raw_parts(numbers.as_ptr().cast(), size_of_val(numbers)) }
}

/// The same, to be written.
pub fn bytes_mut(numbers: &mut [f32]) -> &mut [u8] {
    // SAFETY: as in `bytes`; any bits are a number, and the borrow is exclusive.
    unsafe { core::slice::from_raw_parts_mut(numbers.as_mut_ptr().cast(), size_of_val(numbers)) }
}

/// Whether `len` numbers can be allocated: they are allocated and freed immediately. A following allocation that is no
/// larger, and no more aligned than a cache line, succeeds. For code of other crates, which aborts if allocation fails.
pub fn probe(len: usize) -> Result<(), Error> {
    let layout = layout(len)?;
    // SAFETY: the layout's size is never 0; what was allocated is freed with the same layout.
    unsafe {
        // The compiler removes an unused allocation.
        let at = core::hint::black_box(alloc(layout));
        let at = NonNull::new(at).ok_or(Error::OutOfMemory { wanted: layout.size() })?;
        dealloc(at.as_ptr(), layout);
    }
    Ok(())
}

/// Whole cache lines with room for `len` numbers. Rust has no allocation of more than `isize::MAX` bytes.
fn layout(len: usize) -> Result<Layout, Error> {
    let wanted = len.saturating_mul(size_of::<f32>());
    // At least one line: a zero-size layout cannot be allocated.
    Layout::from_size_align(wanted.max(1), ALIGNMENT)
        .map(|layout| layout.pad_to_align())
        .map_err(|_| Error::OutOfMemory { wanted })
}

/// Zeros, counted in [`in_use`].
#[inline(never)]
fn zeros(layout: Layout) -> Result<NonNull<u8>, Error> {
    debug_assert!(layout.size() > 0);
    // SAFETY: `layout` makes no layout of size 0.
    let raw = unsafe { alloc_zeroed(layout) };
    let at = NonNull::new(raw).ok_or(Error::OutOfMemory { wanted: layout.size() })?;
    IN_USE.fetch_add(layout.size(), Relaxed);
    Ok(at)
}

/// Frees memory of [`zeros`].
///
/// # Safety
/// `at` came from `zeros` of this `layout`, and is not used any more.
#[inline(never)]
unsafe fn free(at: NonNull<u8>, layout: Layout) {
    IN_USE.fetch_sub(layout.size(), Relaxed);
    // SAFETY: promised by the caller.
    unsafe { dealloc(at.as_ptr(), layout) }
}

#[cfg(test)]
mod tests {
    use super::{probe, reserved};
    use crate::error::Error;

    #[test]
    fn impossible_sizes_are_errors_that_name_the_bytes() {
        let most = usize::MAX / 4;
        assert_eq!(probe(most), Err(Error::OutOfMemory { wanted: most * 4 }));
        assert_eq!(probe(usize::MAX), Err(Error::OutOfMemory { wanted: usize::MAX }));
        let list = reserved::<u64>(usize::MAX / 8).map(|list| list.len());
        assert_eq!(list, Err(Error::OutOfMemory { wanted: usize::MAX / 8 * 8 }));
        assert_eq!(probe(1 << 20), Ok(()));
    }
}
