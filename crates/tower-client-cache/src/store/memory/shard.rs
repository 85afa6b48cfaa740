//! A part of a store: what one lock guards.

mod evict;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use hashbrown::HashTable;

use super::ghost::Ghost;
use super::packed::{self, PackedKey};
use super::queue::Queue;
use super::room::{Limits, TooHeavy};
use super::slots::{Held, Line, Place, Slot, Slots, overhead, weight};
use crate::{Entry, Key, Listed, Selection, VariantId, Variants};

/// Keys, found by their hashes, and the order in which they are dropped.
///
/// What a method returns of what it forgot is to be dropped after the lock.
#[derive(Default)]
pub(super) struct Shard {
    table: HashTable<Place>,
    slots: Slots,
    small: Queue,
    main: Queue,
    ghost: Ghost,
    held: Held,
    /// How many bytes of it what is new takes.
    small_bytes: usize,
}

/// What came of an entry that was to be kept.
pub(super) struct Put {
    pub(super) kept: Result<Kept, TooHeavy>,
    /// The entries that the key had.
    pub(super) _before: Variants,
}

/// Where an entry is kept.
pub(super) struct Kept {
    pub(super) at: Place,
    /// How many others of its key had to go.
    pub(super) evicted: usize,
}

impl Shard {
    pub(super) fn held(&self) -> Held {
        self.held
    }

    /// Returns the entries of a key.
    #[inline]
    pub(super) fn get(&self, hash: u64, key: &Key) -> Variants {
        let Some((_, slot)) = self.find(hash, key) else {
            return Variants::default();
        };
        slot.note_hit();
        slot.variants.clone()
    }

    /// Keeps an entry; if it cannot, forgets the one that it was to replace. `None` if there is no
    /// place.
    pub(super) fn put(
        &mut self,
        hash: u64,
        key: &Key,
        entry: Arc<Entry>,
        limits: &Limits,
    ) -> Option<Put> {
        let (bytes, allowed) = (weight_alone(key, &entry), limits.bytes);
        if bytes > allowed {
            let (before, _) = self.delete(hash, key, Some(entry.variant())).unzip();
            return Some(Put {
                kept: Err(TooHeavy { bytes, allowed }),
                _before: before.unwrap_or_default(),
            });
        }
        let found = self.find(hash, key).map(|(at, _)| at);
        let at = found.or_else(|| self.add(hash, key))?;
        let slot = self.slots.get(at)?;
        let replaced = usize::from(slot.variants.find(entry.variant()).is_some());
        let count = slot.variants.as_slice().len() + 1 - replaced;
        let variants = slot.variants.with(Arc::clone(&entry));
        let variants = fitting(slot, variants, &entry, limits);
        let evicted = count - variants.as_slice().len();
        let kept = Ok(Kept { at, evicted });
        let _before = self.set(at, variants);
        Some(Put { kept, _before })
    }

    /// Forgets the entry of this id, or all of the key; returns those that it had, and how many
    /// of these went.
    pub(super) fn delete(
        &mut self,
        hash: u64,
        key: &Key,
        variant: Option<VariantId>,
    ) -> Option<(Variants, usize)> {
        let (at, slot) = self.find(hash, key)?;
        let rest = variant.map_or_else(Variants::default, |variant| slot.variants.without(variant));
        let left = rest.as_slice().len();
        let before = self.set(at, rest);
        let gone = before.as_slice().len() - left;
        Some((before, gone))
    }

    /// Returns the entry of this id.
    pub(super) fn entry(&self, hash: u64, key: &Key, variant: VariantId) -> Option<&Arc<Entry>> {
        let (_, slot) = self.find(hash, key)?;
        slot.variants.find(variant)
    }

    /// Forgets all entries of a selection, and returns them.
    pub(super) fn delete_matching(&mut self, selection: &Selection) -> Vec<Arc<Entry>> {
        let mut gone = Vec::new();
        for at in self.slots.places() {
            let Some(slot) = self.slots.get(at) else {
                continue;
            };
            let entries = slot.variants.as_slice().iter();
            let is_meant = |entry: &&Arc<Entry>| slot.key.is_meant(selection, entry);
            if !entries.clone().any(|entry| is_meant(&entry)) {
                continue;
            }
            let (meant, rest): (Vec<_>, Vec<_>) = entries.partition(is_meant);
            gone.extend(meant.into_iter().cloned());
            let rest = rest.into_iter().cloned().collect();
            drop(self.set(at, rest));
        }
        gone
    }

