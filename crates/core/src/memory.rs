//! Memory that outlives a call: aligned buffers of `f32`, slabs that are cut into spans, and the caller's memory.
//!
//! Every allocation is fallible and counted; nothing in this module aborts if memory is full.
//!
//! Safe code cannot reach freed memory or memory of another owner, nor hold two `&mut` to one number: a [`Buffer`] and a
//! [`Span`] are borrowed like any owner, the spans of a [`Slab`] do not overlap and keep it alive, and [`Gradients`]
//! borrows the numbers that it points to. Memory that Rust does not know enters only through [`Span::new`] and
//! [`Gradients::addresses`], whose callers promise that it is valid.

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

/// Bytes in all live buffers and slabs. Leak tests watch this number.
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

/// The bytes of numbers, in the byte order of this machine.
pub fn bytes(numbers: &[f32]) -> &[u8] {
    // SAFETY: bytes need no alignment, and every byte of a number is initialised.
    unsafe { core::slice::from_raw_parts(numbers.as_ptr().cast(), size_of_val(numbers)) }
}

/// Checks that `len` numbers can be allocated: allocates them, and frees them immediately. The next allocation then succeeds if
/// it is no larger, and no more aligned than a cache line. For code of other crates, which aborts if allocation fails.
pub fn probe(len: usize) -> Result<(), Error> {
    let layout = layout(len)?;
    // SAFETY: the layout's size is never 0, and the memory is freed with the layout that allocated it.
    unsafe {
        // The black box keeps the compiler from removing an unused allocation.
        let at = core::hint::black_box(alloc(layout));
        let at = NonNull::new(at).ok_or(Error::OutOfMemory { wanted: layout.size() })?;
        dealloc(at.as_ptr(), layout);
    }
    Ok(())
}

/// The layout of whole cache lines with room for `len` numbers. Rust allocates no more than `isize::MAX` bytes at a time.
fn layout(len: usize) -> Result<Layout, Error> {
    let wanted = len.saturating_mul(size_of::<f32>());
    // Not 0 bytes, which cannot be allocated.
    Layout::from_size_align(wanted.max(1), ALIGNMENT)
        .map(|layout| layout.pad_to_align())
        .map_err(|_| Error::OutOfMemory { wanted })
}

/// Allocates zeros, and counts their bytes in [`in_use`].
#[inline(never)]
fn zeros(layout: Layout) -> Result<NonNull<u8>, Error> {
    debug_assert!(layout.size() > 0);
    // SAFETY: the function `layout` returns no layout of size 0.
    let raw = unsafe { alloc_zeroed(layout) };
    let at = NonNull::new(raw).ok_or(Error::OutOfMemory { wanted: layout.size() })?;
    IN_USE.fetch_add(layout.size(), Relaxed);
    Ok(at)
}

/// Frees memory that [`zeros`] allocated.
///
/// # Safety
/// `at` was returned by `zeros` for this `layout`, and is no longer used.
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
