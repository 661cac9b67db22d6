//! Rows by index: gather, scatter-add, one-hot.
