//! Gradients of reductions that need more than a broadcast.

/// Calls `f(start, y, dy)` for every column of every block, with its start in `x`, its result, and the result's gradient.
#[inline(always)]
fn columns(y: &[f32], dy: &[f32], len: usize, inner: usize, mut f: impl FnMut(usize, f32, f32)) {
    for (i, (y, dy)) in y.iter().zip(dy).enumerate() {
        f(i / inner * len * inner + i % inner, *y, *dy);
    }
}

/// Gradient of the maximum or minimum: all elements that are equal to it share its gradient equally, as in TensorFlow.
///
/// # Panics
/// If the lengths do not fit.
pub fn extreme_backward(
    x: &[f32],
    y: &[f32],
    dy: &[f32],
    len: usize,
    inner: usize,
    dx: &mut [f32],
) {
    columns(y, dy, len, inner, |start, y, dy| {
        let column = || x[start..].iter().step_by(inner).take(len);
        let share = dy / column().filter(|x| **x == y).count() as f32;
        let out = dx[start..].iter_mut().step_by(inner);
        for (dx, x) in out.zip(column()) {
            *dx = if *x == y { share } else { 0.0 };
        }
    });
}

/// Gradient of the product: for each element, the product of all other elements, also correct with zeros among them.
///
/// # Panics
/// If the lengths do not fit.
pub fn product_backward(x: &[f32], dy: &[f32], len: usize, inner: usize, dx: &mut [f32]) {
    columns(dy, dy, len, inner, |start, _, dy| {
        let column = || x[start..].iter().step_by(inner).take(len);
        let (mut zeros, mut others) = (0, f64::from(dy));
        for &x in column() {
            if x == 0.0 {
                zeros += 1;
            } else {
                others *= f64::from(x);
            }
        }
        let out = dx[start..].iter_mut().step_by(inner);
        for (dx, &x) in out.zip(column()) {
            *dx = match zeros {
                0 => (others / f64::from(x)) as f32,
                1 if x == 0.0 => others as f32,
                _ => 0.0,
            };
        }
    });
}
