//! Slabs: one allocation, divided into parts with separate owners.

use super::{ALIGNMENT, LINE, free, layout, zeros};
use crate::error::Error;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering::*};

/// The first cache line of a slab's allocation.
struct Head {
    /// The number of owners: the slab and the spans cut from it. The last one frees the allocation.
    owners: AtomicUsize,
    /// Numbers after the head.
    len: usize,
}

const _: () = assert!(size_of::<Head>() <= ALIGNMENT && align_of::<Head>() <= ALIGNMENT);

/// An allocation of zeros, from which [`Slab::take`] cuts successive spans.
#[derive(Debug)]
pub struct Slab {
    head: Shared,
    taken: usize,
}

impl Slab {
    /// A slab with room for `len` numbers. [`Slab::room`] returns how many of them a span takes.
    pub fn zeroed(len: usize) -> Result<Self, Error> {
        let all = len.saturating_add(LINE);
        let head = zeros(layout(all)?)?.cast::<Head>();
        // SAFETY: the allocation is aligned, and at least a line long: there is room for the head.
        unsafe { head.write(Head { owners: AtomicUsize::new(1), len }) };
        Ok(Self { head: Shared(head), taken: 0 })
    }

    /// The numbers of the whole cache lines that a span of `len` takes; `None` if they are too many to count.
    pub fn room(len: usize) -> Option<usize> {
        len.checked_next_multiple_of(LINE)
    }

    /// Restarts at the beginning, after all spans were dropped. The numbers stay as they are.
    ///
    /// # Panics
    /// If a span is alive.
    pub fn rewind(&mut self) {
        assert!(self.head.owners().load(Acquire) == 1);
        self.taken = 0;
    }

    /// Cuts a span of the next `len` numbers, which begins at a cache line.
    ///
    /// # Panics
    /// If fewer numbers are left.
    #[inline(never)]
    pub fn take(&mut self, len: usize) -> Span {
        let left = self.head.len() - self.taken;
        assert!(len <= left);
        // SAFETY: the numbers follow the head, inside its allocation (asserted above).
        let at = unsafe { self.head.0.cast::<f32>().add(LINE + self.taken) };
        self.taken += Self::room(len).map_or(left, |room| room.min(left));
        Span { at, len, _slab: Some(self.head.again()) }
    }
}

/// Exclusive access to contiguous `f32`: a part of a [`Slab`], or the caller's memory ([`Span::new`]).
///
/// A span has no lifetime, because a plan keeps it between steps; but it cannot be copied, and is borrowed like an owner:
///
/// ```compile_fail,E0499
/// let mut span = gradstep_core::memory::Slab::zeroed(8).unwrap().take(8);
/// let first = span.values_mut();
/// let second = span.values_mut();
/// first[0] = second[0];
/// ```
///
/// ```compile_fail,E0382
/// let mut span = gradstep_core::memory::Slab::zeroed(8).unwrap().take(8);
/// let mut copy = span;
/// copy.values_mut()[0] = span.values()[0];
/// ```
///
/// ```compile_fail,E0505
/// let mut span = gradstep_core::memory::Slab::zeroed(8).unwrap().take(8);
/// let numbers = span.values();
/// drop(span);
/// assert_eq!(numbers[0], 0.0);
/// ```
///
/// Safe code cannot create a span from an address, nor change a span's length:
///
/// ```compile_fail,E0133
/// let span = gradstep_core::memory::Span::new(1 << 20, 1 << 30);
/// ```
#[derive(Debug)]
pub struct Span {
    at: NonNull<f32>,
    len: usize,
    /// Keeps the slab's memory alive; `None` for memory outside of a slab.
    _slab: Option<Shared>,
}

// SAFETY: only the span gives access to its elements, and an atomic number counts the owners of its slab.
unsafe impl Send for Span {}

impl Span {
    /// No elements.
    pub const EMPTY: Span = Span { at: NonNull::dangling(), len: 0, _slab: None };

    /// The `len` elements at `address`; none for address 0.
    ///
    /// # Safety
    /// Until the span is dropped, `address` points to `len` initialised, aligned elements. While a slice from
    /// [`Span::values`] lives, nothing else writes them; while one from [`Span::values_mut`] lives, nothing else reads or
    /// writes them. A plan creates such slices only during calls of its methods.
    pub unsafe fn new(address: usize, len: usize) -> Self {
        NonNull::new(core::ptr::with_exposed_provenance_mut(address))
            .map_or(Span::EMPTY, |at| Self { at, len, _slab: None })
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the span has no elements.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The elements.
    #[inline(always)]
    pub fn values(&self) -> &[f32] {
        // SAFETY: `take` cut these initialised elements for this span only, and the slab is alive; or the caller of `new`
        // promised the same. `&self` excludes `values_mut`.
        unsafe { core::slice::from_raw_parts(self.at.as_ptr(), self.len) }
    }

    /// The elements, to be written.
    #[inline(always)]
    pub fn values_mut(&mut self) -> &mut [f32] {
        // SAFETY: as in `values`; `&mut self` makes the borrow exclusive.
        unsafe { core::slice::from_raw_parts_mut(self.at.as_ptr(), self.len) }
    }
}

/// Shared ownership of a slab's allocation.
#[derive(Debug)]
struct Shared(NonNull<Head>);

impl Shared {
    fn owners(&self) -> &AtomicUsize {
        // SAFETY: the head is initialised, and lives as long as one of its owners.
        unsafe { &(*self.0.as_ptr()).owners }
    }

