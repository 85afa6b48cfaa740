//! What is wrong with a document's file.

use std::io;
use std::path::{Path, PathBuf};

/// What is wrong with a document's file, and which. Holds nothing of what is in it.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be used", path.display())]
pub(crate) struct DocumentError {
    path: PathBuf,
    source: Fault,
}

/// What is wrong with a document's file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("it cannot be {0}")]
    Io(&'static str, #[source] io::Error),
    #[error("it is not a regular file")]
    NotAFile,
    #[error("it was written by a newer version (format {0})")]
    Newer(u64),
    #[error("it would be larger than 16 MiB")]
    TooLarge,
    #[error("it cannot be written as JSON")]
    NotJson,
    #[error("it stayed locked by another process")]
    Locked,
}

impl Fault {
    /// Returns what makes a fault of an I/O error; `done` is a participle.
    pub(super) fn not(done: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io(done, error)
    }

    pub(super) fn at(self, path: &Path) -> DocumentError {
        DocumentError {
            path: path.to_owned(),
            source: self,
        }
    }
}

impl DocumentError {
    #[cfg(test)]
    pub(crate) fn fault(&self) -> &Fault {
        &self.source
    }
}
