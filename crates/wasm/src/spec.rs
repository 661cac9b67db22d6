//! The tables of optimizers and schedules as text, which TypeScript parses once.

use gradstep_core::optimizers::OPTIMIZERS;
use gradstep_core::optimizers::spec::{Extent, Start};
use gradstep_core::schedules;
use wasm_bindgen::prelude::wasm_bindgen;

/// ASCII text in the caller's memory. A `String` would abort if memory is full.
struct Text<'a> {
    out: &'a mut [u8],
    /// The bytes so far, including those that did not fit.
    len: usize,
}

impl Text<'_> {
    fn push(&mut self, text: &str) {
        for &byte in text.as_bytes() {
            self.push_byte(byte);
        }
    }

    fn push_byte(&mut self, byte: u8) {
        if let Some(out) = self.out.get_mut(self.len) {
            *out = byte;
        }
        self.len += 1;
    }

    fn list<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        for (i, each) in items.iter().enumerate() {
            self.push(if i > 0 { "," } else { "" });
            item(self, each);
        }
    }
}

/// Writes as much of a table as fits into `room` bytes at `out`, and returns the table's total length. It has a line per entry,
/// in the order of ids: `name|arguments` for schedules, `name|arguments|slots|shared` for optimizers. Arguments and slots
/// (`name:group:extent`) are comma-separated.
///
/// # Safety
/// The contract in lib.rs.
#[wasm_bindgen]
pub unsafe fn spec_text(of_schedules: bool, out: u32, room: u32) -> u32 {
    // If `room` is 0, the address may be 0.
    let out = match room {
        0 => &mut [],
        // SAFETY: the caller has allocated this memory.
        _ => unsafe { core::slice::from_raw_parts_mut(out as *mut u8, room as usize) },
    };
    let mut text = Text { out, len: 0 };
    if of_schedules {
        for spec in schedules::SPECS {
            text.push(spec.name);
            text.push("|");
            text.list(spec.arguments, |text, (name, _)| text.push(name));
            text.push("\n");
        }
    } else {
        optimizers(&mut text);
    }
    text.len as u32
}

fn optimizers(text: &mut Text) {
    for entry in OPTIMIZERS {
        let spec = &entry.spec;
        text.push(spec.name);
        text.push("|");
        text.list(spec.arguments, |text, (name, _)| text.push(name));
        text.push("|");
        text.list(spec.slots, |text, slot| {
            text.push(slot.name);
            text.push(":");
            text.push_byte(b'0' + slot.group);
            text.push(match slot.extent {
                Extent::Full => ":full",
                Extent::Rows => ":rows",
                Extent::Columns => ":columns",
                Extent::Outputs => ":outputs",
            });
            text.push(match slot.start {
                Start::Variable => ":variable",
                Start::Zeros | Start::Argument(_) => "",
            });
        });
        text.push("|");
        text.push(spec.shared);
        text.push("\n");
    }
}

/// The default of an optimizer's argument; NaN for `None`. Index -1 is the base argument `weight_decay`.
#[wasm_bindgen]
pub fn optimizer_default(rule: u32, argument: i32) -> f64 {
    let Some(entry) = OPTIMIZERS.get(rule as usize) else { return f64::NAN };
    if argument < 0 {
        return entry.spec.weight_decay;
    }
    entry.spec.arguments.get(argument as usize).map_or(f64::NAN, |&(_, default)| default)
}

/// The default of a schedule's argument; NaN for `None` and for required arguments.
#[wasm_bindgen]
pub fn schedule_default(id: u32, argument: u32) -> f64 {
    schedules::SPECS
        .get(id as usize)
        .and_then(|spec| spec.arguments.get(argument as usize))
        .map_or(f64::NAN, |&(_, default)| default)
}
