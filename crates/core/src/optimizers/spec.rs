//! Description of an optimizer, apart from its formula: arguments, defaults, slots.
//!
//! TypeScript reads these tables at run time to lay out and name the state, so slot names are defined only in Rust. A
//! contract test compares the defaults with those of the TypeScript classes.

/// An optimizer's arguments and state.
#[derive(Debug)]
pub struct Spec {
    /// The name of the optimizer's file, in snake case.
    pub name: &'static str,
    /// Constructor arguments of the class, with Keras's names and defaults, `learning_rate` first. Booleans are
    /// 0 and 1; [`NONE`] stands for Keras's `None`.
    pub arguments: &'static [(&'static str, f64)],
    /// Keras's default for the base argument `weight_decay`, [`NONE`] for all but AdamW and Muon.
    pub weight_decay: f64,
    /// Slots in Keras's creation order.
    pub slots: &'static [Slot],
    /// Names of up to [`SHARED`] numbers that all variables share, comma-separated. The first starts at 1, the others at 0.
    pub shared: &'static str,
}

/// Numbers that all variables share: those of [`Spec::shared`], then the internal ones of a step.
pub const SHARED: usize = 4;

/// Keras's `None` among the arguments.
pub const NONE: f64 = f64::NAN;

/// State kept per variable.
#[derive(Debug)]
pub struct Slot {
    /// Keras's name, last part of the slot's path; "" where Keras names it after the variable.
    pub name: &'static str,
    /// Slots of one group are created variable by variable; a new group starts again with the first variable.
    pub group: u8,
    /// Its initial value.
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

/// A slot's shape, from the variable's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    /// The variable's shape.
    Full,
    /// Without the last axis. Keras stores an integer 0 instead if the rank is below 2.
    Rows,
    /// Without the second-last axis. Keras stores an integer 0 instead if the rank is below 2.
    Columns,
    /// Only the last axis.
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
