//! Slots with fewer bits: bfloat16 numbers, or codes of 8 bits with a scale for each 256 of them.
//!
//! A step converts a block of such a slot to `f32`, applies the formula, and rounds the results, while the block is in
//! the first-level cache. So every rule and every stage works with them; only the rounding is added.
//!
//! ```text
//! bfloat16   the upper 16 bits of an f32, after 16 other bits were added to the lower ones
//! uint8      scale = max |x| of 256 numbers ;  code = the number of the map that is nearest to x / scale
//! ```
//!
//! Over 300 lines: a third are tests, which use private functions.
//!
//! The rounding noise is a hash of the block's offset and of the update's number, combined with the offset in the
//! block, so the error is 0 on average: a second moment changes by 0.1 % in a step, and with rounding to nearest, to
//! 0.4 %, it would not change at all. The noise depends on nothing else, so a run has the same bits on every host, with
//! any number of threads, and after any interruption.
//!
//! The map of the codes is bitsandbytes's (`create_dynamic_map` of 0.49), computed in double precision: decades, each
//! with twice as many numbers as the previous one, plus 0 and 1. Its blocks are those of bitsandbytes since 0.45, 256
//! numbers (2048 before). [Dettmers et al. 2021](https://arxiv.org/abs/2110.02861).

use super::stages::BLOCK;
use super::{MAX_SLOTS, Options, Plan, Row};
use crate::error::Error;
use crate::lanes::{Lanes, Native, WIDTH};
use crate::memory::{Buffer, bytes};

/// Slots that may have fewer bits: a mean of gradients, then a mean of their squares.
pub(super) const SMALL_SLOTS: usize = 2;
/// Variables with fewer numbers keep `f32` slots, as in bitsandbytes.
const LEAST: usize = 4096;
/// Numbers that share a scale.
const GROUP: usize = 256;
/// The largest bfloat16 number.
const LARGEST: f32 = f32::from_bits(0x7f7f_0000);
/// The code of 1 in the map of signed codes.
const ONE: u8 = 128;

/// The type of a slot's numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Float32,
    BFloat16,
    UInt8,
}

impl Options {
    /// Flag: slots of large variables have bfloat16 numbers.
    pub const BFLOAT16: u32 = 16;
    /// Flag: slots of large variables have codes of 8 bits.
    pub const UINT8: u32 = 32;

    /// The type of the numbers of the slots of a variable with `len` numbers.
    pub(super) fn kind(&self, len: usize) -> Kind {
        match self.flags & (Self::BFLOAT16 | Self::UINT8) {
            Self::BFLOAT16 if len >= LEAST => Kind::BFloat16,
            Self::UINT8 if len >= LEAST => Kind::UInt8,
            _ => Kind::Float32,
        }
    }
}

impl Kind {
    /// The type of slot `slot` of such a variable: the two moments have fewer bits, other slots do not.
    pub fn of(self, slot: usize) -> Self {
        if slot < SMALL_SLOTS { self } else { Kind::Float32 }
    }

    /// 4-byte words of a block.
    pub fn words(self) -> usize {
        match self {
            Kind::Float32 => BLOCK,
            Kind::BFloat16 => BLOCK / 2,
            // The codes, then the scales.
            Kind::UInt8 => BLOCK / 4 + BLOCK / GROUP,
        }
    }

    /// Words of a slot with `len` numbers: whole blocks, except for `f32`.
    pub fn room(self, len: usize) -> usize {
        if self == Kind::Float32 { len } else { len.div_ceil(BLOCK) * self.words() }
    }

    /// The words of the block that begins with the number at `at`.
    pub fn block(self, slot: &mut [f32], at: usize) -> &mut [f32] {
        let begin = at / BLOCK * self.words();
        let end = slot.len().min(begin + self.words());
        slot.get_mut(begin..end).unwrap_or_default()
    }

