//! Bounds on what is told apart.

use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

use hashbrown::hash_map::Entry;
use hashbrown::{Equivalent, HashMap, HashSet};

/// The label of all values beyond the bound, and of what has no better one (OpenTelemetry's word).
pub(crate) const OTHER: &str = "_OTHER";

/// Values that are told apart, up to a number of them.
pub(crate) struct Distinct<T> {
    values: RwLock<HashSet<T>>,
    most: usize,
}

impl<T: Hash + Eq> Distinct<T> {
    pub(crate) fn new(most: usize) -> Self {
        let values = RwLock::default();
        Self { values, most }
    }

    /// Tells whether a value is one of those that are told apart, or becomes one.
    pub(crate) fn admits(&self, value: T) -> bool {
        let values = self.values.read().unwrap_or_else(PoisonError::into_inner);
        let is_known = values.contains(&value);
        if is_known || values.len() >= self.most {
            return is_known;
        }
        drop(values);
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        let has_room = values.len() < self.most;
        values.contains(&value) || has_room && values.insert(value)
    }
}

/// What is made for a key and kept.
///
/// Found under a lock that readers share, without allocating. Made under none: whoever makes it is
/// free to come here again. So two may make it at once, and the first is kept.
pub(crate) struct Kept<K, T>(RwLock<HashMap<K, Arc<T>>>);

impl<K: Hash + Eq, T> Kept<K, T> {
    pub(crate) fn new() -> Self {
        Self(RwLock::default())
    }

    pub(crate) fn find<Q: Hash + Equivalent<K>>(&self, key: &Q) -> Option<Arc<T>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).cloned()
    }

    /// Finds it, or makes it if there is room.
    pub(crate) fn find_or_make<Q>(
        &self,
        key: Q,
        room: &Room,
        make: impl FnOnce() -> T,
    ) -> Option<Arc<T>>
    where
        Q: Copy + Hash + Equivalent<K>,
        K: From<Q>,
    {
        let found = self.find(&key);
        if found.is_some() || !room.take() {
            return found;
        }
        let (kept, is_new) = self.keep(K::from(key), make());
        if !is_new {
            room.give_back();
        }
        Some(kept)
    }

    /// Finds it, or makes it even where there is no room: for what all the rest goes to.
    pub(crate) fn always<Q>(&self, key: Q, make: impl FnOnce() -> T) -> Arc<T>
    where
        Q: Copy + Hash + Equivalent<K>,
        K: From<Q>,
    {
        let found = self.find(&key);
        found.unwrap_or_else(|| self.keep(K::from(key), make()).0)
    }

    /// Returns what is kept, and whether it is this.
    fn keep(&self, key: K, made: T) -> (Arc<T>, bool) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match kept.entry(key) {
            Entry::Occupied(entry) => (Arc::clone(entry.get()), false),
            Entry::Vacant(entry) => (Arc::clone(entry.insert(Arc::new(made))), true),
        }
    }
}

/// What is made for a key and kept, where there are few keys that are quickly compared.
pub(crate) struct Few<K, T>(RwLock<Vec<(K, Arc<T>)>>);

impl<K: Copy + PartialEq, T> Few<K, T> {
    pub(crate) fn new() -> Self {
        Self(RwLock::default())
    }

    pub(crate) fn find(&self, key: K) -> Option<Arc<T>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        among(&kept, key)
    }

    /// Finds it, or makes it if there is room.
    pub(crate) fn find_or_make(
        &self,
        key: K,
        room: &Room,
        make: impl FnOnce() -> T,
    ) -> Option<Arc<T>> {
        let found = self.find(key);
        if found.is_some() || !room.take() {
            return found;
        }
        let (kept, is_new) = self.keep(key, make());
        if !is_new {
            room.give_back();
        }
        Some(kept)
    }

    /// Finds it, or makes it even where there is no room: for what all the rest goes to, and for
    /// keys of which there are only so many.
    pub(crate) fn always(&self, key: K, make: impl FnOnce() -> T) -> Arc<T> {
        let found = self.find(key);
        found.unwrap_or_else(|| self.keep(key, make()).0)
    }

    /// Returns what is kept, and whether it is this.
    fn keep(&self, key: K, made: T) -> (Arc<T>, bool) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = among(&kept, key) {
            return (found, false);
        }
        let made = Arc::new(made);
        kept.push((key, Arc::clone(&made)));
        (made, true)
    }
}

fn among<K: Copy + PartialEq, T>(kept: &[(K, Arc<T>)], key: K) -> Option<Arc<T>> {
    let found = kept.iter().find(|(kept, _)| *kept == key);
    found.map(|(_, found)| Arc::clone(found))
}

/// So many series may still be made.
pub(crate) struct Room(AtomicUsize);

impl Room {
    pub(crate) fn new(series: usize) -> Self {
        Self(AtomicUsize::new(series))
    }

    /// Takes the place of one, if there is any left.
    fn take(&self) -> bool {
        let left = self
            .0
            .fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1));
        left.is_ok()
    }

    fn give_back(&self) {
        self.0.fetch_add(1, Relaxed);
    }
}
