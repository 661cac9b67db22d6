//! Sums, means, extremes and their indices along axes.