    /// Reads the numbers of a block of the slot `index` into `numbers`.
    #[inline(never)]
    pub fn read(self, maps: &[f32], index: usize, words: &[f32], numbers: &mut [f32; BLOCK]) {
        if self == Kind::BFloat16 {
            let eights = numbers.as_chunks_mut::<{ 2 * WIDTH }>().0;
            for (four, eight) in words.as_chunks::<WIDTH>().0.iter().zip(eights) {
                let fours = eight.as_chunks_mut::<WIDTH>().0;
                let [low, high] = Native::load(four).halves();
                low.store(&mut fours[0]);
                high.store(&mut fours[1]);
            }
            return;
        }
        let map = Map::of(maps, index);
        let (codes, scales) = words.split_at(BLOCK / 4);
        let groups = numbers.as_chunks_mut::<GROUP>().0.iter_mut();
        for ((group, codes), &scale) in groups.zip(bytes(codes).chunks_exact(GROUP)).zip(scales) {
            map.decode(codes, scale, group);
        }
    }

    /// Rounds `numbers`, which are overwritten, to a block of the slot `index`. `place` is the offset of the block's first number
    /// in its variable, mixed with the number of the update.
    #[inline(never)]
    pub fn write(
        self,
        maps: &[f32],
        index: usize,
        words: &mut [f32],
        numbers: &mut [f32; BLOCK],
        place: u32,
    ) {
        if self == Kind::BFloat16 {
            if !is_mild(numbers) {
                for x in numbers.iter_mut() {
                    *x = tamed(*x);
                }
            }
            let mut noise = Native::hashes(place);
            let eights = numbers.as_chunks::<{ 2 * WIDTH }>().0;
            for (four, eight) in words.as_chunks_mut::<WIDTH>().0.iter_mut().zip(eights) {
                let fours = eight.as_chunks::<WIDTH>().0;
                let [low, high] = [0, 1].map(|half| Native::load(&fours[half]));
                Native::of_halves(low, high, noise).store(four);
                noise = noise.stepped();
            }
            return;
        }
        let map = Map::of(maps, index);
        let (codes, scales) = words.split_at_mut(BLOCK / 4);
        let groups = numbers.as_chunks_mut::<GROUP>().0.iter_mut();
        let parts = codes.chunks_exact_mut(GROUP / 4).zip(scales);
        for (group, (codes, scale)) in groups.zip(parts) {
            *scale = largest(group);
            map.encode(codes, *scale, group);
        }
    }

    /// Writes external numbers to a block: rounded to the nearest bfloat16, or with exact codes and scale if they exist.
    #[inline(never)]
    fn set(self, maps: &[f32], index: usize, words: &mut [f32], numbers: &mut [f32; BLOCK]) {
        if self == Kind::BFloat16 {
            for x in numbers.iter_mut() {
                let bits = tamed(*x).to_bits();
                let up = 0x7fff + (bits >> 16 & 1);
                *x = tamed(f32::from_bits((bits + up) & 0xffff_0000));
            }
            return self.write(maps, index, words, numbers, 0);
        }
        let map = Map::of(maps, index);
        let (codes, scales) = words.split_at_mut(BLOCK / 4);
        let groups = numbers.as_chunks_mut::<GROUP>().0.iter_mut();
        let parts = codes.chunks_exact_mut(GROUP / 4).zip(scales);
        for (group, (codes, scale)) in groups.zip(parts) {
            // Second moments are not negative.
            if index == 1 {
                group.iter_mut().for_each(|x| *x = if *x < 0.0 { 0.0 } else { *x });
            }
            let most = largest(group);
            // The map has no -1: if the largest magnitude was negative, the scale was larger.
            let other = most / map.values[usize::from(ONE) - 1];
            let others = (0..5).map(|i| f32::from_bits((other.to_bits() + i).saturating_sub(2)));
            for tried in [most].into_iter().chain(others).chain([most]) {
                let mut read = [0.0; GROUP];
                *scale = tried;
                map.encode(codes, tried, group);
                map.decode(bytes(codes), tried, &mut read);
                if read == *group {
                    break;
                }
            }
        }
    }
}

/// `x`, limited so that rounding keeps a finite number finite; any NaN becomes one that rounding keeps.
#[inline(never)]
fn tamed(x: f32) -> f32 {
    if x.is_nan() {
        f32::NAN
    } else if x.is_infinite() {
        x
    } else {
        x.clamp(-LARGEST, LARGEST)
    }
}

