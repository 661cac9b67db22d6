//! Memory that outlives a call: aligned buffers of `f32`, and spans of memory that others own.
//!
//! Every allocation is fallible and counted; nothing here aborts on a full memory.

use crate::error::Error;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::alloc::{Layout, alloc_zeroed, dealloc};

/// A cache line, so that no two buffers share one.
pub const ALIGNMENT: usize = 64;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

/// Bytes held by all live buffers. Leak tests watch this number.
pub fn in_use() -> usize {
    IN_USE.load(Relaxed)
}

/// An owned run of zero-initialised `f32`, aligned to [`ALIGNMENT`].
#[derive(Debug)]
pub struct Buffer {
    at: NonNull<f32>,
    len: usize,
}

impl Buffer {
    /// `len` zeros, or [`Error::OutOfMemory`].
    pub fn zeroed(len: usize) -> Result<Self, Error> {
        let layout = layout(len)?;
        // SAFETY: the layout's size is never 0.
        let raw = unsafe { alloc_zeroed(layout) };
        let at = NonNull::new(raw.cast()).ok_or(Error::OutOfMemory { wanted: layout.size() })?;
        IN_USE.fetch_add(layout.size(), Relaxed);
        Ok(Self { at, len })
    }

    /// No elements, and no memory to speak of.
    pub fn empty() -> Result<Self, Error> {
        Self::zeroed(0)
    }

    /// The elements.
    pub fn as_slice(&self) -> &[f32] {
        // SAFETY: `at` is this buffer's own allocation of `len` initialised elements.
        unsafe { core::slice::from_raw_parts(self.at.as_ptr(), self.len) }
    }

    /// The elements, to be written.
    pub fn as_mut_slice(&mut self) -> &mut [f32] {
        // SAFETY: as in `as_slice`; `&mut self` makes the borrow exclusive.
        unsafe { core::slice::from_raw_parts_mut(self.at.as_ptr(), self.len) }
    }

    /// A part of the buffer that outlives this borrow; `start + len` must lie within it.
    ///
    /// # Panics
    /// When the part is not inside the buffer.
    pub fn span(&self, start: usize, len: usize) -> Span {
        assert!(start.checked_add(len).is_some_and(|end| end <= self.len));
        // SAFETY: the part was just checked to lie inside the allocation.
        let at = unsafe { self.at.as_ptr().add(start) };
        Span { at, len }
    }

    /// Gives the memory away as an address; [`Buffer::from_address`] takes it back.
    pub fn into_address(self) -> usize {
        let address = self.at.as_ptr() as usize;
        core::mem::forget(self);
        address
    }

    /// Takes back what [`Buffer::into_address`] gave away, to free it.
    ///
    /// # Safety
    /// `address` came from `into_address` of a buffer of this `len`, once.
    pub unsafe fn from_address(address: usize, len: usize) -> Option<Self> {
        NonNull::new(address as *mut f32).map(|at| Self { at, len })
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Ok(layout) = layout(self.len) {
            IN_USE.fetch_sub(layout.size(), Relaxed);
            // SAFETY: `zeroed` allocated this address with the same layout.
            unsafe { dealloc(self.at.as_ptr().cast(), layout) }
        }
    }
}

/// An empty list with room for `count` entries.
pub fn reserved<T>(count: usize) -> Result<Vec<T>, Error> {
    let mut list = Vec::new();
    let wanted = count.saturating_mul(size_of::<T>());
    list.try_reserve_exact(count).map_err(|_| Error::OutOfMemory { wanted })?;
    Ok(list)
}

fn layout(len: usize) -> Result<Layout, Error> {
    // At least one line: a zero-size layout has no address.
    len.max(1)
        .checked_mul(size_of::<f32>())
        .and_then(|bytes| Layout::from_size_align(bytes, ALIGNMENT).ok())
        .map(|layout| layout.pad_to_align())
        .ok_or(Error::OutOfMemory { wanted: usize::MAX })
}

