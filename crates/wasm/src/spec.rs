//! The tables of optimizers and schedules, as text that TypeScript parses once.

use gradstep_core::optimizers::OPTIMIZERS;
use gradstep_core::optimizers::spec::{Extent, Start};
use gradstep_core::schedules;
use wasm_bindgen::prelude::wasm_bindgen;

/// A line per optimizer, in the order of their ids:
/// `name|arguments, comma-separated|slots as name:group:extent, comma-separated|shared`.
#[wasm_bindgen]
pub fn optimizer_specs() -> String {
    let mut text = String::new();
    for entry in OPTIMIZERS {
        let spec = &entry.spec;
        text.push_str(spec.name);
        text.push('|');
        join(&mut text, spec.arguments.iter().map(|(name, _)| *name));
        text.push('|');
        for (i, slot) in spec.slots.iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            text.push_str(slot.name);
            text.push(':');
            text.push((b'0' + slot.group) as char);
            text.push_str(match slot.extent {
                Extent::Full => ":full",
                Extent::Rows => ":rows",
                Extent::Columns => ":columns",
            });
            text.push_str(match slot.start {
                Start::Variable => ":variable",
                Start::Zeros | Start::Argument(_) => "",
            });
        }
        text.push('|');
        text.push_str(spec.shared);
        text.push('\n');
    }
    text
}

/// Default of an optimizer's argument; NaN for `None`. Index -1 is the base argument `weight_decay`.
#[wasm_bindgen]
pub fn optimizer_default(rule: u32, argument: i32) -> f64 {
    let Some(entry) = OPTIMIZERS.get(rule as usize) else { return f64::NAN };
    if argument < 0 {
        return entry.spec.weight_decay;
    }
    entry.spec.arguments.get(argument as usize).map_or(f64::NAN, |&(_, default)| default)
}

/// A line per schedule, in the order of their ids: `name|arguments, comma-separated`.
#[wasm_bindgen]
pub fn schedule_specs() -> String {
    let mut text = String::new();
    for spec in schedules::SPECS {
        text.push_str(spec.name);
        text.push('|');
        join(&mut text, spec.arguments.iter().map(|(name, _)| *name));
        text.push('\n');
    }
    text
}

/// Default of a schedule's argument; NaN for `None` and for required ones.
#[wasm_bindgen]
pub fn schedule_default(id: u32, argument: u32) -> f64 {
    schedules::SPECS
        .get(id as usize)
        .and_then(|spec| spec.arguments.get(argument as usize))
        .map_or(f64::NAN, |&(_, default)| default)
}

fn join<'a>(text: &mut String, parts: impl Iterator<Item = &'a str>) {
    for (i, part) in parts.enumerate() {
        if i > 0 {
            text.push(',');
        }
        text.push_str(part);
    }
}
