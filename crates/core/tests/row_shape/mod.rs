//! Row shapes of a plan, from the shapes of variables.

use gradstep_core::plan::RowShape;

/// The row shape of a variable with this shape.
pub fn row_shape(shape: &[usize], second_side: bool) -> RowShape {
    let axis = |from_end: usize| shape.len().checked_sub(from_end).map_or(1, |at| shape[at]);
    RowShape {
        rank: shape.len(),
        len: shape.iter().product(),
        rows: axis(2),
        cols: axis(1),
        second_side,
    }
}
