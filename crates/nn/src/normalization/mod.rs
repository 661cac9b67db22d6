//! Batch and layer normalization.
//!
//! Both compute `y = (x - mean) / sqrt(variance + epsilon) * gamma + beta` for a matrix; batch normalization has a mean and a
//! variance for each column, layer normalization for each row. Sums are in double precision and in a fixed order. A second
//! pass computes the population variance, from the squares of `x - mean`.

mod batch;
mod layer;

pub use batch::{batch_input_gradient, batch_normalize, batch_statistics, batch_sums};
pub use layer::{layer_input_gradient, layer_normalize, layer_sums};

/// `1 / sqrt(variance + epsilon)`
#[inline(never)]
fn inverse_deviation(variance: f32, epsilon: f32) -> f32 {
    (1.0 / (f64::from(variance) + f64::from(epsilon)).sqrt()) as f32
}
