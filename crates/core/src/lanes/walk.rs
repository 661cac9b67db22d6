//! One pass over a variable: load four, compute, store four. It is the hot loop of every elementwise rule.
//! Over 300 lines: the loop over the slots of a rule and the small loops of the stages share the code for tails.

use super::{Lanes, Native, WIDTH};

/// An elementwise update rule with `N` slots: the formula, written once for all lanes.
///
/// A formula computes the same numbers as Keras. If they overflow, they are corrected after the walk, see
/// [`crate::plan::Care`].
pub trait Formula<const N: usize>: Sync {
    /// Returns the new parameter and slots.
    fn apply<L: Lanes>(&self, w: L, g: L, slots: [L; N]) -> (L, [L; N]);

    /// Collects new parameters and slots in `seen`, which starts at 0: it must become infinite or NaN if a result does,
    /// for a finite gradient. If it does without, results are checked, and those within their bounds stay. [`Lanes::raised`] drops -infinity
    /// and NaN, so it is only for squares. It should take one instruction: this is the only cost of overflow handling.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, slots: [L; N]) -> L {
        seen + slots.into_iter().fold(w, L::add)
    }

    /// The limit of each slot's magnitude; parameters are limited to the largest number. A limit of infinity marks a slot
    /// that holds a parameter: a lost value is replaced by the old parameter, so the formula must [keep](Formula::KEEPS) it.
    const BOUNDS: [f32; N] = [f32::MAX; N];

    /// Whether a walk keeps the old parameters, for formulas that may compute NaN from finite numbers (`Inf / Inf`).
    const KEEPS: bool = false;

    /// Whether bfloat16 slots have [a separate loop](walk_halves). It requires slots that are means of gradients or of their
    /// squares.
    const HALVES: bool = false;

    /// Groups of four per iteration; more than 1 for formulas so short that the overhead of the loop is noticeable.
    const UNROLL: usize = 1;
}

/// The number of independent sums of [`Formula::watch`] in an unrolled loop.
const WATCHES: usize = 4;

/// Applies `formula` in place to all elements of `w` and `slots` except the last `len % 4`. Returns whether
/// [`Formula::watch`] saw an overflow. With [`Formula::KEEPS`], `kept` becomes the old `w`; otherwise it is not used.
///
/// # Panics
/// If the lengths differ. The plan checks them when it is built.
#[inline(never)]
pub fn walk<const N: usize, F: Formula<N>>(
    formula: &F,
    w: &mut [f32],
    g: &[f32],
    slots: &mut [&mut [f32]; N],
    kept: &mut [f32],
) -> bool {
    let len = w.len();
    assert!(g.len() == len && slots.iter().all(|s| s.len() == len));
    assert!(!F::KEEPS || kept.len() == len);
    let (w, g, kept) = (w.as_mut_ptr(), g.as_ptr(), kept.as_mut_ptr());
    let slots = slots.each_mut().map(|slot| slot.as_mut_ptr());
    let four = |i: usize, seen: &mut Native| {
        // SAFETY: `w`, `g`, the slots and, if used, `kept` have `len` elements each (asserted above), and i + 4 <= len
        // (below). All but `g` are exclusive borrows of different memory.
        unsafe {
            let w4 = &mut *w.add(i).cast::<[f32; WIDTH]>();
            let g4 = &*g.add(i).cast::<[f32; WIDTH]>();
            let old = slots.map(|s| Native::load(&*s.add(i).cast()));
            let old_w = Native::load(w4);
            if F::KEEPS {
                old_w.store(&mut *kept.add(i).cast());
            }
            let (new_w, new) = formula.apply(old_w, Native::load(g4), old);
            new_w.store(w4);
            for (s, value) in slots.iter().zip(new) {
                value.store(&mut *s.add(i).cast());
            }
            *seen = F::watch(*seen, new_w, new);
        }
    };
    let mut seen = [Native::splat(0.0); WATCHES];
    let mut i = 0;
    if F::UNROLL > 1 {
        // No product or sum may wrap, whatever the constant: a formula is safe code.
        let turn = F::UNROLL.saturating_mul(WIDTH);
        while turn <= len - i {
            for k in 0..F::UNROLL {
                four(i + k * WIDTH, &mut seen[k % WATCHES]);
            }
            i += turn;
        }
    }
    while i < len - len % WIDTH {
        four(i, &mut seen[0]);
        i += WIDTH;
    }
    let [a, b, c, d] = seen;
    (if F::UNROLL > 1 { a + b + c + d } else { a }).is_poisoned()
}

