//! Slices that are divided into pieces for several threads.

use super::{piece, run_kind, threads, worth};
use crate::memory::LINE;
use core::marker::PhantomData;
use core::ops::Range;

/// Whether there is a second thread, and a job of this size is worth it.
#[inline(always)]
pub fn is_worth(len: usize) -> bool {
    threads() > 1 && len >= worth()
}

/// Calls `task(range, piece, pieces of others)` for every [piece](super::PIECE) of `out`, on all threads; once for the whole
/// slices if the job is not [worth](is_worth) a second thread. An empty slice of `others` has empty pieces.
///
/// # Panics
/// If one of `others` has a different length and is not empty.
#[inline(always)]
pub fn in_pieces<const N: usize>(
    out: &mut [f32],
    others: [&mut [f32]; N],
    task: &(impl Fn(Range<usize>, &mut [f32], [&mut [f32]; N]) + Sync),
) {
    let len = out.len();
    if !is_worth(len) {
        return task(0..len, out, others);
    }
    assert!(others.iter().all(|other| other.len() == len || other.is_empty()));
    let (out, others) = (Whole::of(out), others.map(Whole::of));
    let piece = piece();
    run_kind(len.div_ceil(piece), (len / piece, len), &|chunk, _| {
        let range = chunk * piece..len.min((chunk + 1) * piece);
        // SAFETY: each chunk is run once, and the ranges of two chunks do not overlap and are in the slices.
        let (out, others) =
            unsafe { (out.part(&range), others.each_ref().map(|other| other.part(&range))) };
        task(range, out, others);
    });
}

/// [`in_pieces`] with pieces of `size`, and with a separate piece size for each of `others`; the last piece has the rest. For
/// jobs that are worth a second thread.
#[inline(always)]
pub fn in_shares<const N: usize>(
    out: &mut [f32],
    size: usize,
    (others, each): ([&mut [f32]; N], [usize; N]),
    task: &(impl Fn(Range<usize>, &mut [f32], [&mut [f32]; N]) + Sync),
) {
    let len = out.len();
    let ends = others.each_ref().map(|other| other.len());
    let (out, others) = (Whole::of(out), others.map(Whole::of));
    let part = |chunk: usize, each: usize, end: usize| {
        end.min(chunk.saturating_mul(each))..end.min((chunk + 1).saturating_mul(each))
    };
    run_kind(len.div_ceil(size), (len / size, len), &|chunk, _| {
        let range = part(chunk, size, len);
        // SAFETY: each chunk is run once, and the ranges of two chunks do not overlap and are in the slices.
        let (out, others) = unsafe {
            let others = core::array::from_fn(|i| others[i].part(&part(chunk, each[i], ends[i])));
            (out.part(&range), others)
        };
        task(range, out, others);
    });
}

/// Calls `task(items, their part of out, room)` for ranges of items on all threads; once for all items if the job is not
/// worth a second thread. `out` has `size` numbers for each item. `each` is the work on an item, in numbers of an elementwise
/// job. There are at most `most` ranges. Every thread uses `room` numbers of `rooms`; if `rooms` has fewer than [`threads`]
/// times as many, one thread does everything.
///
/// # Panics
/// If `rooms` has fewer than `room` numbers, or `out` does not consist of whole items.
#[inline(always)]
pub fn in_items(
    out: &mut [f32],
    [size, each, most]: [usize; 3],
    (rooms, room): (&mut [f32], usize),
    task: &(impl Fn(Range<usize>, &mut [f32], &mut [f32]) + Sync),
) {
    let len = out.len();
    let count = len / size.max(1);
    assert!(count * size == len);
    let is_shared = threads() > 1
        && count > 1
        && count.saturating_mul(each) >= worth()
        && room.checked_mul(threads()).is_some_and(|needed| needed <= rooms.len());
    if !is_shared {
        return task(0..count, out, &mut rooms[..room]);
    }
    let items = (piece() / each.max(1)).max(count.div_ceil(most)).max(1);
    // No two ranges write the same cache line.
    let items = if size < LINE { items.next_multiple_of(LINE) } else { items };
    let (out, rooms) = (Whole::of(out), Whole::of(rooms));
    let work = count.wrapping_mul(each);
    run_kind(count.div_ceil(items), (count / items, work), &|chunk, thread| {
        let range = chunk * items..count.min((chunk + 1) * items);
        // SAFETY: as in `in_pieces`; and a thread runs one chunk at a time.
        let (out, room) = unsafe {
            (
                out.part(&(range.start * size..range.end * size)),
                rooms.part(&(thread * room..(thread + 1) * room)),
            )
        };
        task(range, out, room);
    });
}

