//! An allocator that fails on request, for tests; only in the scalar test build.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::alloc::{GlobalAlloc, Layout, System};
use wasm_bindgen::prelude::wasm_bindgen;

struct Failing;

#[global_allocator]
static ALLOCATOR: Failing = Failing;

/// The number of allocations until one fails; 0 if none will fail.
static LEFT: AtomicUsize = AtomicUsize::new(0);
/// Whether all later allocations fail too, as if memory were full.
static STAYS_FULL: AtomicBool = AtomicBool::new(false);
/// The size of the memory that was just freed: as with any full memory, this much can be allocated again.
static FREED: AtomicUsize = AtomicUsize::new(0);
/// The address of an allocation that reused freed memory, and the size that becomes available again when it is freed.
static AGAIN: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

/// Makes the `n`-th allocation from now on fail, or none for 0; with `stays_full`, all later ones too.
#[wasm_bindgen]
pub fn fail_allocation(n: u32, stays_full: bool) {
    LEFT.store(n as usize, Relaxed);
    STAYS_FULL.store(stays_full, Relaxed);
    FREED.store(0, Relaxed);
}

/// The number of allocations until one fails; 0 after it has failed.
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

// SAFETY: allocations that do not fail are those of the system allocator, with the caller's layouts.
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
