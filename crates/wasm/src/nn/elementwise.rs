//! Elementwise operations on one operand, or on two that are broadcast.
//!
//! The number of an operation is its index in `ALL` of gradstep-nn, and in `ts/ops/kernels.ts`.

use super::{values, values_mut};
use gradstep_nn::elementwise::{self, Binary, Grid, Unary};
use wasm_bindgen::prelude::wasm_bindgen;

/// `out = op(x)`; `a`, `b` and `c` are the operation's parameters.
#[wasm_bindgen]
pub unsafe fn unary(op: u32, x: u32, len: u32, a: f32, b: f32, c: f32, out: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        elementwise::unary(
            Unary::ALL[op as usize],
            [a, b, c],
            values(x, len),
            values_mut(out, len),
        );
    }
}

/// `dx = dy * op'(x)`, with `y = op(x)`.
#[wasm_bindgen]
pub unsafe fn unary_backward(
    op: u32,
    x: u32,
    y: u32,
    dy: u32,
    len: u32,
    a: f32,
    b: f32,
    c: f32,
    dx: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let given = [x, y, dy].map(|address| values(address, len));
        elementwise::unary_backward(Unary::ALL[op as usize], [a, b, c], given, values_mut(dx, len));
    }
}

/// `out = op(a, b)` over rows and columns; a stride of an operand is 0 if the operand is broadcast along the axis.
#[wasm_bindgen]
pub unsafe fn binary(
    op: u32,
    a: u32,
    b: u32,
    out: u32,
    rows: u32,
    cols: u32,
    a_row: u32,
    a_col: u32,
    b_row: u32,
    b_col: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        if rows * cols == 0 {
            return;
        }
        let reach = |row: u32, col: u32| 1 + (rows - 1) * row + (cols - 1) * col;
        let (a, b) = (values(a, reach(a_row, a_col)), values(b, reach(b_row, b_col)));
        let out = values_mut(out, rows * cols);
        let [rows, cols, a_row, a_col, b_row, b_col] =
            [rows, cols, a_row, a_col, b_row, b_col].map(|n| n as usize);
        let grid = Grid { rows, cols, a_row, a_col, b_row, b_col };
        elementwise::binary(Binary::ALL[op as usize], grid, a, b, out);
    }
}

/// `out = condition != 0 ? a : b`
#[wasm_bindgen]
pub unsafe fn choose(condition: u32, a: u32, b: u32, len: u32, out: u32) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        elementwise::choose(
            values(condition, len),
            values(a, len),
            values(b, len),
            values_mut(out, len),
        );
    }
}
