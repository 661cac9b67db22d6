//! Pooling over images.
