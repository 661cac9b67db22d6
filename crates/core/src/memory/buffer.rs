//! Contiguous numbers with one owner.

use super::{free, layout, zeros};
use crate::error::Error;
use core::ptr::NonNull;

/// An owned run of zero-initialised `f32`, aligned to [`super::ALIGNMENT`].
///
/// It is borrowed as a whole; for memory whose parts are borrowed separately, use a [`super::Slab`].
///
/// ```compile_fail,E0499
/// let mut buffer = gradstep_core::memory::Buffer::zeroed(8).unwrap();
/// let first = buffer.as_mut_slice();
/// let second = buffer.as_mut_slice();
/// first[0] = second[0];
/// ```
///
/// ```compile_fail,E0505
/// let buffer = gradstep_core::memory::Buffer::zeroed(8).unwrap();
/// let numbers = buffer.as_slice();
/// drop(buffer);
/// assert_eq!(numbers[0], 0.0);
/// ```
#[derive(Debug)]
pub struct Buffer {
    at: NonNull<f32>,
    len: usize,
}

// SAFETY: a buffer is the only owner of its memory.
unsafe impl Send for Buffer {}

impl Buffer {
    /// `len` zeros, or [`Error::OutOfMemory`].
    #[inline(never)]
    pub fn zeroed(len: usize) -> Result<Self, Error> {
        Ok(Self { at: zeros(layout(len)?)?.cast(), len })
    }

    /// Replaces the elements with `len` zeros if there are fewer than `len`. After an error the buffer is unchanged.
    pub fn ensure(&mut self, len: usize) -> Result<(), Error> {
        if self.len < len {
            *self = Self::zeroed(len)?;
        }
        Ok(())
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

    /// Releases the memory as an address; [`Buffer::from_address`] turns it into a buffer again.
    pub fn into_address(self) -> usize {
        let address = self.at.as_ptr().expose_provenance();
        core::mem::forget(self);
        address
    }

    /// The buffer that [`Buffer::into_address`] released; `None` for address 0.
    ///
    /// # Safety
    /// `address` came from `into_address` of a buffer of this `len`, and was not passed to this function before. Nothing
    /// else uses the memory any more.
    pub unsafe fn from_address(address: usize, len: usize) -> Option<Self> {
        NonNull::new(core::ptr::with_exposed_provenance_mut(address)).map(|at| Self { at, len })
    }
}

impl Drop for Buffer {
    #[inline(never)]
    fn drop(&mut self) {
        if let Ok(layout) = layout(self.len) {
            // SAFETY: `zeros` returned this address to `zeroed`, for the same layout.
            unsafe { free(self.at.cast(), layout) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Buffer;
    use crate::error::Error;
    use crate::memory::ALIGNMENT;

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
        // SAFETY: `into_address` on the line before returned the address, with the same length.
        let back = unsafe { Buffer::from_address(address, 8) }.expect("not null");
        assert_eq!(back.as_slice()[7], 3.0);
    }
}