/// The largest magnitude; NaN if any number is not finite.
#[inline(never)]
fn largest(group: &[f32; GROUP]) -> f32 {
    let mut most = Native::splat(0.0);
    for sixteen in group.as_chunks::<{ 4 * WIDTH }>().0 {
        let fours = sixteen.as_chunks::<WIDTH>().0;
        let [a, b, c, d] = [0, 1, 2, 3].map(|i| Native::load(&fours[i]).abs());
        most = most.higher(a.higher(b).higher(c.higher(d)));
    }
    let mut lanes = [0.0; WIDTH];
    most.store(&mut lanes);
    let [a, b, c, d] = lanes.map(Native::splat);
    let most = a.higher(b).higher(c.higher(d));
    (most + most.poison()).store(&mut lanes);
    lanes[0]
}

/// The upper 16 bits of 2^-23: there is an entry for each upper half from there on. Smaller numbers have the first entry; NaN has
/// an entry of the code of 1.
const LOWEST: u32 = 0x3400_0000 >> 16;
/// A power of two: an index of as many bits needs no check.
const ENTRIES: usize = 1 << 12;
/// The count of words of a map.
const MAP: usize = GROUP + ENTRIES;

/// The numbers of the codes from 0 up, and the table for finding the nearest.
struct Map<'a> {
    /// The code of 1: negative numbers, if there are any, have the negative codes, which wrap.
    one: u8,
    values: &'a [f32; GROUP],
    /// Upper 16 bits: the code of the smallest number with these upper 16 bits. Lower 16 bits: what carries when it is added to
    /// those of a number above the middle to the next code; 0 if that middle has other upper bits.
    entries: &'a [f32; ENTRIES],
}

impl<'a> Map<'a> {
    /// The map of a slot: the first slot has signed numbers (means of gradients), the second means of their squares.
    fn of(maps: &'a [f32], index: usize) -> Self {
        let map = &maps[index * MAP..][..MAP];
        let (values, entries) = map.split_first_chunk().expect("a map");
        let entries = entries.first_chunk().expect("a map");
        Self { one: if index == 0 { ONE } else { u8::MAX }, values, entries }
    }

    #[inline(never)]
    fn decode(&self, codes: &[u8], scale: f32, numbers: &mut [f32; GROUP]) {
        let scale = Native::splat(scale);
        let fours = numbers.as_chunks_mut::<WIDTH>().0;
        for (four, codes) in fours.iter_mut().zip(codes.as_chunks::<WIDTH>().0) {
            let values = codes.map(|code| self.values[usize::from(code)]);
            (Native::load(&values) * scale).store(four);
        }
    }

    /// The scale may be 0 if all numbers are.
    #[inline(never)]
    fn encode(&self, codes: &mut [f32], scale: f32, numbers: &[f32; GROUP]) {
        let divisor = Native::splat(if scale == 0.0 { 1.0 } else { scale });
        // Unlike in bitsandbytes, a second moment that is not 0 never becomes 0: epsilon alone would divide the step.
        let least = u8::from(self.one == u8::MAX);
        let sixteens = numbers.as_chunks::<{ 4 * WIDTH }>().0;
        for (words, sixteen) in codes.as_chunks_mut::<WIDTH>().0.iter_mut().zip(sixteens) {
            let fours = sixteen.as_chunks::<WIDTH>().0;
            let numbers = [0, 1, 2, 3].map(|i| Native::load(&fours[i]) / divisor);
            let entries = numbers.map(|x| {
                let places = x.places(LOWEST, ENTRIES as u32 - 1);
                Native::load(&places.map(|place| self.entries[place as usize]))
            });
            Native::codes(numbers, entries, self.one, least).store(words);
        }
    }
}

/// Computes both maps.
pub(super) fn maps() -> Result<Buffer, Error> {
    let mut maps = Buffer::zeroed(2 * MAP)?;
    for (index, map) in maps.as_mut_slice().chunks_exact_mut(MAP).enumerate() {
        write_map(map, index);
    }
    Ok(maps)
}