/// A [`walk`] over slots of bfloat16 numbers, two in a word. They are rounded with noise that begins with the hashes of
/// `place`. For lengths that are multiples of eight, and gradients whose squares do not overflow: results are not checked.
///
/// # Panics
/// If the lengths differ.
#[inline(never)]
pub fn walk_halves<const N: usize, F: Formula<N>>(
    formula: &F,
    w: &mut [f32],
    g: &[f32],
    slots: [&mut [f32]; N],
    place: u32,
) {
    let len = w.len();
    assert!(g.len() == len && slots.iter().all(|s| s.len() * 2 >= len));
    let (w, g) = (w.as_mut_ptr(), g.as_ptr());
    let slots = slots.map(<[f32]>::as_mut_ptr);
    let mut noise = Native::hashes(place);
    for i in (0..len / (2 * WIDTH)).map(|eight| eight * 2 * WIDTH) {
        // SAFETY: `w` and `g` have `len` elements, the slots half as many (asserted above), and i + 8 <= len. All but `g` are
        // exclusive borrows of different memory.
        unsafe {
            let words = slots.map(|s| &mut *s.add(i / 2).cast::<[f32; WIDTH]>());
            let old = words.each_ref().map(|four| Native::load(four).halves());
            let new = [0, 1].map(|half| {
                let w4 = &mut *w.add(i + half * WIDTH).cast::<[f32; WIDTH]>();
                let g4 = &*g.add(i + half * WIDTH).cast::<[f32; WIDTH]>();
                let old = old.map(|halves| halves[half]);
                let (new_w, new) = formula.apply(Native::load(w4), Native::load(g4), old);
                new_w.store(w4);
                new
            });
            for (k, four) in words.into_iter().enumerate() {
                Native::of_halves(new[0][k], new[1][k], noise).store(four);
            }
            noise = noise.stepped();
        }
    }
}

/// A [`walk`] over a list of `S` slots, of which the formula uses the first ones.
pub type Walk<'f, const S: usize> =
    &'f (dyn Fn(&mut [f32], &[f32], &mut [&mut [f32]; S], &mut [f32]) -> bool + Sync);

/// A walk over all elements: the last `len % 4` go through the same loop, padded with zeros on the stack. So an element has
/// the same bits in a tail as in the body, and the formula is compiled once.
#[inline(never)]
pub fn walk_all<const S: usize>(
    walk: Walk<S>,
    w: &mut [f32],
    g: &[f32],
    slots: &mut [&mut [f32]; S],
    kept: &mut [f32],
) -> bool {
    let overflows = walk(w, g, slots, kept);
    let tail = w.len() % WIDTH;
    if tail == 0 {
        return overflows;
    }
    let body = w.len() - tail;
    let lanes = |slice: &[f32]| {
        let mut four = [0.0; WIDTH];
        if !slice.is_empty() {
            padded(slice).store(&mut four);
        }
        four
    };
    let (mut w4, g4) = (lanes(&w[body..]), lanes(&g[body..]));
    // Slots that the formula does not use are empty.
    let mut s4 = slots.each_ref().map(|slot| lanes(slot.get(body..).unwrap_or_default()));
    let mut kept4 = lanes(kept.get(body..).unwrap_or_default());
    let overflows =
        walk(&mut w4, &g4, &mut s4.each_mut().map(|four| &mut four[..]), &mut kept4) || overflows;
    put_back(Native::load(&w4), &mut w[body..]);
    let optional = slots.iter_mut().zip(&s4).map(|(slot, four)| (&mut **slot, four));
    for (to, four) in optional.chain([(kept, &kept4)]) {
        if let Some(tail) = to.get_mut(body..) {
            put_back(Native::load(four), tail);
        }
    }
    overflows
}

