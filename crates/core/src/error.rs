//! Errors of the core, with the codes that report them to JavaScript.

/// The reason for refusing a call. A refused call writes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The allocator could not provide this many bytes.
    OutOfMemory {
        /// Bytes that were requested.
        wanted: usize,
    },
    /// No optimizer has this id.
    UnknownRule,
    /// The optimizer takes a different number of hyper-parameters.
    HyperCount,
    /// A row's length and shape disagree, or its address is invalid.
    MalformedRow,
}

impl Error {
    /// The code of the error in TypeScript; 0 is reserved for "no error".
    pub const fn code(self) -> u32 {
        match self {
            Error::OutOfMemory { .. } => 1,
            Error::UnknownRule => 2,
            Error::HyperCount => 3,
            Error::MalformedRow => 4,
        }
    }

    /// The bytes that could not be allocated; 0 for other errors.
    pub const fn wanted(self) -> usize {
        match self {
            Error::OutOfMemory { wanted } => wanted,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn codes_differ() {
        let all = [
            Error::OutOfMemory { wanted: 8 },
            Error::UnknownRule,
            Error::HyperCount,
            Error::MalformedRow,
        ];
        for (i, a) in all.iter().enumerate() {
            assert_ne!(a.code(), 0);
            for b in &all[i + 1..] {
                assert_ne!(a.code(), b.code());
            }
        }
        assert_eq!(all[0].wanted(), 8);
    }
}
