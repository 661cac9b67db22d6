//! Strided copies and sums: transpose, slice, pad, concatenate, broadcast, and their gradients.

use super::{values, values_mut};
use gradstep_nn::layout::{self, Axis};
use wasm_bindgen::prelude::wasm_bindgen;

/// Copies or, with `adds`, adds elements along four axes, outermost first. Each axis has `n` elements, a stride `from` in the
/// source, and a stride `to` in the copy.
#[wasm_bindgen]
pub unsafe fn copy_strided(
    adds: u32,
    src: u32,
    dst: u32,
    n0: u32,
    n1: u32,
    n2: u32,
    n3: u32,
    from0: u32,
    from1: u32,
    from2: u32,
    from3: u32,
    to0: u32,
    to1: u32,
    to2: u32,
    to3: u32,
) {
    // SAFETY: the contract in lib.rs.
    unsafe {
        let (lens, from, to) =
            ([n0, n1, n2, n3], [from0, from1, from2, from3], [to0, to1, to2, to3]);
        if lens.contains(&0) {
            return;
        }
        let reach = |steps: [u32; 4]| 1 + (0..4).map(|i| (lens[i] - 1) * steps[i]).sum::<u32>();
        let axes = core::array::from_fn(|i| Axis {
            len: lens[i] as usize,
            from: from[i] as usize,
            to: to[i] as usize,
        });
        let (src, dst) = (values(src, reach(from)), values_mut(dst, reach(to)));
        if adds == 0 {
            layout::copy_strided(src, dst, axes);
        } else {
            layout::add_strided(src, dst, axes);
        }
    }
}
