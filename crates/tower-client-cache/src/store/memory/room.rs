//! How much a store holds, and what has to go for something new.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

use super::shard::{Kept, Put, Shard};
use super::slots::{Held, Place};
use crate::{Entry, Key, Listed, Selection, StoreSize, VariantId, Variants};

/// The shards of a store and what they hold together.
///
/// One lock at a time, and never while memory is freed. A shard changes the numbers for all before
/// it is unlocked: who takes a lock finds no more than these say.
pub(super) struct Room {
    /// A power of two.
    shards: Box<[RwLock<Shard>]>,
    limits: Limits,
    entries: AtomicUsize,
    bytes: AtomicUsize,
    evictions: AtomicU64,
}

/// How much a store may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limits {
    pub(super) entries: usize,
    pub(super) bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 10_000,
            bytes: 64 << 20,
        }
    }
}

/// An entry that takes more than the whole store may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an entry of {bytes} bytes; allowed are {allowed}")]
pub(super) struct TooHeavy {
    pub(super) bytes: usize,
    pub(super) allowed: usize,
}

/// A shard of fewer entries would not know which of them are worth keeping.
const ENTRIES_OF_A_SHARD: usize = 512;
const MOST_SHARDS: usize = 16;

impl Room {
    pub(super) fn new(limits: Limits) -> Self {
        let shards = (limits.entries / ENTRIES_OF_A_SHARD).clamp(1, MOST_SHARDS);
        // The next lower power of two.
        let shards = 1 << shards.ilog2();
        Self {
            shards: (0..shards).map(|_| RwLock::default()).collect(),
            limits,
            entries: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            evictions: AtomicU64::new(0),
        }
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    pub(super) fn size(&self) -> StoreSize {
        // No platform's memory is larger.
        let [entries, bytes] = [&self.entries, &self.bytes]
            .map(|number| u64::try_from(number.load(Relaxed)).unwrap_or(u64::MAX));
        StoreSize::new(entries, bytes).with_evictions(self.evictions.load(Relaxed))
    }

    #[inline]
    pub(super) fn get(&self, key: &Key) -> Variants {
        let hash = key.hash_value();
        let Some(shard) = self.shards.get(self.index(hash)) else {
            return Variants::default();
        };
        let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
        shard.get(hash, key)
    }

    pub(super) fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), TooHeavy> {
        let hash = key.hash_value();
        let put = self.change(self.index(hash), |shard| {
            shard.put(hash, key, entry, &self.limits)
        });
        self.settle(hash, put)
    }

    /// Replaces the head of the entry of the same id.
    pub(super) fn update(&self, key: &Key, entry: &Arc<Entry>) -> Result<(), TooHeavy> {
        let (hash, variant) = (key.hash_value(), entry.variant());
        let put = self.change(self.index(hash), |shard| {
            let entry = updated(shard.entry(hash, key, variant)?, entry)?;
            shard.put(hash, key, entry, &self.limits)
        });
        self.settle(hash, put)
    }

    pub(super) fn delete(&self, key: &Key, variant: Option<VariantId>) -> u64 {
        let hash = key.hash_value();
        let gone = self.change(self.index(hash), |shard| shard.delete(hash, key, variant));
        gone.map_or(0, |(_, count)| number(count))
    }

    pub(super) fn delete_matching(&self, selection: &Selection) -> u64 {
        let gone = (0..self.shards.len())
            .filter_map(|index| self.change(index, |shard| Some(shard.delete_matching(selection))));
        gone.map(|entries| number(entries.len())).sum()
    }

    pub(super) fn list(&self, selection: &Selection, limit: usize) -> Vec<Listed> {
        let mut listed = Vec::new();
        for shard in &self.shards {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            shard.list(selection, limit, &mut listed);
        }
        listed
    }

    fn index(&self, hash: u64) -> usize {
        // Tables find places by the lowest bits and tell them apart by the highest.
        let bits = usize::try_from((hash >> 48) & 0xff).unwrap_or(0);
        bits & (self.shards.len() - 1)
    }

    /// Changes a shard, and the numbers for all by as much.
    fn change<T>(&self, index: usize, act: impl FnOnce(&mut Shard) -> Option<T>) -> Option<T> {
        let shard = self.shards.get(index)?;
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        let before = shard.held();
        let done = act(&mut shard);
        let after = shard.held();
        // Additions wrap: where there is less now, this takes it away.
        let entries = after.entries.wrapping_sub(before.entries);
        let bytes = after.bytes.wrapping_sub(before.bytes);
        self.entries.fetch_add(entries, Relaxed);
        self.bytes.fetch_add(bytes, Relaxed);
        done
    }

    /// Makes the room that something new has taken.
    fn settle(&self, hash: u64, put: Option<Put>) -> Result<(), TooHeavy> {
        let Some(Put { kept, .. }) = put else {
            return Ok(());
        };
        let Kept { at, evicted } = kept?;
        self.evictions.fetch_add(number(evicted), Relaxed);
        if self.is_over() {
            self.make_room(self.index(hash), at);
        }
        Ok(())
    }

    /// Evicts until all is within the limits: from shards that have more than their share, the own
    /// one first, then from any; but not what was just put.
    ///
    /// If all is over the limits, some shard is over its share; and the last of several that put
    /// something at once sees what all have put.
    fn make_room(&self, own: usize, kept: Place) {
        let count = self.shards.len();
        for fairly in [true, false] {
            for index in (own..count).chain(0..own) {
                let kept = (index == own).then_some(kept);
                while self.is_over() && self.evict(index, kept, fairly) {}
            }
        }
    }

    fn evict(&self, index: usize, kept: Option<Place>, fairly: bool) -> bool {
        let evicted = self.change(index, |shard| {
            if fairly && !self.is_over_share(shard.held()) {
                return None;
            }
            shard.evict(kept)
        });
        let Some(evicted) = evicted else {
            return false;
        };
        self.evictions
            .fetch_add(number(evicted.as_slice().len()), Relaxed);
        true
    }

    fn is_over(&self) -> bool {
        self.entries.load(Relaxed) > self.limits.entries
            || self.bytes.load(Relaxed) > self.limits.bytes
    }

    /// Tells whether a shard has more than its share of what there is too much of.
    fn is_over_share(&self, held: Held) -> bool {
        let count = self.shards.len();
        let Limits { entries, bytes } = self.limits;
        self.entries.load(Relaxed) > entries && held.entries > entries / count
            || self.bytes.load(Relaxed) > bytes && held.bytes > bytes / count
    }
}

/// Returns an entry with another head, unless its content is no longer the one that the head
/// belongs to: then that was replaced meanwhile, and one must not be served with the other.
fn updated(old: &Entry, new: &Entry) -> Option<Arc<Entry>> {
    let is_same = old.content_id() == new.content_id();
    is_same.then(|| Arc::new(old.with_head(new.head().clone())))
}

fn number(count: usize) -> u64 {
    // No platform's memory is larger.
    u64::try_from(count).unwrap_or(u64::MAX)
}