/// `a = f(a, b)` for every pair of elements, for the stages around an update.
#[inline(always)]
pub fn zip_in_place(a: &mut [f32], b: &[f32], mut f: impl FnMut(Native, Native) -> Native) {
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

/// `(a, b) = f(a, b, c)` for every triple of elements.
#[inline(always)]
pub fn zip_both(
    a: &mut [f32],
    b: &mut [f32],
    c: &[f32],
    f: impl Fn(Native, Native, Native) -> (Native, Native),
) {
    assert!(a.len() == b.len() && a.len() == c.len());
    let (a_body, a_tail) = a.as_chunks_mut::<WIDTH>();
    let (b_body, b_tail) = b.as_chunks_mut::<WIDTH>();
    let (c_body, c_tail) = c.as_chunks::<WIDTH>();
    for ((a4, b4), c4) in a_body.iter_mut().zip(b_body).zip(c_body) {
        let (new_a, new_b) = f(Native::load(a4), Native::load(b4), Native::load(c4));
        new_a.store(a4);
        new_b.store(b4);
    }
    if !a_tail.is_empty() {
        let (a, b) = f(padded(a_tail), padded(b_tail), padded(c_tail));
        put_back(a, a_tail);
        put_back(b, b_tail);
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

/// `a = a + b` for every pair of elements.
#[inline(never)]
pub fn add(a: &mut [f32], b: &[f32]) {
    zip_in_place(a, b, |a, b| a + b);
}

/// `a = a + (b - a) * share` for every pair of elements; a share of 1 gives `b` exactly.
#[inline(never)]
pub fn blend(a: &mut [f32], b: &[f32], share: f32) {
    if share == 1.0 {
        return a.copy_from_slice(b);
    }
    let share = Native::splat(share);
    zip_in_place(a, b, |a, b| between(a, b, share));
}

/// `a + (b - a) * share`, which is finite if `a` and `b` are. A difference that overflows becomes the largest number, because
/// infinity times a share of 0 would be NaN.
#[inline(always)]
fn between(a: Native, b: Native, share: Native) -> Native {
    (a + (b - a).saturated_from(b) * share).saturated_from(b)
}

/// `a` becomes `b`, and `b` becomes `a + (b - a) * share`.
///
/// # Panics
/// If the lengths differ.
#[inline(never)]
pub fn cross(a: &mut [f32], b: &mut [f32], share: f32) {
    assert_eq!(a.len(), b.len());
    let share = Native::splat(share);
    let crossed = |a: Native, b: Native| between(a, b, share);
    let (a_body, a_tail) = a.as_chunks_mut::<WIDTH>();
    let (b_body, b_tail) = b.as_chunks_mut::<WIDTH>();
    for (a4, b4) in a_body.iter_mut().zip(b_body) {
        let (a, b) = (Native::load(a4), Native::load(b4));
        b.store(a4);
        crossed(a, b).store(b4);
    }
    if !a_tail.is_empty() {
        let (a, b) = (padded(a_tail), padded(b_tail));
        put_back(b, a_tail);
        put_back(crossed(a, b), b_tail);
    }
}

/// `a = value` for every element.
#[inline(never)]
pub fn fill(a: &mut [f32], value: f32) {
    let (body, tail) = a.as_chunks_mut::<WIDTH>();
    for four in body {
        Native::splat(value).store(four);
    }
    for last in tail {
        *last = value;
    }
}

/// Up to three elements in the first lanes, then zeros. Not inlined, and neither is `put_back`: every loop has a tail, and
/// inlined they took 11 kB of the module.
#[inline(never)]
pub fn padded(tail: &[f32]) -> Native {
    debug_assert!(tail.len() < WIDTH);
    // Written out, because copying so few elements would call `memcpy`, which is slow for narrow matrices.
    let lanes = match *tail {
        [a] => [a, 0.0, 0.0, 0.0],
        [a, b] => [a, b, 0.0, 0.0],
        [a, b, c] => [a, b, c, 0.0],
        _ => [0.0; WIDTH],
    };
    Native::load(&lanes)
}

#[inline(never)]
fn put_back(value: Native, tail: &mut [f32]) {
    let mut lanes = [0.0; WIDTH];
    value.store(&mut lanes);
    match tail {
        [a] => *a = lanes[0],
        [a, b] => [*a, *b] = [lanes[0], lanes[1]],
        [a, b, c] => [*a, *b, *c] = [lanes[0], lanes[1], lanes[2]],
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Formula, blend, cross, walk};
    use crate::lanes::Lanes;

    /// A formula whose constant asks for more numbers per iteration than a slice can have.
    struct Endless;

    impl Formula<0> for Endless {
        fn apply<L: Lanes>(&self, w: L, g: L, _: [L; 0]) -> (L, [L; 0]) {
            (w + g, [])
        }

        const UNROLL: usize = usize::MAX / super::WIDTH + 2;
    }

    #[test]
    fn blends_by_a_share_and_keeps_finite_numbers_finite() {
        let mut a = [0.1, 2.0, -f32::MAX, 4.0, 8.0];
        let b = [0.3, 6.0, f32::MAX, f32::INFINITY, 0.0];
        blend(&mut a, &b, 0.25);
        assert_eq!(a, [0.15, 3.0, -f32::MAX + f32::MAX / 4.0, f32::INFINITY, 6.0]);
        let mut a = [1e-9, 3.3, 1e30];
        blend(&mut a, &[0.7, 0.1, 1.0], 1.0);
        assert_eq!(a, [0.7, 0.1, 1.0]);
    }

    #[test]
    fn a_share_of_a_distance_that_overflows_is_finite() {
        for (share, expected) in [(0.0, 3e38), (0.25, 3e38 - f32::MAX / 4.0), (1e-30, 3e38)] {
            let (ends, others) =
                ([3e38, -3e38, 3e38, -3e38, 3e38], [-3e38, 3e38, -3e38, 3e38, -3e38]);
            let (mut a, mut b) = (ends, others);
            blend(&mut a, &others, share);
            assert_eq!(a, [expected, -expected, expected, -expected, expected]);
            a = ends;
            cross(&mut a, &mut b, share);
            assert_eq!((a, b), (others, [expected, -expected, expected, -expected, expected]));
        }
        // A share below 0 moves away from the other end.
        let (mut a, mut b) = ([3e38, 1.0], [-3e38, 1.0]);
        cross(&mut a, &mut b, -f32::MAX);
        assert_eq!((a, b), ([-3e38, 1.0], [f32::MAX, 1.0]));
    }

    #[test]
    fn crosses_two_lists() {
        let (mut a, mut b) =
            ([1.0, 2.0, 3.0, 4.0, -f32::MAX, 8.0], [5.0, 2.0, 1.0, 0.0, f32::MAX, 0.0]);
        cross(&mut a, &mut b, -0.5);
        assert_eq!(a, [5.0, 2.0, 1.0, 0.0, f32::MAX, 0.0]);
        assert_eq!(b, [-1.0, 2.0, 4.0, 6.0, -f32::MAX, 12.0]);
    }

    #[test]
    fn turns_longer_than_all_memory_are_not_taken() {
        let mut w = [1.0; 9];
        let overflows = walk(&Endless, &mut w, &[2.0; 9], &mut [], &mut []);
        assert_eq!((w, overflows), ([3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 1.0], false));
    }
}
