//! Softmax and the cross-entropies.
