//! Softmax and the cross-entropies.

use super::{ints, values, values_mut};
use gradstep_nn::softmax::{self, Labels};
use wasm_bindgen::prelude::wasm_bindgen;

/// Softmax, or its logarithm, along the middle axis of `[outer, len, inner]`; `work`: 2 `len`.
#[wasm_bindgen]
pub fn softmax(log: bool, x: u32, outer: u32, len: u32, inner: u32, work: u32, out: u32) {
    let size = outer * len * inner;
    let (x, work, out) = (values(x, size), values_mut(work, 2 * len), values_mut(out, size));
    softmax::softmax(log, x, len as usize, inner as usize, work, out);
}

/// Its gradient, from the result `y`; `work`: 3 `len`.
#[wasm_bindgen]
pub fn softmax_backward(
    log: bool,
    y: u32,
    dy: u32,
    outer: u32,
    len: u32,
    inner: u32,
    work: u32,
    dx: u32,
) {
    let size = outer * len * inner;
    let work = values_mut(work, 3 * len);
    let (y, dy, dx) = (values(y, size), values(dy, size), values_mut(dx, size));
    softmax::softmax_backward(log, y, dy, len as usize, inner as usize, work, dx);
}

fn labels<'a>(sparse: bool, address: u32, rows: u32, classes: u32) -> Labels<'a> {
    if sparse {
        Labels::Sparse(ints(address, rows))
    } else {
        Labels::Dense(values(address, rows * classes))
    }
}

/// Loss of each row; `p` gets probabilities, for the gradient. Sparse labels are in range.
#[wasm_bindgen]
pub fn categorical_cross_entropy(
    from_logits: bool,
    sparse: bool,
    label: u32,
    output: u32,
    rows: u32,
    classes: u32,
    p: u32,
    losses: u32,
) {
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

/// Gradient of its outputs.
#[wasm_bindgen]
pub fn categorical_cross_entropy_backward(
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

/// Gradient of its dense labels.
#[wasm_bindgen]
pub fn categorical_cross_entropy_of_labels(
    from_logits: bool,
    output: u32,
    rows: u32,
    classes: u32,
    p: u32,
    dy: u32,
    dx: u32,
) {
    let size = rows * classes;
    let (output, p, dy) = (values(output, size), values(p, size), values(dy, rows));
    let dx = values_mut(dx, size);
    softmax::categorical_cross_entropy_of_labels(from_logits, output, classes as usize, p, dy, dx);
}

/// Loss of each element.
#[wasm_bindgen]
pub fn binary_cross_entropy(from_logits: bool, label: u32, output: u32, len: u32, losses: u32) {
    let (label, output) = (values(label, len), values(output, len));
    softmax::binary_cross_entropy(from_logits, label, output, values_mut(losses, len));
}

/// Gradient of its outputs.
#[wasm_bindgen]
pub fn binary_cross_entropy_backward(
    from_logits: bool,
    label: u32,
    output: u32,
    dy: u32,
    len: u32,
    dx: u32,
) {
    let (label, output, dy) = (values(label, len), values(output, len), values(dy, len));
    softmax::binary_cross_entropy_backward(from_logits, label, output, dy, values_mut(dx, len));
}

/// Gradient of its labels.
#[wasm_bindgen]
pub fn binary_cross_entropy_of_labels(from_logits: bool, output: u32, dy: u32, len: u32, dx: u32) {
    let (output, dy) = (values(output, len), values(dy, len));
    softmax::binary_cross_entropy_of_labels(from_logits, output, dy, values_mut(dx, len));
}