#[inline(never)]
fn write_map(map: &mut [f32], index: usize) {
    let (values, entries) = map.split_at_mut(GROUP);
    let (mut one, mut parts, mut decade) = (0, 1 << index, 1e-6);
    while parts <= 64 << index {
        // Middles of equal parts of a decade: 0.1 to 1 is the last one.
        for part in 0..parts {
            one += 1;
            values[one] =
                (decade * (0.1 + 0.9 * (f64::from(part) + 0.5) / f64::from(parts))) as f32;
        }
        parts *= 2;
        decade *= 10.0;
    }
    one += 1;
    values[one] = 1.0;
    for code in one + 1..GROUP {
        values[code] = -values[GROUP - code];
    }
    let mut code = 0;
    for (place, entry) in entries.iter_mut().enumerate() {
        let smallest = (place as u32 + LOWEST) << 16;
        while code < one && smallest > middle(values, code) {
            code += 1;
        }
        let is_divided = code < one && middle(values, code) >> 16 == smallest >> 16;
        let carry = if is_divided { 0xffff - (middle(values, code) & 0xffff) } else { 0 };
        *entry = f32::from_bits((code as u32) << 16 | carry);
    }
}

/// The bits of the middle between a code's number and the next one, rounded down: exactly the numbers above the exact middle
/// are above it.
#[inline(never)]
fn middle(values: &[f32], code: usize) -> u32 {
    let exact = (f64::from(values[code]) + f64::from(values[code + 1])) / 2.0;
    let near = exact as f32;
    near.to_bits() - u32::from(f64::from(near) > exact)
}

/// The type of the numbers in a variable's slots, and the data that reading and rounding them require.
#[derive(Clone, Copy)]
pub(super) struct Small<'a> {
    pub kind: Kind,
    pub maps: &'a [f32],
    /// The number of the update.
    pub update: u32,
}

impl Small<'_> {
    /// The words of a block of each slot.
    pub fn blocks<'s>(
        &self,
        slots: &'s mut [&mut [f32]; MAX_SLOTS],
        at: usize,
    ) -> [&'s mut [f32]; MAX_SLOTS] {
        let mut index = 0;
        slots.each_mut().map(|slot| {
            index += 1;
            self.kind.of(index - 1).block(slot, at)
        })
    }

    /// Whether the loop over bfloat16 words can process a block: its length is a multiple of eight, and no square of a gradient
    /// overflows.
    pub fn is_straight(&self, g: &[f32]) -> bool {
        self.kind == Kind::BFloat16 && g.len().is_multiple_of(2 * WIDTH) && is_mild(g)
    }

    /// An offset in a variable's words, mixed with the number of the update.
    pub fn place(&self, at: usize) -> u32 {
        (at as u32 / 2).wrapping_add(self.update.wrapping_mul(0x9e37_79b9))
    }

    /// Calls `update` with the numbers of a block, which begins at `at` of its variable, and rounds them after it. `numbers`
    /// has room for them, unless the words are the numbers.
    #[inline(always)]
    pub fn through(
        &self,
        words: &mut [&mut [f32]; MAX_SLOTS],
        numbers: &mut [[f32; BLOCK]],
        (at, len): (usize, usize),
        update: impl FnOnce(&mut [&mut [f32]; MAX_SLOTS]),
    ) {
        let [first, second] = numbers else { return update(words) };
        for (index, (words, numbers)) in words.iter().zip([&mut *first, second]).enumerate() {
            if !words.is_empty() {
                self.kind.read(self.maps, index, words, numbers);
            }
        }
        let [m, v, third, fourth] = words;
        let (of_m, of_v) = (part(m, first, len), part(v, second, len));
        update(&mut [of_m, of_v, third, fourth]);
        let place = self.place(at);
        for (index, (words, numbers)) in [m, v].into_iter().zip([first, second]).enumerate() {
            if !words.is_empty() {
                self.kind.write(self.maps, index, words, numbers, place);
            }
        }
    }
}

/// Whether the magnitudes add up to less than 1e18: no square overflows, and none is infinite or NaN.
#[inline(never)]
fn is_mild(g: &[f32]) -> bool {
    let mut sums = [Native::splat(0.0); 4];
    for sixteen in g.as_chunks::<{ 4 * WIDTH }>().0 {
        for (sum, four) in sums.iter_mut().zip(sixteen.as_chunks::<WIDTH>().0) {
            *sum = *sum + Native::load(four).abs();
        }
    }
    for four in g.as_chunks::<{ 4 * WIDTH }>().1.as_chunks::<WIDTH>().0 {
        sums[0] = sums[0] + Native::load(four).abs();
    }
    let [a, b, c, d] = sums;
    let mut lanes = [0.0; WIDTH];
    ((a + b) + (c + d)).store(&mut lanes);
    lanes.iter().sum::<f32>() < 1e18
}

