//! Writing entries, as a whole or not at all.

use std::cmp::Reverse;

use fastrand::Rng;

use super::failure::Failure;
use super::file::Written;
use super::lock::Locked;
use super::read::{There, Whole};
use super::temporary::Temporary;
use super::{Disk, ledger, now};
use crate::policy::Timestamp;
use crate::store::codec::Name;
use crate::store::useful::{lengthened, useful_for};
use crate::{Entry, Head, Key, VariantId, Variants};

impl Disk {
    /// Keeps an entry; if it cannot, forgets the one that it was to replace.
    pub(super) fn put(&self, key: &Key, entry: &Entry) -> Result<(), Failure> {
        let (name, variant) = (self.settings.codec.name(key), entry.variant());
        let kept = self.try_put(key, entry, &name);
        // Who has the lock will not let go now either.
        if kept.is_err() && !matches!(kept, Err(Failure::Locked | Failure::NotPrivate)) {
            drop(self.delete(key, Some(variant)));
        }
        kept
    }

    fn try_put(&self, key: &Key, entry: &Entry, name: &Name) -> Result<(), Failure> {
        check_length(entry.content().len(), self.settings.max_entry)?;
        let codec = &self.settings.codec;
        let head = codec.encode_head(key, entry)?;
        let content = codec.encode_content(key, entry)?;
        let expires = expires(entry.head(), now(), &mut Rng::new());
        let temporary = self.write_entry(&Written::new(expires, &head, content.into())?)?;
        let mut locked = self.lock()?;
        let path = self.folder.entry(name, entry.variant());
        self.move_to(&mut locked, temporary, &path)?;
        self.drop_oldest(&mut locked, name)
    }

    /// Replaces the head of an entry, if it is still there and of the same content.
    pub(super) fn update(&self, key: &Key, update: &Entry) -> Result<(), Failure> {
        let (name, variant) = (self.settings.codec.name(key), update.variant());
        let has_any = self.has_folder(&name);
        if !has_any.map_err(Failure::to("look for entries"))? {
            return Ok(());
        }
        let There::Whole(whole) = self.read(key, &name, variant)? else {
            return Ok(());
        };
        let Whole { entry, content } = *whole;
        if entry.content_id() != update.content_id() {
            return Ok(());
        }
        let entry = entry.with_head(update.head().clone());
        let head = self.settings.codec.encode_head(key, &entry)?;
        let expires = expires(entry.head(), now(), &mut Rng::new());
        let temporary = self.write_entry(&Written::new(expires, &head, content)?)?;
        let mut locked = self.lock()?;
        let there = self.read_head(&name, variant)?;
        if there.is_some_and(|there| there.content_id == entry.content_id()) {
            let path = self.folder.entry(&name, variant);
            return self.move_to(&mut locked, temporary, &path);
        }
        let charge = temporary.charge();
        drop(temporary);
        locked.give_back(charge)
    }

    fn write_entry(&self, written: &Written) -> Result<Temporary, Failure> {
        // What cannot fit must not push out all that does.
        check_length(ledger::charge(written.len()), self.settings.room())?;
        self.write(written)
    }

    /// Drops the oldest entries of a key that has too many.
    fn drop_oldest(&self, locked: &mut Locked<'_>, name: &Name) -> Result<(), Failure> {
        let variants = self.variants(name);
        let variants = variants.map_err(Failure::to("look for entries"))?;
        if variants.len() <= Variants::MOST {
            return Ok(());
        }
        let mut dated = Vec::with_capacity(variants.len());
        for variant in variants {
            dated.push((self.date(name, variant)?, variant));
        }
        dated.sort_unstable_by_key(|(date, _)| Reverse(*date));
        for (_, variant) in dated.into_iter().skip(Variants::MOST) {
            if self.remove(locked, name, variant)? {
                self.count_eviction();
            }
        }
        Ok(())
    }

    /// Returns how old an entry is, as [`Variants`] are ordered; what cannot be read is the oldest.
    fn date(
        &self,
        name: &Name,
        variant: VariantId,
    ) -> Result<Option<(Timestamp, Timestamp)>, Failure> {
        let record = self.read_head(name, variant)?;
        let stored = record.map(|record| record.head.stored);
        Ok(stored.map(|stored| (stored.date(), stored.received())))
    }
}

fn check_length(bytes: u64, allowed: u64) -> Result<(), Failure> {
    if bytes <= allowed {
        return Ok(());
    }
    Err(Failure::TooLong { bytes, allowed })
}

/// Returns until when an entry is kept where there is room.
fn expires(head: &Head, now: Timestamp, random: &mut Rng) -> Timestamp {
    let seconds = lengthened(useful_for(head, now), random).as_secs();
    Timestamp(now.0.saturating_add_unsigned(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::disk::tests::given::entry;

    #[test]
    fn what_came_together_does_not_go_together() {
        let (mut random, now) = (Rng::with_seed(7), Timestamp(1_700_000_000));
        let entry = entry(1, 10);

        let expiries = [(); 100].map(|()| expires(entry.head(), now, &mut random).since(now));

        assert!(expiries.iter().all(|after| (1000..=1100).contains(after)));
        assert!(expiries.iter().any(|after| *after < 1020));
        assert!(expiries.iter().any(|after| *after > 1080));
    }
}
