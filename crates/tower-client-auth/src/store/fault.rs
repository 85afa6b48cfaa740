//! What is wrong with a file of a store.

use std::io;
use std::path::{Path, PathBuf};

/// What is wrong with a file of a store, which, and what helps. Holds nothing of what is in it.
#[derive(Debug, thiserror::Error)]
#[error("{} {wrong}", path.display())]
pub(super) struct FileError {
    path: PathBuf,
    wrong: Wrong,
    source: Option<io::Error>,
}

/// What is wrong, and what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Wrong {
    #[error("is not a regular file: remove it and sign in again")]
    NotAFile,
    #[error("is larger than 64 KiB: remove it and sign in again")]
    TooLarge,
    #[error("is damaged: remove it and sign in again")]
    Damaged,
    #[error(
        "was written by a newer version (format {0}): use that one, or remove the file and sign \
         in again"
    )]
    Newer(u64),
    #[error("holds another's credential: remove it and sign in again")]
    Foreign,
    #[error("has times that cannot be: remove it and sign in again")]
    Times,
    #[error("is open to others (mode {0:03o}): `chmod 600` it if nobody else has read it")]
    Exposed(u32),
    #[error("is a directory that others may write to (mode {0:03o}): `chmod 700` it")]
    OpenDirectory(u32),
    #[error("is not a directory: remove it, or keep credentials elsewhere")]
    NotADirectory,
    #[error("is not a lock file: remove it")]
    NotALock,
    #[error("cannot hold a credential of more than 64 KiB")]
    WouldBeTooLarge,
    #[error("cannot hold a credential with times after the year 9999")]
    WouldHaveTimes,
    #[error("cannot be {0}: see to it that its owner runs this, and that there is room")]
    Io(&'static str),
}

impl Wrong {
    pub(super) fn at(self, path: &Path) -> FileError {
        FileError {
            path: path.to_owned(),
            wrong: self,
            source: None,
        }
    }
}

/// Says of what cannot be done to a file which file it is.
pub(super) trait At<T> {
    /// `done` is a participle.
    fn at(self, path: &Path, done: &'static str) -> Result<T, FileError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path, done: &'static str) -> Result<T, FileError> {
        self.map_err(|error| FileError {
            path: path.to_owned(),
            wrong: Wrong::Io(done),
            source: Some(error),
        })
    }
}
