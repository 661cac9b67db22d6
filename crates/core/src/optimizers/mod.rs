//! The list of all optimizers. A new optimizer needs a file in this folder, and a line in the list.

pub mod rule;
pub mod spec;

use crate::memory::Gradients;
use crate::plan::{Pass, Plan, Prepare, RowShape};
use core::ops::Range;
use rule::Rule;
use spec::Spec;

/// The functions of a rule as a table, so that a plan needs no type parameter.
pub struct Entry {
    /// Arguments, defaults and slots.
    pub spec: Spec,
    pub(crate) has_slot: fn(usize, &[f64], RowShape) -> bool,
    pub(crate) workspace: fn(&[f64], RowShape) -> usize,
    pub(crate) packing: fn(RowShape) -> usize,
    pub(crate) weight_decay: fn(&[f64], f64, RowShape) -> f64,
    pub(crate) whole: bool,
    pub(crate) ends_early: bool,
    pub(crate) survey: Option<Run>,
    pub(crate) run: Run,
}

/// A function that processes a range of rows.
pub(crate) type Run = fn(&mut Plan, &Gradients, &Pass, Range<usize>);

const fn entry<R: Rule>() -> Entry {
    Entry {
        spec: R::SPEC,
        has_slot: R::has_slot,
        workspace: R::workspace,
        packing: R::packing,
        weight_decay: R::weight_decay,
        whole: R::WHOLE,
        ends_early: R::ENDS_EARLY,
        survey: if R::SURVEYS { Some(Plan::survey::<R>) } else { None },
        run: Plan::run::<R>,
    }
}

macro_rules! optimizers {
    ($($module:ident :: $rule:ident),* $(,)?) => {
        $(pub mod $module;)*
        /// All optimizers; the index of an optimizer is its id.
        pub static OPTIMIZERS: &[Entry] = &[$(entry::<$module::$rule>()),*];
    };
}

optimizers! {
    sgd::Sgd,
    rmsprop::RmsProp,
    adam::Adam,
    adamw::AdamW,
    adadelta::Adadelta,
    adagrad::Adagrad,
    adamax::Adamax,
    nadam::Nadam,
    ftrl::Ftrl,
    lion::Lion,
    schedule_free_adamw::ScheduleFreeAdamW,
    adafactor::Adafactor,
    lamb::Lamb,
    muon::Muon,
    radam::RAdam,
    nadamw::NAdamW,
    adabelief::AdaBelief,
    yogi::Yogi,
    signum::Signum,
    adopt::Adopt,
    ademamix::AdEmaMix,
    adan::Adan,
    rprop::Rprop,
    stable_adamw::StableAdamW,
    lars::Lars,
    mars::Mars,
    prodigy::Prodigy,
    dadapt_adam::DAdaptAdam,
    schedule_free_sgd::ScheduleFreeSgd,
    schedule_free_radam::ScheduleFreeRAdam,
}

/// The stages before an update that the caller computes. The id of this entry is the number of optimizers.
static CUSTOM: Entry = entry::<Prepare>();

/// The optimizer with this id.
pub(crate) fn entry_of(id: usize) -> Option<&'static Entry> {
    if id == OPTIMIZERS.len() { Some(&CUSTOM) } else { OPTIMIZERS.get(id) }
}

/// The id of the optimizer with this name.
pub fn id(name: &str) -> Option<usize> {
    OPTIMIZERS.iter().position(|entry| entry.spec.name == name)
}