/// The numbers of a slot, if there is one.
fn part<'n>(words: &[f32], numbers: &'n mut [f32; BLOCK], len: usize) -> &'n mut [f32] {
    if words.is_empty() { &mut [] } else { &mut numbers[..len] }
}

impl Plan {
    /// The count of words of a slot with fewer bits; 0 for a slot of `f32` numbers.
    pub fn small_words(&self, row: usize, slot: usize) -> usize {
        let row = self.rows.get(row).filter(|row| row.kind.of(slot) != Kind::Float32);
        row.and_then(|row| row.slots.get(slot)).map_or(0, |slot| slot.len())
    }

    /// Reads a block of such a slot, which starts at a multiple of a block's length, to a buffer. With `sets` it writes
    /// the block from the buffer.
    pub fn small_part(&mut self, row: usize, slot: usize, at: usize, sets: bool) -> &mut [f32] {
        let Self { rows, memory, .. } = self;
        let (Some(row), Some(numbers)) =
            (rows.get_mut(row), memory.scratch.as_mut_slice().first_chunk_mut::<BLOCK>())
        else {
            return &mut [];
        };
        let (Row { kind, slots, .. }, maps) = (row, memory.maps.as_slice());
        let kind = kind.of(slot);
        let Some(span) = slots.get_mut(slot).filter(|_| kind != Kind::Float32) else {
            return &mut [];
        };
        let words = kind.block(span.values_mut(), at);
        if sets {
            kind.set(maps, slot, words, numbers);
        } else {
            kind.read(maps, slot, words, numbers);
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, GROUP, Kind, LARGEST, MAP, Map, ONE, maps, middle};
    use crate::memory::{Buffer, bytes};

    /// Deterministic numbers between -1 and 1; small ones are as frequent as large ones.
    fn noise(seed: u32) -> [f32; BLOCK] {
        let mut state = seed;
        core::array::from_fn(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let exponent = (state >> 10) % 24;
            (f64::from(state) / 2_147_483_648.0 - 1.0) as f32 * 0.5f32.powi(exponent as i32)
        })
    }

    /// The numbers of a slot of this kind after `write` or `set`, with its words.
    fn rounded(
        kind: Kind,
        index: usize,
        numbers: &[f32; BLOCK],
        place: Option<u32>,
    ) -> [f32; BLOCK] {
        let maps = maps().expect("memory");
        let mut words = Buffer::zeroed(kind.words()).expect("memory");
        let (words, mut room) = (words.as_mut_slice(), *numbers);
        match place {
            Some(place) => kind.write(maps.as_slice(), index, words, &mut room, place),
            None => kind.set(maps.as_slice(), index, words, &mut room),
        }
        kind.read(maps.as_slice(), index, words, &mut room);
        room
    }

    #[test]
    fn codes_are_those_of_the_nearest_numbers() {
        let maps = maps().expect("memory");
        for index in 0..2 {
            let map = Map::of(maps.as_slice(), index);
            let one = usize::from(map.one);
            assert_eq!((map.values[0], map.values[one]), (0.0, 1.0));
            assert!(map.values[..=one].windows(2).all(|two| two[0] < two[1]));
            // All upper halves, and what is around the middles.
            let mut tried: Vec<f32> =
                (0..=0x3f80u32).map(|upper| f32::from_bits(upper << 16)).collect();
            tried.extend((0..one).map(|code| middle(map.values, code)).flat_map(|middle| {
                [-1i32, 0, 1].map(|i| f32::from_bits(middle.wrapping_add_signed(i)))
            }));
            for x in tried {
                for x in if index == 0 { vec![x, -x] } else { vec![x] } {
                    let (mut codes, mut numbers) = ([0.0; GROUP / 4], [1.0; GROUP]);
                    numbers[7] = x;
                    map.encode(&mut codes, 1.0, &numbers);
                    let got = map.values[usize::from(bytes(&codes)[7])];
                    let distance = |value: f32| (f64::from(value) - f64::from(x)).abs();
                    let most = map.values.iter().map(|&value| distance(value)).fold(1.0, f64::min);
                    let is_kept =
                        index == 1 && x > 0.0 && x < f32::from_bits(middle(map.values, 0));
                    if is_kept {
                        assert_eq!(got, map.values[1], "{x:e}");
                    } else {
                        assert_eq!(distance(got), most, "{index} {x:e}: {got:e}");
                    }
                }
            }
        }
        assert_eq!(maps.as_slice().len(), 2 * MAP);
    }