    /// Lists entries of a selection, until there are so many.
    pub(super) fn list(&self, selection: &Selection, limit: usize, listed: &mut Vec<Listed>) {
        for slot in self.slots.iter() {
            let entries = slot.variants.as_slice().iter();
            let mut meant = entries
                .filter(|entry| slot.key.is_meant(selection, entry))
                .take(limit.saturating_sub(listed.len()))
                .peekable();
            if meant.peek().is_none() {
                continue;
            }
            if let Some(key) = slot.key.unpack() {
                listed.extend(meant.map(|entry| Listed::new(key.clone(), entry)));
            }
        }
    }

    #[inline]
    fn find(&self, hash: u64, key: &Key) -> Option<(Place, &Slot)> {
        let slot = |at: &Place| self.slots.get(*at).filter(|slot| slot.hash == hash);
        let at = self.table.find(hash, |at| slot(at).is_some())?;
        let found = self.slots.get(*at)?;
        if found.key.is(key) {
            return Some((*at, found));
        }
        self.find_among_equal(hash, key)
    }

    /// Finds a key among others of the same hash, which are as good as never there.
    #[cold]
    fn find_among_equal(&self, hash: u64, key: &Key) -> Option<(Place, &Slot)> {
        let at = self.table.find(hash, |at| {
            let slot = self.slots.get(*at);
            slot.is_some_and(|slot| slot.hash == hash && slot.key.is(key))
        })?;
        Some((*at, self.slots.get(*at)?))
    }

    /// Adds a key that is not there; `None` if there is no place.
    fn add(&mut self, hash: u64, key: &Key) -> Option<Place> {
        let newest = self.small.newest().and_then(|at| self.slots.get(at));
        let key = PackedKey::new(key, newest.map(|slot| &slot.key));
        // What comes back so soon after it was dropped is used more than once.
        let line = if self.ghost.take(hash) {
            Line::Main
        } else {
            Line::Small
        };
        let at = self.slots.add(Slot::new(key, hash, line))?;
        let Self { table, slots, .. } = self;
        table.insert_unique(hash, at, |at| slots.get(*at).map_or(0, |slot| slot.hash));
        self.queue(line, at);
        Some(at)
    }

    /// Sets the entries of a slot, which goes if these are none; returns those that it had.
    fn set(&mut self, at: Place, variants: Variants) -> Variants {
        if variants.is_empty() {
            return self
                .remove(at)
                .map_or_else(Variants::default, |slot| slot.variants);
        }
        let Some(slot) = self.slots.get_mut(at) else {
            return Variants::default();
        };
        let before = slot.held();
        let variants = std::mem::replace(&mut slot.variants, variants);
        let after = slot.held();
        self.held = self.held.without(before).with(after);
        if slot.line == Line::Small {
            self.small_bytes = self.small_bytes - before.bytes + after.bytes;
        }
        variants
    }

    fn remove(&mut self, at: Place) -> Option<Slot> {
        let slot = self.slots.get(at)?;
        let line = slot.line;
        if let Ok(found) = self.table.find_entry(slot.hash, |other| *other == at) {
            found.remove();
        }
        self.unqueue(line, at);
        let slot = self.slots.take(at)?;
        self.held = self.held.without(slot.held());
        if self.table.is_empty() {
            // The memory of many is not kept for none.
            (self.table, self.slots) = Default::default();
        }
        Some(slot)
    }
}

/// Returns how many bytes an entry takes if it is the only one of its key.
fn weight_alone(key: &Key, entry: &Entry) -> usize {
    overhead(packed::len(key)).saturating_add(weight(entry))
}

/// Leaves out the oldest entries, but not the new one, until the rest is within the limits.
fn fitting(slot: &Slot, mut variants: Variants, new: &Arc<Entry>, limits: &Limits) -> Variants {
    while variants.as_slice().len() > limits.entries || slot.weight_with(&variants) > limits.bytes {
        let entries = variants.as_slice();
        let Some(oldest) = entries.iter().rposition(|entry| !Arc::ptr_eq(entry, new)) else {
            break;
        };
        let rest = entries.iter().enumerate().filter(|(at, _)| *at != oldest);
        variants = rest.map(|(_, entry)| Arc::clone(entry)).collect();
    }
    variants
}
