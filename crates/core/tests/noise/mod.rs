//! Pseudo-random weights and gradients, the same in every run.

/// Numbers in -1..1, which differ for each row and time.
pub fn noise(row: usize, time: usize, len: usize) -> Vec<f32> {
    let mut state = (row as u64 + 1) * 1_000_003 + time as u64 * 7_919;
    (0..len)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / 8_388_608.0 - 1.0
        })
        .collect()
}