    #[test]
    fn what_was_read_comes_back_with_its_bits() {
        for kind in [Kind::BFloat16, Kind::UInt8] {
            for seed in 0..40 {
                for index in 0..2 {
                    let mut numbers = noise(seed).map(|x| x * 2.5e-3f32.powi(seed as i32 % 9 - 4));
                    if index == 1 {
                        numbers = numbers.map(f32::abs);
                    }
                    // The largest magnitude of a group is negative, where the map has no 1; and a group of zeros.
                    numbers[300] = if index == 0 { -1e9 } else { 1e9 };
                    numbers[2 * GROUP..3 * GROUP].fill(0.0);
                    let read = rounded(kind, index, &numbers, Some(seed));
                    assert_eq!(rounded(kind, index, &read, None), read, "{kind:?} {seed} {index}");
                    let bound = if kind == Kind::BFloat16 { 0.008 } else { 0.6 };
                    for (group, read) in numbers.chunks(GROUP).zip(read.chunks(GROUP)) {
                        let most = group.iter().fold(0.0f32, |most, x| most.max(x.abs()));
                        let small = if kind == Kind::UInt8 { most * 4e-7 } else { 0.0 };
                        for (x, read) in group.iter().zip(read) {
                            assert!((x - read).abs() <= bound * x.abs() + small, "{x:e} {read:e}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn bfloat16_is_right_on_average() {
        let exact = 1.0 + 1.0 / 1024.0;
        let sum: f64 = (0..64)
            .flat_map(|place| rounded(Kind::BFloat16, 0, &[exact; BLOCK], Some(place * 7919)))
            .inspect(|x| assert!([1.0, 1.0 + 1.0 / 128.0].contains(x)))
            .map(f64::from)
            .sum();
        // The deviation of the mean of 65,536 such numbers is 1e-5.
        assert!((sum / 65536.0 - f64::from(exact)).abs() < 5e-5);
        // External numbers are rounded to nearest, halves to even.
        let [halves, more] = [0x3f80_8000, 0x3f81_8000].map(f32::from_bits);
        assert_eq!(rounded(Kind::BFloat16, 0, &[halves; BLOCK], None)[5], 1.0);
        assert_eq!(
            rounded(Kind::BFloat16, 0, &[more; BLOCK], None)[5],
            f32::from_bits(0x3f82_0000)
        );
    }

    #[test]
    fn finite_numbers_stay_finite() {
        let mut numbers = noise(1);
        let special = [
            f32::MAX,
            f32::MIN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::from_bits(0x7fff_ffff),
            f32::from_bits(0xffff_ffff),
            f32::from_bits(1),
        ];
        numbers[..7].copy_from_slice(&special);
        for place in [Some(3), None] {
            let read = rounded(Kind::BFloat16, 0, &numbers, place);
            assert_eq!(read[..4], [LARGEST, -LARGEST, f32::INFINITY, f32::NEG_INFINITY]);
            assert!(read[4].is_nan() && read[5].is_nan());
            assert_eq!(read[6..8], [0.0, read[7]]);
            assert!(read[7..].iter().all(|x| x.is_finite()));
        }
        // A group of codes is lost as a whole, and no other.
        let read = rounded(Kind::UInt8, 0, &numbers, Some(0));
        assert!(read[..GROUP].iter().all(|x| x.is_nan()));
        assert!(read[GROUP..].iter().all(|x| x.is_finite()));
        let mut large = [0.0; BLOCK];
        large[0] = f32::MIN;
        assert_eq!(
            rounded(Kind::UInt8, 0, &large, Some(0))[0],
            f32::MIN * Map::of(maps().expect("memory").as_slice(), 0).values[usize::from(ONE) - 1]
        );
    }
}
