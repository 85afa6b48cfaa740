//! A map from text that forgets its oldest entry when it is full.

use std::collections::{HashMap, VecDeque};

pub(crate) struct BoundedMap<V> {
    entries: HashMap<String, V>,
    order: VecDeque<String>,
    capacity: usize,
}

impl<V> BoundedMap<V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            entries: HashMap::new(),
            order: VecDeque::new(),
            capacity,
        }
    }

    pub(crate) fn insert(&mut self, key: String, value: V) {
        if self.entries.insert(key.clone(), value).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > self.capacity {
            if let Some(oldest) = self.order.pop_front() {
                self.entries.remove(&oldest);
            }
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&V> {
        self.entries.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.entries.get_mut(key)
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<V> {
        let removed = self.entries.remove(key);
        if removed.is_some() {
            self.order.retain(|kept| kept != key);
        }
        removed
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&V) -> bool) {
        self.entries.retain(|_, value| keep(value));
        self.order.retain(|key| self.entries.contains_key(key));
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.values()
    }

    /// Returns all entries, oldest first, and forgets them and the room that they took.
    pub(crate) fn take(&mut self) -> Vec<V> {
        let mut entries = std::mem::take(&mut self.entries);
        std::mem::take(&mut self.order)
            .iter()
            .filter_map(|key| entries.remove(key))
            .collect()
    }

    /// Forgets all entries and the room that they took.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.capacity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_the_oldest_when_full() {
        let mut map = BoundedMap::new(2);

        for key in ["a", "b", "c"] {
            map.insert(key.to_owned(), key);
        }

        assert_eq!(map.get("a"), None);
        assert_eq!(map.get("b"), Some(&"b"));
        assert_eq!(map.get("c"), Some(&"c"));
    }

    #[test]
    fn what_is_taken_comes_in_order_and_is_gone() {
        let mut map = BoundedMap::new(3);
        for key in ["b", "a", "c"] {
            map.insert(key.to_owned(), key);
        }
        map.remove("a");
        map.insert("b".to_owned(), "B");

        let taken = map.take();

        assert_eq!(taken, ["B", "c"]);
        assert_eq!(map.take(), [""; 0]);
    }

    #[test]
    fn a_removed_entry_gives_its_place_back() {
        let mut map = BoundedMap::new(2);
        map.insert("a".to_owned(), 1);
        map.insert("b".to_owned(), 2);

        map.remove("b");
        map.insert("c".to_owned(), 3);

        assert_eq!(map.values().sum::<i32>(), 4);
    }
}
