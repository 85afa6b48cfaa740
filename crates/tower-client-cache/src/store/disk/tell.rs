//! Telling what there is.

use std::sync::atomic::Ordering::Relaxed;

use super::Disk;
use super::failure::Failure;
use crate::{Listed, Selection, StoreSize};

impl Disk {
    /// Returns entries of a selection, at most so many.
    pub(super) fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, Failure> {
        self.check_private()?;
        let mut listed = Vec::new();
        for name in self.names() {
            if listed.len() >= limit {
                break;
            }
            let name = name.map_err(Failure::to("look for entries"))?;
            let variants = self.variants(&name);
            for variant in variants.map_err(Failure::to("look for entries"))? {
                if let Some(record) = self.read_head(&name, variant)?
                    && record.is_of(selection)
                {
                    listed.push(record.into());
                }
            }
        }
        listed.truncate(limit);
        Ok(listed)
    }

    /// Returns how many entries there are, and how long their files.
    pub(super) fn size(&self) -> Result<StoreSize, Failure> {
        self.check_private()?;
        let (mut entries, mut bytes) = (0, 0_u64);
        for name in self.names() {
            let files = name.and_then(|name| self.files(&name));
            for (_, file) in files.map_err(Failure::to("look for entries"))? {
                entries += 1;
                bytes = bytes.saturating_add(file.metadata.len());
            }
        }
        let evictions = self.evictions.load(Relaxed);
        Ok(StoreSize::new(entries, bytes).with_evictions(evictions))
    }

    pub(super) fn count_eviction(&self) {
        self.evictions.fetch_add(1, Relaxed);
    }
}
