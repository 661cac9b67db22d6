//! Addresses of a step's gradients.

use super::reserved;
use crate::error::Error;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// The address of each row's gradient. A step skips a row without an address.
///
/// ```compile_fail,E0597
/// use gradstep_core::memory::Gradients;
/// let gradients = {
///     let numbers = [1.0, 2.0];
///     Gradients::of(&[Some(&numbers[..])]).unwrap()
/// };
/// assert_eq!(gradients.iter().count(), 1);
/// ```
#[derive(Debug, Default)]
pub struct Gradients<'a> {
    at: Vec<Option<NonNull<f32>>>,
    lens: Vec<usize>,
    memory: PhantomData<&'a [f32]>,
}

// SAFETY: the numbers are only read, and nothing writes them meanwhile: `of` borrows them, and the callers that wrote
// addresses promised it.
unsafe impl Sync for Gradients<'_> {}

impl<'a> Gradients<'a> {
    /// An empty list.
    pub const NONE: Self = Self { at: Vec::new(), lens: Vec::new(), memory: PhantomData };

    /// The addresses of these gradients, `None` for rows without a gradient.
    pub fn of(slices: &[Option<&'a [f32]>]) -> Result<Self, Error> {
        let mut all = Self::nowhere(slices.iter().map(|slice| slice.map_or(0, <[f32]>::len)))?;
        for (at, slice) in all.at.iter_mut().zip(slices) {
            *at = slice.map(|slice| NonNull::from(slice).cast());
        }
        Ok(all)
    }

    /// A list without addresses, for rows of these lengths; callers write the addresses through [`Gradients::addresses`].
    pub fn nowhere(lens: impl ExactSizeIterator<Item = usize>) -> Result<Self, Error> {
        let (mut at, mut own) = (reserved(lens.len())?, reserved(lens.len())?);
        at.resize(lens.len(), None);
        own.extend(lens);
        Ok(Self { at, lens: own, memory: PhantomData })
    }

    /// The contiguous addresses, for a caller that writes them; `None` is address 0. The pointer is valid as long as these
    /// gradients.
    ///
    /// A caller that writes an address promises that as many initialised, aligned numbers as the row has are there, and that
    /// they stay there, and nothing writes them, during every use of these gradients until the address is replaced.
    pub fn addresses(&mut self) -> *mut Option<NonNull<f32>> {
        self.at.as_mut_ptr()
    }

    /// The gradient of each row, in order.
    #[inline(always)]
    pub fn iter(&self) -> impl Iterator<Item = Option<&[f32]>> + Clone {
        self.iter_from(0)
    }

    /// The gradients from row `first` on, in order.
    #[inline(always)]
    pub fn iter_from(&self, first: usize) -> impl Iterator<Item = Option<&[f32]>> + Clone {
        (first..self.at.len()).map(|row| self.of_row(row))
    }

    /// The gradient of a row.
    #[inline(always)]
    pub fn of_row(&self, row: usize) -> Option<&[f32]> {
        let (at, len) = (self.at[row], self.lens[row]);
        // SAFETY: `of` took both from a slice that is borrowed for as long as `self` lives; or the length is the row's, and
        // the caller that wrote the address made the promise of `addresses`.
        at.map(|at| unsafe { core::slice::from_raw_parts(at.as_ptr(), len) })
    }
}

#[cfg(test)]
mod tests {
    use super::Gradients;
    use core::ptr::NonNull;

    #[test]
    fn nowhere_is_zero() {
        let mut gradients = Gradients::nowhere([2, 3].into_iter()).expect("memory");
        assert!(gradients.iter().all(|g| g.is_none()));
        // SAFETY: there are two entries, and an entry is as large as an address.
        let addresses =
            unsafe { core::slice::from_raw_parts(gradients.addresses().cast::<usize>(), 2) };
        assert_eq!(addresses, [0, 0]);
    }

    #[test]
    fn what_is_written_is_read() {
        let numbers = [1.0f32, 2.0, 3.0];
        let mut gradients = Gradients::nowhere([2, 3].into_iter()).expect("memory");
        // SAFETY: there are two entries; the numbers are as many as the row has, and outlive the gradients.
        unsafe { gradients.addresses().add(1).write(Some(NonNull::from(&numbers).cast())) };
        assert_eq!(gradients.iter().collect::<Vec<_>>(), [None, Some(&numbers[..])]);
    }

    #[test]
    fn slices_keep_their_lengths() {
        let (a, b) = ([1.0f32], [2.0f32, 3.0]);
        let all = [Some(&a[..]), None, Some(&b[..]), Some(&[])];
        let gradients = Gradients::of(&all).expect("memory");
        assert_eq!(gradients.iter().collect::<Vec<_>>(), all);
    }
}
