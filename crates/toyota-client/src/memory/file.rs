//! A memory in a file.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use super::{NotKept, Remembered};
use crate::document::{self, Document, DocumentError, Found};

/// The file, and what is known of it.
#[derive(Debug)]
pub(super) struct MemoryFile {
    document: Document,
    /// Whether somebody has tried.
    was_read: AtomicBool,
    /// Whether it was told that it cannot be used.
    was_told: AtomicBool,
}

/// What is in the file, which nobody else changes.
pub(super) struct Opened<'a> {
    file: &'a MemoryFile,
    opened: document::Opened<'a>,
    is_new: bool,
}

impl MemoryFile {
    pub(super) fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            document: Document::new(path),
            was_read: AtomicBool::default(),
            was_told: AtomicBool::default(),
        }
    }

    /// Tells whether it was read, or tried to.
    pub(super) fn was_read(&self) -> bool {
        self.was_read.load(Ordering::Relaxed)
    }

    /// What this process knows is what is in the file, or all that can be known.
    pub(super) fn set_read(&self) {
        self.was_read.store(true, Ordering::Relaxed);
    }

    /// Returns what is remembered, if there is a file. Blocks.
    pub(super) fn open(&self) -> Result<(Option<Remembered>, Opened<'_>), NotKept> {
        let (found, opened) = self.document.open().map_err(|error| self.tell(&error))?;
        let is_new = matches!(found, Found::Nothing);
        let remembered = match found {
            Found::Nothing => None,
            Found::Document(remembered) => Some(remembered),
            Found::Damaged => {
                tracing::warn!(
                    path = %self.document.path().display(),
                    "what was remembered of cars is damaged, and is moved aside; no car is woken for an hour"
                );
                Some(Remembered {
                    // Whoever has a clock makes it his now.
                    lost: Some(Timestamp::MAX),
                    ..Remembered::default()
                })
            }
        };
        let opened = Opened {
            file: self,
            opened,
            is_new,
        };
        Ok((remembered, opened))
    }

    /// Tells what is wrong, but not with each call.
    fn tell(&self, error: &DocumentError) -> NotKept {
        if !self.was_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "what is learnt of cars cannot be kept; no car is woken"
            );
        }
        NotKept
    }
}

impl Opened<'_> {
    /// Keeps what is remembered now, if it is anything.
    pub(super) fn keep(&self, remembered: &Remembered) -> Result<(), NotKept> {
        if self.is_new && *remembered == Remembered::default() {
            return Ok(());
        }
        let kept = self.opened.keep(remembered);
        kept.map_err(|error| self.file.tell(&error))?;
        self.file.was_told.store(false, Ordering::Relaxed);
        Ok(())
    }
}
