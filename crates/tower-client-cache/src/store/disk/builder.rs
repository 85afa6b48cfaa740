//! Where a store is, and how much it may hold.

use std::path::{Path, PathBuf};

use tower_client_call::InvalidSetting;

use super::{DiskStore, ledger};
use crate::store::codec::Codec;

/// What is smaller has no room for a few entries.
const LEAST_BYTES: u64 = 64 * 1024;
const MAX_BYTES: u64 = 256 * 1024 * 1024;
const MAX_ENTRY: u64 = 16 * 1024 * 1024;

/// Builds a [`DiskStore`].
#[derive(Clone, Debug)]
#[must_use = "builds nothing before `build`"]
pub struct DiskStoreBuilder {
    dir: PathBuf,
    max_bytes: u64,
    max_entry: Option<u64>,
    codec: Codec,
}

/// What was set.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) dir: PathBuf,
    pub(super) max_bytes: u64,
    pub(super) max_entry: u64,
    pub(super) codec: Codec,
}

impl DiskStoreBuilder {
    pub(super) fn new(dir: PathBuf) -> Self {
        Self {
            dir,
            max_bytes: MAX_BYTES,
            max_entry: None,
            codec: Codec::new(),
        }
    }

    /// Sets how many bytes all files together may take; 64 KiB or more. 256 MiB.
    ///
    /// Processes that share a folder should have the same.
    pub fn max_bytes(self, bytes: u64) -> Self {
        Self {
            max_bytes: bytes,
            ..self
        }
    }

    /// Sets how many bytes the content of one entry may have: `max_bytes` at most. 16 MiB, or
    /// `max_bytes` if that is less.
    pub fn max_entry(self, bytes: u64) -> Self {
        Self {
            max_entry: Some(bytes),
            ..self
        }
    }

    /// Sets how entries are written; processes that share a folder find only what is written as
    /// they would.
    pub fn codec(self, codec: Codec) -> Self {
        Self { codec, ..self }
    }

    /// Builds the store. Touches nothing yet: a folder that cannot be used is an error of what is
    /// done in it.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] if one cannot be used.
    pub fn build(self) -> Result<DiskStore, InvalidSetting> {
        let Self {
            dir,
            max_bytes,
            max_entry,
            codec,
        } = self;
        let is_named = dir != Path::new("");
        InvalidSetting::unless(is_named, "dir", &dir, "a path that is not empty")?;
        let is_enough = max_bytes >= LEAST_BYTES;
        InvalidSetting::unless(is_enough, "max_bytes", max_bytes, "65536 or more")?;
        let max_entry = max_entry.unwrap_or(MAX_ENTRY.min(max_bytes));
        let fits = max_entry <= max_bytes;
        InvalidSetting::unless(fits, "max_entry", max_entry, "max_bytes at most")?;
        Ok(DiskStore::with(Settings {
            dir,
            max_bytes,
            max_entry,
            codec,
        }))
    }
}

impl Settings {
    /// Returns how long a file may be that is read.
    pub(super) fn longest_file(&self) -> u64 {
        let overhead = u64::try_from(super::file::OVERHEAD).unwrap_or(u64::MAX);
        self.max_entry.saturating_add(overhead)
    }

    /// Returns how much room there is for files.
    pub(super) fn room(&self) -> u64 {
        self.max_bytes.saturating_sub(ledger::NOTHING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_refused() {
        let builder = DiskStore::builder("/cache");
        for (builder, expected) in [
            (
                DiskStore::builder(""),
                "dir is \"\"; allowed is a path that is not empty",
            ),
            (
                builder.clone().max_bytes(65_535),
                "max_bytes is 65535; allowed is 65536 or more",
            ),
            (
                builder.clone().max_bytes(65_536).max_entry(65_537),
                "max_entry is 65537; allowed is max_bytes at most",
            ),
        ] {
            assert_eq!(builder.build().unwrap_err().to_string(), expected);
        }
        assert!(builder.max_bytes(65_536).max_entry(65_536).build().is_ok());
    }

    #[test]
    fn an_entry_is_no_longer_than_everything() {
        for (max_bytes, expected) in [(1 << 20, 1 << 20), (1 << 30, 16 << 20)] {
            let store = DiskStore::builder("/cache").max_bytes(max_bytes);

            assert_eq!(store.build().unwrap().disk.settings.max_entry, expected);
        }
    }
}
