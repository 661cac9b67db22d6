//! Operations on each element, of one operand or of two that are broadcast.
