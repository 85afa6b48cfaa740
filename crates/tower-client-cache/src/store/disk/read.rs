//! Reading entries; what cannot be read is not there.

use std::fs::{self, File, Metadata};
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::Disk;
use super::failure::Failure;
use super::file::{self, Parts};
use crate::store::codec::{Name, Record};
use crate::{Entry, Key, VariantId, Variants};

/// How exactly it is known when an entry was used last: to write it down is more than to read it.
const EXACTNESS: Duration = Duration::from_secs(60);

/// An entry as it is read, with the blob of its content.
pub(super) struct Whole {
    pub(super) entry: Entry,
    pub(super) content: Bytes,
}

/// What is found in the place of an entry.
pub(super) enum There {
    Nothing,
    /// Nothing that was written for this place, as a whole and in this version.
    Useless,
    Whole(Box<Whole>),
}

impl Disk {
    pub(super) fn get(&self, key: &Key) -> Result<Variants, Failure> {
        self.check_private()?;
        let name = self.settings.codec.name(key);
        let variants = self.variants(&name);
        let variants = variants.map_err(Failure::to("look for entries"))?;
        let mut entries = Vec::new();
        for variant in variants.into_iter().take(Variants::MOST) {
            match self.read(key, &name, variant)? {
                There::Whole(whole) => entries.push(whole.entry.into()),
                There::Useless => self.discard(key, &name, variant),
                There::Nothing => {}
            }
        }
        Ok(entries.into_iter().collect())
    }

    /// Reads an entry, and notes that it was used.
    pub(super) fn read(
        &self,
        key: &Key,
        name: &Name,
        variant: VariantId,
    ) -> Result<There, Failure> {
        let path = self.folder.entry(name, variant);
        let read = file::read(&path, self.settings.longest_file());
        let Some((bytes, file, metadata)) = read.map_err(Failure::to("read an entry"))? else {
            return Ok(There::Nothing);
        };
        let whole = self.decode(key, name, variant, &bytes);
        Ok(whole.map_or(There::Useless, |whole| {
            note_use(&file, &metadata);
            There::Whole(Box::new(whole))
        }))
    }

    fn decode(&self, key: &Key, name: &Name, variant: VariantId, file: &Bytes) -> Option<Whole> {
        let Parts { head, content } = Parts::of(file)?;
        let record = self.settings.codec.decode_head(name, &head).ok()?;
        if record.key != *key || record.variant() != variant {
            return None;
        }
        let codec = &self.settings.codec;
        let entry = codec.decode_content(name, &record, &content).ok()?;
        Some(Whole {
            entry: record.into_entry(entry),
            content,
        })
    }

    /// Reads the head of an entry alone; `None` if it is not there, or cannot be read.
    pub(super) fn read_head(
        &self,
        name: &Name,
        variant: VariantId,
    ) -> Result<Option<Record>, Failure> {
        let head = file::read_head(&self.folder.entry(name, variant));
        let head = head.map_err(Failure::to("read the head of an entry"))?;
        let record = head.and_then(|head| self.settings.codec.decode_head(name, &head).ok());
        Ok(record.filter(|record| record.variant() == variant))
    }

    /// Removes what cannot be read, if that needs no waiting and it is still there.
    fn discard(&self, key: &Key, name: &Name, variant: VariantId) {
        tracing::debug!("what cannot be read is removed from the cache's folder");
        let Ok(mut locked) = self.try_lock() else {
            return;
        };
        if let Ok(There::Useless) = self.read(key, name, variant) {
            // If it stays, it is looked at again by whoever makes room.
            drop(self.remove(&mut locked, name, variant));
        }
    }
}

/// Writes down that a file is used, as its time of change; where that cannot be had, it seems
/// unused.
fn note_use(file: &File, metadata: &Metadata) {
    let now = SystemTime::now();
    let is_known = metadata.modified().is_ok_and(|noted| {
        let distance = now.duration_since(noted);
        distance.unwrap_or_else(|ahead| ahead.duration()) < EXACTNESS
    });
    if !is_known {
        drop(file.set_times(fs::FileTimes::new().set_modified(now)));
    }
}
