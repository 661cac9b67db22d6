//! Everything that can go wrong in the core, as numbers that cross into WebAssembly.

/// Why a call was refused. Nothing is written when one of these is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The allocator could not provide this many bytes.
    OutOfMemory {
        /// Bytes that were asked for.
        wanted: usize,
    },
    /// No optimizer has this id.
    UnknownRule,
    /// The optimizer takes another number of hyper-parameters.
    HyperCount,
    /// A row's length and shape disagree, or its address is not one of ours.
    MalformedRow,
}

impl Error {
    /// The number by which TypeScript knows the error; 0 is kept for "none".
    pub const fn code(self) -> u32 {
        match self {
            Error::OutOfMemory { .. } => 1,
            Error::UnknownRule => 2,
            Error::HyperCount => 3,
            Error::MalformedRow => 4,
        }
    }

    /// Bytes that could not be had, 0 for other errors.
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
