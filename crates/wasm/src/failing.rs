//! An allocator that fails on request, for the tests: a part of the scalar test build alone.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::alloc::{GlobalAlloc, Layout, System};
use wasm_bindgen::prelude::wasm_bindgen;

struct Failing;

#[global_allocator]
static ALLOCATOR: Failing = Failing;

/// Allocations until one fails; 0 for none.
static LEFT: AtomicUsize = AtomicUsize::new(0);
/// Whether all later ones fail too, as if memory were full.
static STAYS_FULL: AtomicBool = AtomicBool::new(false);
/// Size of the memory that was just freed: this much can be allocated again, as with any full memory.
static FREED: AtomicUsize = AtomicUsize::new(0);
/// An allocation made this way, and the size that freeing it makes available.
static AGAIN: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

/// Makes the `n`-th allocation from here on fail, 0 for none; with `stays_full` all later ones too.
#[wasm_bindgen]
pub fn fail_allocation(n: u32, stays_full: bool) {
    LEFT.store(n as usize, Relaxed);
    STAYS_FULL.store(stays_full, Relaxed);
    FREED.store(0, Relaxed);
}

/// Remaining allocations until one fails; 0 after it has failed.
#[wasm_bindgen]
pub fn allocations_left() -> u32 {
    LEFT.load(Relaxed) as u32
}

fn fails() -> bool {
    match LEFT.load(Relaxed) {
        0 => STAYS_FULL.load(Relaxed),
        n => {
            LEFT.store(n - 1, Relaxed);
            n == 1
        }
    }
}

// SAFETY: allocations that do not fail are the system's, with the caller's layouts.
unsafe impl GlobalAlloc for Failing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let freed = FREED.swap(0, Relaxed);
        let is_again = layout.size() <= freed;
        if !is_again && fails() {
            return core::ptr::null_mut();
        }
        // SAFETY: as promised by the caller.
        let at = unsafe { System.alloc(layout) };
        if is_again {
            AGAIN[0].store(at as usize, Relaxed);
            AGAIN[1].store(freed, Relaxed);
        }
        at
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        let is_again = AGAIN[0].swap(0, Relaxed) == at as usize;
        FREED.store(if is_again { AGAIN[1].load(Relaxed) } else { layout.size() }, Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(at, layout) }
    }
}
