//! Softmax and the cross-entropies.

use super::{ints, values, values_mut};
use gradstep_nn::softmax::{self, Labels};
use wasm_bindgen::prelude::wasm_bindgen;

/// Softmax of each row, or its logarithm. `work` has `cols` numbers.
#[wasm_bindgen]
pub unsafe fn softmax(log: bool, x: u32, rows: u32, cols: u32, work: u32, out: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (x, out) = (values(x, rows * cols), values_mut(out, rows * cols));
        softmax::softmax(log, x, values_mut(work, cols), out);
    }
}

/// Gradient of the softmax or its logarithm, from the result `y`.
#[wasm_bindgen]
pub unsafe fn softmax_backward(log: bool, y: u32, dy: u32, rows: u32, cols: u32, dx: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (y, dy, dx) =
            (values(y, rows * cols), values(dy, rows * cols), values_mut(dx, rows * cols));
        softmax::softmax_backward(log, y, dy, cols as usize, dx);
    }
}

/// # Safety
/// As in [`values`].
unsafe fn labels<'a>(sparse: bool, address: u32, rows: u32, classes: u32) -> Labels<'a> {
    // SAFETY: promised by the caller.
    unsafe {
        if sparse {
            Labels::Sparse(ints(address, rows))
        } else {
            Labels::Dense(values(address, rows * classes))
        }
    }
}

/// Computes the loss of each row, and writes the probabilities, which the gradient needs, to `p`. Sparse labels are in range.
#[wasm_bindgen]
pub unsafe fn categorical_cross_entropy(
    from_logits: bool,
    sparse: bool,
    label: u32,
    output: u32,
    rows: u32,
    classes: u32,
    p: u32,
    losses: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (size, label) = (rows * classes, labels(sparse, label, rows, classes));
        let (p, losses) = (values_mut(p, size), values_mut(losses, rows));
        softmax::categorical_cross_entropy(
            from_logits,
            label,
            values(output, size),
            classes as usize,
            p,
            losses,
        );
    }
}

/// Gradient of the outputs.
#[wasm_bindgen]
pub unsafe fn categorical_cross_entropy_backward(
    from_logits: bool,
    sparse: bool,
    label: u32,
    output: u32,
    rows: u32,
    classes: u32,
    p: u32,
    dy: u32,
    dx: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (size, label) = (rows * classes, labels(sparse, label, rows, classes));
        let (output, p, dy) = (values(output, size), values(p, size), values(dy, rows));
        softmax::categorical_cross_entropy_backward(
            from_logits,
            label,
            output,
            classes as usize,
            p,
            dy,
            values_mut(dx, size),
        );
    }
}

/// Loss of each element.
#[wasm_bindgen]
pub unsafe fn binary_cross_entropy(
    from_logits: bool,
    label: u32,
    output: u32,
    len: u32,
    losses: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (label, output) = (values(label, len), values(output, len));
        softmax::binary_cross_entropy(from_logits, label, output, values_mut(losses, len));
    }
}

/// Gradient of the outputs.
#[wasm_bindgen]
pub unsafe fn binary_cross_entropy_backward(
    from_logits: bool,
    label: u32,
    output: u32,
    dy: u32,
    len: u32,
    dx: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (label, output, dy) = (values(label, len), values(output, len), values(dy, len));
        softmax::binary_cross_entropy_backward(from_logits, label, output, dy, values_mut(dx, len));
    }
}