/// A run of `f32` that somebody else keeps alive: a variable of the caller, a part of a slab.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    at: *mut f32,
    len: usize,
}

impl Span {
    /// No elements.
    pub const EMPTY: Span = Span { at: NonNull::dangling().as_ptr(), len: 0 };

    /// The `len` elements at `address`.
    ///
    /// # Safety
    /// For as long as the span is used, `address` points to `len` initialised, aligned elements, and
    /// while [`Span::values_mut`]'s slice is in use nobody else reads or writes them.
    pub unsafe fn new(address: usize, len: usize) -> Self {
        Self { at: address as *mut f32, len }
    }

    /// Number of elements.
    pub fn len(self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// Where the elements are.
    pub fn address(self) -> usize {
        self.at as usize
    }

    /// The elements.
    pub fn values<'a>(self) -> &'a [f32] {
        // SAFETY: promised by whoever called `new`; `EMPTY` has length 0.
        unsafe { core::slice::from_raw_parts(self.at, self.len) }
    }

    /// The elements, to be written. Each span of a plan is borrowed once at a time.
    pub fn values_mut<'a>(self) -> &'a mut [f32] {
        // SAFETY: promised by whoever called `new`; `EMPTY` has length 0.
        unsafe { core::slice::from_raw_parts_mut(self.at, self.len) }
    }
}

/// Where a [`Span`] of a known length is, or nowhere. An array of these is an array of addresses with 0
/// for "nowhere", for a caller who writes them there himself.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Address(*mut f32);

impl Address {
    /// Nowhere.
    pub const NOWHERE: Address = Address(core::ptr::null_mut());

    /// The `len` elements there. Whoever wrote the address promises what [`Span::new`] asks for.
    pub fn span(self, len: usize) -> Option<Span> {
        (!self.0.is_null()).then_some(Span { at: self.0, len })
    }
}

impl From<Span> for Address {
    fn from(span: Span) -> Self {
        Self(span.at)
    }
}

#[cfg(test)]
mod tests {
    use super::{ALIGNMENT, Address, Buffer, Span};
    use crate::error::Error;

    #[test]
    fn buffers_are_aligned_and_zero() {
        for len in [0, 1, 15, 16, 17, 1000] {
            let buffer = Buffer::zeroed(len).expect("memory");
            assert_eq!(buffer.as_slice().len(), len);
            assert_eq!(buffer.as_slice().as_ptr() as usize % ALIGNMENT, 0);
            assert!(buffer.as_slice().iter().all(|x| x.to_bits() == 0));
        }
    }

    #[test]
    fn impossible_sizes_are_errors() {
        assert!(matches!(Buffer::zeroed(usize::MAX / 2), Err(Error::OutOfMemory { .. })));
        assert!(matches!(Buffer::zeroed(usize::MAX / 4), Err(Error::OutOfMemory { .. })));
    }

    #[test]
    fn an_address_comes_back() {
        let mut buffer = Buffer::zeroed(8).expect("memory");
        buffer.as_mut_slice()[7] = 3.0;
        let address = buffer.into_address();
        // SAFETY: the address was given away on the line before, with the same length.
        let back = unsafe { Buffer::from_address(address, 8) }.expect("not null");
        assert_eq!(back.as_slice()[7], 3.0);
    }

    #[test]
    fn nowhere_is_zero() {
        assert!(Address::NOWHERE.span(8).is_none());
        // SAFETY: zeros are null pointers, which an `Address` may be.
        let zeros: [Address; 2] = unsafe { core::mem::zeroed() };
        assert!(zeros.iter().all(|address| address.span(1).is_none()));
        let buffer = Buffer::zeroed(8).expect("memory");
        let part: Span = buffer.span(2, 5);
        let back = Address::from(part).span(5).expect("somewhere");
        assert_eq!((back.address(), back.len()), (part.address(), 5));
    }

    #[test]
    #[should_panic(expected = "assertion failed")]
    fn a_span_stays_inside() {
        let _ = Buffer::zeroed(8).expect("memory").span(4, 5);
    }
}
