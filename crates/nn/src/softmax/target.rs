//! Targets of rows: a probability for each class, or the index of one class.

/// Labels of all rows.
#[derive(Clone, Copy)]
pub enum Labels<'a> {
    /// A row of probabilities for each row of outputs.
    Dense(&'a [f32]),
    /// One class for each row. The caller has checked the range.
    Sparse(&'a [i32]),
}

/// Labels of one row.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    Dense(&'a [f32]),
    Class(usize),
}

impl<'a> Labels<'a> {
    pub(super) fn row(self, row: usize, classes: usize) -> Target<'a> {
        match self {
            Labels::Dense(labels) => Target::Dense(&labels[row * classes..][..classes]),
            Labels::Sparse(labels) => Target::Class(labels[row] as usize),
        }
    }
}

impl Target<'_> {
    /// Calls `f(class, label)` for the classes whose label is not 0, in order. Most rows have only one such class, so a call
    /// through a pointer costs little, and keeps the module small.
    #[inline(never)]
    pub(super) fn each(self, f: &mut dyn FnMut(usize, f32)) {
        match self {
            Target::Class(class) => f(class, 1.0),
            Target::Dense(labels) => {
                for (class, &label) in labels.iter().enumerate() {
                    // A NaN is not equal to 0, so it is passed on.
                    if label != 0.0 {
                        f(class, label);
                    }
                }
            }
        }
    }
}
