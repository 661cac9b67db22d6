//! The seeded generator, and what is drawn from it.
