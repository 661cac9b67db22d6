//! Central differences in `f64`, with which gradients are compared.

/// Gradient of `f` at `x`.
pub fn differences(x: &[f32], f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let mut moved: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
    (0..x.len())
        .map(|i| {
            let here = moved[i];
            moved[i] = here + STEP;
            let above = f(&moved);
            moved[i] = here - STEP;
            let below = f(&moved);
            moved[i] = here;
            (above - below) / (2.0 * STEP)
        })
        .collect()
}

/// The sum of `values`, weighted with the gradient that is passed to the kernel.
pub fn weighted(dy: &[f32], values: &[f64]) -> f64 {
    assert_eq!(dy.len(), values.len());
    dy.iter().zip(values).map(|(dy, y)| f64::from(*dy) * y).sum()
}

/// Asserts that each element is within `tolerance` of the expected one, relative to the larger of its magnitude and 1.
pub fn assert_close(got: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let error = (f64::from(*got) - expected).abs() / expected.abs().max(1.0);
        assert!(error <= tolerance, "element {i}: {got}, expected {expected}");
    }
}
