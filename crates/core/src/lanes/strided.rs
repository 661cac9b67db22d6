//! Runs of numbers at a constant stride, for loops over two such operands.

/// `count` runs of `N` numbers: the first is at the start of `x`, each of the others `step` after the previous one. Runs may
/// overlap. Bounds are checked only once, before the loop.
///
/// # Panics
/// If the last run is not inside `x`.
#[inline(always)]
pub fn strided<const N: usize>(
    x: &[f32],
    step: usize,
    count: usize,
) -> impl Iterator<Item = &[f32; N]> {
    assert!(count == 0 || (count - 1).saturating_mul(step).saturating_add(N) <= x.len());
    // SAFETY: i <= count - 1, so that i * step + N does not exceed the length (asserted above).
    (0..count).map(move |i| unsafe { &*x.as_ptr().add(i * step).cast() })
}

#[cfg(test)]
mod tests {
    use super::strided;

    #[test]
    fn runs_may_overlap_and_end_with_the_slice() {
        let x = [0.0, 1.0, 2.0, 3.0, 4.0];
        let runs: Vec<&[f32; 3]> = strided(&x, 2, 2).collect();
        assert_eq!(runs, [&[0.0, 1.0, 2.0], &[2.0, 3.0, 4.0]]);
        assert_eq!(strided::<3>(&[], 2, 0).count(), 0);
        assert_eq!(strided::<5>(&x, 9, 1).count(), 1);
    }

    #[test]
    #[should_panic]
    fn runs_beyond_the_slice_are_refused() {
        let _ = strided::<3>(&[0.0; 6], 2, 3);
    }

    #[test]
    #[should_panic]
    fn distances_beyond_all_numbers_are_refused() {
        let _ = strided::<1>(&[0.0; 6], usize::MAX, 3);
    }
}
