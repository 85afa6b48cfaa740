//! What goes wrong with files.

use std::io;

use crate::StoreError;
use crate::store::codec::CodecError;

/// Why a store in a folder did not do what it was asked to. No path is in it: what a key is called
/// is nobody's business.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("cannot {0}")]
    Io(&'static str, #[source] io::Error),
    #[error("the folder is not one that its owner alone may use")]
    NotPrivate,
    #[error("the folder stayed locked by another")]
    Locked,
    #[error("there is no room, as others write")]
    Full,
    #[error("an entry of {bytes} bytes is too long; allowed are {allowed}")]
    TooLong { bytes: u64, allowed: u64 },
    #[error("the entry cannot be written")]
    Codec(#[from] CodecError),
    #[error("too much is under way already")]
    Busy,
    #[error("there is no runtime that would do it")]
    NoRuntime,
    #[error("the runtime ended before it was done")]
    Ended,
}

impl Failure {
    /// Returns what makes a failure of what was done when an I/O error came.
    pub(super) fn to(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io(doing, error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::new(failure)
    }
}
