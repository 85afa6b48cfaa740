//! Keys with their entries, each in a place that stays its own.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use super::packed::PackedKey;
use crate::{Entry, Variants};

/// A key and its entries.
pub(super) struct Slot {
    pub(super) key: PackedKey,
    /// [`Key::hash_value`](crate::Key::hash_value).
    pub(super) hash: u64,
    pub(super) variants: Variants,
    /// How often it was used lately, up to [`MOST_HITS`].
    hits: AtomicU8,
    pub(super) line: Line,
    pub(super) older: Place,
    pub(super) newer: Place,
}

/// How many entries there are and how many bytes these take.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Held {
    pub(super) entries: usize,
    pub(super) bytes: usize,
}

/// Where a slot waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Line {
    /// Among what is new: a tenth of all.
    Small,
    /// Among what was used again.
    Main,
}

/// Where a slot is: the number of its place, or [`NOWHERE`].
pub(super) type Place = u32;

pub(super) const NOWHERE: Place = Place::MAX;

/// More would keep what is used no more, for as many rounds.
const MOST_HITS: u8 = 3;

/// About what a slot takes of the table and of the ghost, and its share of what they have free.
const AROUND_A_SLOT: usize = 24;
/// About what an entry takes besides its weight: its counters, and a reference to it.
const AROUND_AN_ENTRY: usize = 24;

impl Slot {
    pub(super) fn new(key: PackedKey, hash: u64, line: Line) -> Self {
        Self {
            key,
            hash,
            variants: Variants::default(),
            hits: AtomicU8::new(0),
            line,
            older: NOWHERE,
            newer: NOWHERE,
        }
    }

    /// Notes a use: one store, of which no other reader has to know.
    #[inline]
    pub(super) fn note_hit(&self) {
        let hits = self.hits.load(Relaxed);
        if hits < MOST_HITS {
            self.hits.store(hits + 1, Relaxed);
        }
    }

    pub(super) fn hits(&mut self) -> &mut u8 {
        self.hits.get_mut()
    }

    pub(super) fn held(&self) -> Held {
        Held {
            entries: self.variants.as_slice().len(),
            bytes: self.weight_with(&self.variants),
        }
    }

    /// Returns how many bytes it takes with these entries; with none it is none.
    pub(super) fn weight_with(&self, entries: &Variants) -> usize {
        if entries.is_empty() {
            return 0;
        }
        let entries = entries.as_slice().iter().map(|entry| weight(entry));
        overhead(self.key.len()).saturating_add(entries.fold(0, usize::saturating_add))
    }
}

impl Held {
    pub(super) fn with(self, more: Self) -> Self {
        Self {
            entries: self.entries + more.entries,
            bytes: self.bytes.saturating_add(more.bytes),
        }
    }

    pub(super) fn without(self, part: Self) -> Self {
        Self {
            entries: self.entries - part.entries,
            bytes: self.bytes - part.bytes,
        }
    }
}

/// Returns how many bytes an entry takes of a store.
pub(super) fn weight(entry: &Entry) -> usize {
    entry.weight().saturating_add(AROUND_AN_ENTRY)
}

/// Returns how many bytes a key takes of a store besides its entries.
pub(super) fn overhead(key: usize) -> usize {
    size_of::<Slot>() + AROUND_A_SLOT + key
}

/// Slots, by the numbers of their places.
#[derive(Default)]
pub(super) struct Slots {
    places: Vec<Option<Slot>>,
    free: Vec<Place>,
}

impl Slots {
    #[inline]
    pub(super) fn get(&self, at: Place) -> Option<&Slot> {
        self.places.get(usize::try_from(at).ok()?)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, at: Place) -> Option<&mut Slot> {
        self.places.get_mut(usize::try_from(at).ok()?)?.as_mut()
    }

    /// Puts a slot into a free place; `None` if there are no more.
    pub(super) fn add(&mut self, slot: Slot) -> Option<Place> {
        if let Some(at) = self.free.pop() {
            *self.places.get_mut(usize::try_from(at).ok()?)? = Some(slot);
            return Some(at);
        }
        let count = self.places.len();
        let at = Place::try_from(count).ok().filter(|at| *at < NOWHERE)?;
        if count == self.places.capacity() {
            // Not doubled: half of it could stay unused.
            self.places.reserve_exact(count / 8 + 8);
        }
        self.places.push(Some(slot));
        Some(at)
    }

    pub(super) fn take(&mut self, at: Place) -> Option<Slot> {
        let slot = self.places.get_mut(usize::try_from(at).ok()?)?.take()?;
        self.free.push(at);
        Some(slot)
    }

    /// Returns those that there are.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.places.iter().flatten()
    }

    /// Returns all places, free ones too.
    pub(super) fn places(&self) -> std::ops::Range<Place> {
        0..Place::try_from(self.places.len()).unwrap_or(NOWHERE)
    }
}