/// Successive runs of items, from the first item on.
pub struct Runs {
    count: usize,
    /// The ends of the runs, after a 0, in ascending order.
    ends: [usize; MOST_RUNS + 1],
    /// Whether all runs take about the same time.
    pub is_even: bool,
}

/// The maximum number of runs.
pub const MOST_RUNS: usize = 64;

impl Runs {
    /// No runs.
    pub const NONE: Self = Self { count: 0, ends: [0; MOST_RUNS + 1], is_even: true };

    /// Adds a run that ends before the item with this index.
    ///
    /// # Panics
    /// If the run would end before it begins, or there are [`MOST_RUNS`] already.
    pub fn add(&mut self, end: usize) {
        assert!(end >= self.ends[self.count]);
        self.count += 1;
        self.ends[self.count] = end;
    }
}

/// Calls `task(first, items, room)` on all threads for each run of items; `first` is the index of its first item. Every thread
/// uses `room` numbers of `rooms`.
///
/// # Panics
/// If the runs exceed the items, or the rooms are too few.
#[inline(always)]
pub fn in_runs<T: Send>(
    items: &mut [T],
    runs: &Runs,
    (rooms, room): (&mut [f32], usize),
    task: &(impl Fn(usize, &mut [T], &mut [f32]) + Sync),
) {
    assert!(runs.ends[runs.count] <= items.len());
    assert!(room.checked_mul(threads()).is_some_and(|needed| needed <= rooms.len()));
    let (items, rooms) = (Whole::of(items), Whole::of(rooms));
    let even = if runs.is_even { runs.count.saturating_sub(1) } else { 0 };
    run_kind(runs.count, (even, runs.ends[runs.count]), &|chunk, thread| {
        let first = runs.ends[chunk];
        // SAFETY: each chunk is run once, and the ends are ascending, so runs do not overlap; they are in the items. A
        // thread runs one chunk at a time, and there is a room for each thread.
        let (run, room) = unsafe {
            let run = items.part(&(first..runs.ends[chunk + 1]));
            (run, rooms.part(&(thread * room..(thread + 1) * room)))
        };
        task(first, run, room);
    });
}

/// A slice that a job borrows, and whose parts its threads take.
struct Whole<'a, T> {
    at: *mut T,
    is_empty: bool,
    _slice: PhantomData<&'a mut [T]>,
}

// SAFETY: a job takes each part once, as `part` requires, on any thread.
unsafe impl<T: Send> Sync for Whole<'_, T> {}

impl<'a, T> Whole<'a, T> {
    fn of(slice: &'a mut [T]) -> Self {
        Self { at: slice.as_mut_ptr(), is_empty: slice.is_empty(), _slice: PhantomData }
    }

    /// The part of this range; empty if the slice is.
    ///
    /// # Safety
    /// The range is in the slice, unless the slice is empty, and does not overlap another range that was taken.
    unsafe fn part(&self, range: &Range<usize>) -> &'a mut [T] {
        if self.is_empty {
            return &mut [];
        }
        // SAFETY: promised by the caller.
        unsafe { core::slice::from_raw_parts_mut(self.at.add(range.start), range.len()) }
    }
}
