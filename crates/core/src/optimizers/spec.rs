//! The description of an optimizer, apart from its formula: arguments, defaults, slots.
//!
//! TypeScript reads these tables at run time, and allocates and names the state accordingly, so slot names are defined only in
//! Rust. A contract test compares the defaults with those of the TypeScript classes.

/// An optimizer's arguments and state.
#[derive(Debug)]
pub struct Spec {
    /// The name of the optimizer's file, in snake case.
    pub name: &'static str,
    /// Constructor arguments of the class, with Keras's names and defaults, `learning_rate` first. Booleans are
    /// 0 and 1; [`NONE`] stands for Keras's `None`.
    pub arguments: &'static [(&'static str, f64)],
    /// The default of the base argument `weight_decay`; [`NONE`] for most optimizers.
    pub weight_decay: f64,
    /// The slots, in Keras's creation order.
    pub slots: &'static [Slot],
    /// Names of up to [`SHARED`] numbers that all variables share, comma-separated. The first starts at 1, the others at 0.
    pub shared: &'static str,
}

/// The count of numbers that all variables share: those of [`Spec::shared`], then internal numbers of a step.
pub const SHARED: usize = 4;

/// Keras's `None` among the arguments.
pub const NONE: f64 = f64::NAN;

/// State kept per variable.
#[derive(Debug)]
pub struct Slot {
    /// Keras's name, the last part of the slot's path; "" if Keras names the slot after the variable.
    pub name: &'static str,
    /// Number of the slot's group. Slots of one group are created variable by variable; the next group then starts again with
    /// the first variable.
    pub group: u8,
    /// Its initial values.
    pub start: Start,
    /// Its shape.
    pub extent: Extent,
}

/// A slot's initial values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// Zeros.
    Zeros,
    /// The value of the argument with this index.
    Argument(usize),
    /// The variable's value at build.
    Variable,
}

/// A slot's shape, derived from the variable's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    /// The variable's shape.
    Full,
    /// The variable's shape without the last axis. Keras stores an integer 0 instead if the rank is below 2.
    Rows,
    /// The variable's shape without the second-last axis. Keras stores an integer 0 instead if the rank is below 2.
    Columns,
    /// The last axis only.
    Outputs,
}

impl Slot {
    /// A slot of the variable's shape that starts at zero.
    pub const fn zeros(name: &'static str, group: u8) -> Self {
        Self { name, group, start: Start::Zeros, extent: Extent::Full }
    }
}

impl Spec {
    /// The arguments' defaults, in order.
    pub fn defaults(&self) -> Vec<f64> {
        self.arguments.iter().map(|&(_, default)| default).collect()
    }
}
