//! Strided copies: transpose, slice, pad, concatenate, broadcast.
