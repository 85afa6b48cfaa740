//! A JSON document in a file, which processes change one after the other. Blocks.

mod fault;
mod file;
mod lock;
#[cfg(test)]
mod tests;
mod text;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use self::fault::{DocumentError, Fault};

/// A document in a file that only its owner may read.
///
/// It is replaced as a whole, so that who reads it finds the old one or the new one. Beside it is a
/// `.lock`, which stays for ever: to delete one that somebody waits for would give two the same lock.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    path: PathBuf,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found<T> {
    /// There is no file.
    Nothing,
    /// A document.
    Document(T),
    /// Something that is none. It is moved aside when there is another to be kept.
    Damaged,
}

impl Document {
    /// The document of this file. Touches nothing yet.
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a document of what is in the file, and keeps it there if it is another. Nobody else changes
    /// it meanwhile.
    ///
    /// Fails, and keeps nothing, if the file cannot be read or written, if it was written by a newer
    /// version, or if others hold the lock for long.
    pub(crate) fn change<T, R>(
        &self,
        change: impl FnOnce(Found<T>) -> (T, R),
    ) -> Result<R, DocumentError>
    where
        T: Serialize + DeserializeOwned,
    {
        let changed = || {
            let _locked = lock::take(&self.beside("lock"))?;
            let before = file::read(&self.path)?;
            let found = match &before {
                None => Found::Nothing,
                Some(file::Content::TooLarge) => Found::Damaged,
                Some(file::Content::Text(text)) => text::parse(text)?,
            };
            let is_damaged = matches!(found, Found::Damaged);
            let (document, result) = change(found);
            let after = text::render(&document)?;
            if before == Some(file::Content::Text(after.clone())) {
                return Ok(result);
            }
            if is_damaged {
                file::rename(&self.path, &self.beside("damaged"))?;
            }
            file::replace(&self.path, &self.beside("tmp"), &after)?;
            Ok(result)
        };
        changed().map_err(|fault: Fault| fault.at(&self.path))
    }

    /// Returns the path of a file that belongs to this one.
    fn beside(&self, extension: &str) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(".");
        name.push(extension);
        name.into()
    }
}