    fn len(&self) -> usize {
        // SAFETY: as in `owners`; the field never changes.
        unsafe { (*self.0.as_ptr()).len }
    }

    /// # Panics
    /// If there are `usize::MAX` owners: leaked spans (`mem::forget`) would wrap the count, and memory in use would be freed.
    fn again(&self) -> Self {
        let owners = self.owners().load(Relaxed);
        assert!(owners < usize::MAX);
        // Only `Slab::take` increments the count, and it borrows the slab exclusively.
        self.owners().fetch_add(1, Relaxed);
        Self(self.0)
    }
}

impl Drop for Shared {
    #[inline(never)]
    fn drop(&mut self) {
        let owners = self.owners().fetch_sub(1, AcqRel);
        if let (1, Ok(layout)) = (owners, layout(self.len().saturating_add(LINE))) {
            // SAFETY: `zeros` returned this address to `Slab::zeroed` for the same layout, and this was the last owner.
            unsafe { free(self.0.cast(), layout) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Slab, Span};
    use crate::error::Error;
    use crate::memory::ALIGNMENT;
    use core::sync::atomic::Ordering::Relaxed;

    #[test]
    fn spans_begin_on_lines_and_do_not_overlap() {
        let lens = [3, 0, 17, 16, 1];
        let room = lens.iter().map(|&len| Slab::room(len).expect("few")).sum();
        let mut slab = Slab::zeroed(room).expect("memory");
        let mut spans = lens.map(|len| slab.take(len));
        for (i, span) in spans.iter_mut().enumerate() {
            assert_eq!((span.len(), span.is_empty()), (lens[i], lens[i] == 0));
            assert_eq!(span.values().as_ptr() as usize % ALIGNMENT, 0);
            assert!(span.values().iter().all(|x| x.to_bits() == 0));
            span.values_mut().fill(i as f32 + 1.0);
        }
        for (i, span) in spans.iter().enumerate() {
            assert!(span.values().iter().all(|&x| x == i as f32 + 1.0));
        }
    }

    #[test]
    fn a_span_outlives_its_slab_and_its_neighbours() {
        let mut slab = Slab::zeroed(32).expect("memory");
        let (first, mut second) = (slab.take(16), slab.take(16));
        drop(slab);
        drop(first);
        second.values_mut().fill(2.0);
        assert_eq!(second.values(), [2.0; 16]);
    }

    #[test]
    #[should_panic(expected = "len <= left")]
    fn a_span_stays_inside() {
        let mut slab = Slab::zeroed(20).expect("memory");
        let _first = slab.take(2);
        let _second = slab.take(5);
    }

    #[test]
    fn a_slab_is_cut_again_without_its_spans() {
        let mut slab = Slab::zeroed(16).expect("memory");
        slab.take(16).values_mut()[0] = 3.0;
        slab.rewind();
        assert_eq!(slab.take(2).values(), [3.0, 0.0]);
    }

    #[test]
    #[should_panic]
    fn a_span_that_lives_keeps_its_place() {
        let mut slab = Slab::zeroed(32).expect("memory");
        let _span = slab.take(2);
        slab.rewind();
    }

    #[test]
    fn owners_are_counted_without_wrapping() {
        let mut slab = Slab::zeroed(16).expect("memory");
        slab.head.owners().store(usize::MAX, Relaxed);
        let taken = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| slab.take(0).len()));
        let message = *taken.expect_err("refused").downcast::<&str>().expect("text");
        assert!(message.contains("owners < usize::MAX"));
        slab.head.owners().store(1, Relaxed);
    }

    #[test]
    fn the_last_span_may_end_before_its_line_does() {
        let mut slab = Slab::zeroed(17).expect("memory");
        assert_eq!((slab.take(1).len(), slab.take(1).len(), slab.take(0).len()), (1, 1, 0));
    }

    #[test]
    fn impossible_sizes_are_errors() {
        for len in [usize::MAX, usize::MAX - 15, usize::MAX / 4] {
            assert!(matches!(Slab::zeroed(len), Err(Error::OutOfMemory { .. })));
        }
        assert_eq!(Slab::room(usize::MAX), None);
    }

    #[test]
    fn memory_of_the_caller() {
        let mut own = [1.0f32, 2.0, 3.0];
        let address = own.as_mut_ptr().expose_provenance();
        // SAFETY: the array outlives the span, and is not used before the span is dropped.
        let mut span = unsafe { Span::new(address, 3) };
        span.values_mut()[2] = 4.0;
        assert_eq!(span.values(), [1.0, 2.0, 4.0]);
        drop(span);
        assert_eq!(own, [1.0, 2.0, 4.0]);
        // SAFETY: a span of address 0 is empty.
        let nowhere = unsafe { Span::new(0, 3) };
        assert!(nowhere.is_empty() && nowhere.values().is_empty() && Span::EMPTY.is_empty());
    }
}
