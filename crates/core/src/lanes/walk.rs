//! One pass over a variable: load four, compute, store four. The hot loop of every elementwise rule.

use super::{Lanes, Native, WIDTH};

/// An elementwise update rule with `N` slots: the formula, written once for all lanes.
pub trait Formula<const N: usize> {
    /// New parameter and slots from the old ones and the gradient.
    fn apply<L: Lanes>(&self, w: L, g: L, slots: [L; N]) -> (L, [L; N]);
}

/// Applies `formula` to every element of `w`, in place; `slots` change with it.
///
/// The last `len % 4` elements go through the same lanes, padded with zeros on the stack, so a tail
/// has the bits that it would have inside the body.
///
/// # Panics
/// When the lengths differ. The plan checks them when it is built.
#[inline(always)]
pub fn walk<const N: usize>(
    formula: &impl Formula<N>,
    w: &mut [f32],
    g: &[f32],
    mut slots: [&mut [f32]; N],
) {
    let len = w.len();
    assert!(g.len() == len && slots.iter().all(|s| s.len() == len));
    let body = len - len % WIDTH;

    let w_at = w.as_mut_ptr();
    let g_at = g.as_ptr();
    let mut s_at = [core::ptr::null_mut::<f32>(); N];
    for (at, slot) in s_at.iter_mut().zip(slots.iter_mut()) {
        *at = slot.as_mut_ptr();
    }
    let mut i = 0;
    while i < body {
        // SAFETY: i + 4 <= body <= len, and all slices have `len` elements (asserted above). `w` and
        // `slots` are exclusive borrows of different memory, so no two of these references overlap.
        unsafe {
            let w4 = &mut *w_at.add(i).cast::<[f32; WIDTH]>();
            let g4 = &*g_at.add(i).cast::<[f32; WIDTH]>();
            let old = s_at.map(|s| Native::load(&*s.add(i).cast()));
            let (new_w, new) = formula.apply(Native::load(w4), Native::load(g4), old);
            new_w.store(w4);
            for (s, value) in s_at.iter().zip(new) {
                value.store(&mut *s.add(i).cast());
            }
        }
        i += WIDTH;
    }

    if body < len {
        let mut old = [Native::splat(0.0); N];
        for (lanes, slot) in old.iter_mut().zip(slots.iter()) {
            *lanes = padded(&slot[body..]);
        }
        let (new_w, new) = formula.apply(padded(&w[body..]), padded(&g[body..]), old);
        put_back(new_w, &mut w[body..]);
        for (value, slot) in new.into_iter().zip(slots.iter_mut()) {
            put_back(value, &mut slot[body..]);
        }
    }
}

/// `a = f(a, b)` for every pair of elements: the small stages around an update.
#[inline(always)]
pub fn zip_in_place(a: &mut [f32], b: &[f32], f: impl Fn(Native, Native) -> Native) {
    assert_eq!(a.len(), b.len());
    let (a_body, a_tail) = a.as_chunks_mut::<WIDTH>();
    let (b_body, b_tail) = b.as_chunks::<WIDTH>();
    for (a4, b4) in a_body.iter_mut().zip(b_body) {
        f(Native::load(a4), Native::load(b4)).store(a4);
    }
    if !a_tail.is_empty() {
        put_back(f(padded(a_tail), padded(b_tail)), a_tail);
    }
}

/// `a = f(a, b, c)` for every triple of elements.
#[inline(always)]
pub fn zip3_in_place(
    a: &mut [f32],
    b: &[f32],
    c: &[f32],
    f: impl Fn(Native, Native, Native) -> Native,
) {
    assert!(a.len() == b.len() && a.len() == c.len());
    let (a_body, a_tail) = a.as_chunks_mut::<WIDTH>();
    let (b_body, b_tail) = b.as_chunks::<WIDTH>();
    let (c_body, c_tail) = c.as_chunks::<WIDTH>();
    for ((a4, b4), c4) in a_body.iter_mut().zip(b_body).zip(c_body) {
        f(Native::load(a4), Native::load(b4), Native::load(c4)).store(a4);
    }
    if !a_tail.is_empty() {
        put_back(f(padded(a_tail), padded(b_tail), padded(c_tail)), a_tail);
    }
}

/// `a = f(a)` for every element.
#[inline(always)]
pub fn map_in_place(a: &mut [f32], f: impl Fn(Native) -> Native) {
    let (body, tail) = a.as_chunks_mut::<WIDTH>();
    for four in body {
        f(Native::load(four)).store(four);
    }
    if !tail.is_empty() {
        put_back(f(padded(tail)), tail);
    }
}

/// Up to three elements in the first lanes, zeros behind them.
#[inline(always)]
pub(crate) fn padded(tail: &[f32]) -> Native {
    let mut lanes = [0.0; WIDTH];
    lanes[..tail.len()].copy_from_slice(tail);
    Native::load(&lanes)
}

#[inline(always)]
fn put_back(value: Native, tail: &mut [f32]) {
    let mut lanes = [0.0; WIDTH];
    value.store(&mut lanes);
    tail.copy_from_slice(&lanes[..tail.len()]);
}
