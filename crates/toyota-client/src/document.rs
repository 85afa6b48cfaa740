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

/// A document that nobody else changes.
#[derive(Debug)]
pub(crate) struct Opened<'a> {
    document: &'a Document,
    is_damaged: bool,
    before: Option<file::Content>,
    _locked: lock::Locked,
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

    /// Returns what is in the file, and nobody else changes it until what comes with it is dropped.
    ///
    /// Fails if the file cannot be read, if it was written by a newer version, or if others hold the
    /// lock for long.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
    ) -> Result<(Found<T>, Opened<'_>), DocumentError> {
        let open = || {
            let locked = lock::take(&self.beside("lock"))?;
            let before = file::read(&self.path)?;
            let found = match &before {
                None => Found::Nothing,
                Some(file::Content::TooLarge) => Found::Damaged,
                Some(file::Content::Text(text)) => text::parse(text)?,
            };
            let opened = Opened {
                document: self,
                is_damaged: matches!(found, Found::Damaged),
                before,
                _locked: locked,
            };
            Ok((found, opened))
        };
        open().map_err(|fault: Fault| fault.at(&self.path))
    }

    /// Returns the path of a file that belongs to this one.
    fn beside(&self, extension: &str) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(".");
        name.push(extension);
        name.into()
    }
}

impl Opened<'_> {
    /// Puts a document in place of what was found, if it is another. To be called once.
    pub(crate) fn keep<T: Serialize>(&self, document: &T) -> Result<(), DocumentError> {
        let Document { path } = self.document;
        let keep = || {
            let after = text::render(document)?;
            if self.before.as_ref().is_some_and(|before| before.is(&after)) {
                return Ok(());
            }
            if self.is_damaged {
                file::rename(path, &self.document.beside("damaged"))?;
            }
            file::replace(path, &self.document.beside("tmp"), &after)
        };
        keep().map_err(|fault: Fault| fault.at(path))
    }
}
