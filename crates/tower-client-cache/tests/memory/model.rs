//! Thousands of random operations beside a map that does the same.

use std::collections::HashMap;
use std::sync::Arc;

use tower_client_cache::{Entry, Key, MemoryStore, Selection, Store, VariantId};

use crate::common::{entry, found, key, now, put, store};

const OPERATIONS: usize = 5_000;
const KEYS: usize = 40;
const LANGUAGES: [&str; 4] = ["de", "en", "fr", "nl"];

#[test]
fn a_store_with_room_for_all_has_what_a_map_has() {
    for seed in 0..4 {
        let mut pair = Pair::new(seed, 10_000, usize::MAX);
        for step in 0..OPERATIONS {
            pair.act();

            let entries = pair.check_bounds();
            assert_eq!(entries, pair.map.len(), "seed {seed}, step {step}");
            if step % 50 == 0 {
                assert_eq!(pair.kept(), entries, "seed {seed}, step {step}");
            }
        }
        assert_eq!(now(pair.store.size()).unwrap().evictions, 0);
    }
}

#[test]
fn a_small_store_never_has_what_a_map_has_not() {
    for (seed, entries, bytes) in [
        (10, 1, usize::MAX),
        (11, 20, usize::MAX),
        (12, 10_000, 20_000),
        (13, 30, 40_000),
        // Smaller than any entry.
        (14, 30, 100),
    ] {
        let mut pair = Pair::new(seed, entries, bytes);
        for step in 0..OPERATIONS {
            pair.act();

            let entries = pair.check_bounds();
            if step % 50 == 0 {
                assert_eq!(pair.kept(), entries, "seed {seed}, step {step}");
            }
        }
        assert!(now(pair.store.size()).unwrap().evictions > 0 || bytes == 100);
    }
}

/// A store, and the latest entry of each id.
struct Pair {
    random: fastrand::Rng,
    store: MemoryStore,
    most: (usize, usize),
    keys: Vec<Key>,
    map: HashMap<(usize, VariantId), Arc<Entry>>,
}

impl Pair {
    fn new(seed: u64, entries: usize, bytes: usize) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            store: store(entries, bytes),
            most: (entries, bytes),
            keys: (0..KEYS).map(key).collect(),
            map: HashMap::new(),
        }
    }

    fn act(&mut self) {
        let number = self.random.usize(..KEYS);
        let language = LANGUAGES[self.random.usize(..LANGUAGES.len())];
        let new = entry(self.random.usize(..3_000), language, self.random.u32(..100));
        let place = (number, new.variant());
        let key = &self.keys[number];
        match self.random.u8(..100) {
            0..50 => {
                let kept = now(self.store.put(key, Arc::clone(&new)));
                match kept {
                    Ok(()) => self.map.insert(place, new),
                    Err(_) => self.map.remove(&place),
                };
            }
            50..60 => drop(self.store.peek(key)),
            60..75 => {
                if let Some(old) = self.map.get_mut(&place) {
                    let new = Arc::new(old.with_head(old.head().clone()));
                    now(self.store.update_headers(key, Arc::clone(&new))).unwrap();
                    *old = new;
                } else {
                    now(self.store.update_headers(key, new)).unwrap_or_default();
                }
            }
            75..88 => {
                let gone = now(self.store.delete(key, Some(place.1))).unwrap();
                self.forget(gone, |other, _| *other == place);
            }
            88..97 => {
                let gone = now(self.store.delete(key, None)).unwrap();
                self.forget(gone, |(other, _), _| *other == number);
            }
            97 | 98 => {
                let selection = Selection::Tag(language.into());
                let gone = now(self.store.delete_matching(&selection)).unwrap();
                self.forget(gone, |_, entry| &*entry.tags()[0] == language);
            }
            _ => {
                let gone = now(self.store.delete_matching(&Selection::All)).unwrap();
                self.forget(gone, |_, _| true);
            }
        }
    }

    /// The store says that it forgot no more than there can have been.
    fn forget(&mut self, gone: u64, is_meant: impl Fn(&(usize, VariantId), &Entry) -> bool) {
        let before = self.map.len();
        self.map.retain(|place, entry| !is_meant(place, entry));
        let most = u64::try_from(before - self.map.len()).unwrap();
        let has_room = self.most == (10_000, usize::MAX);
        assert!(gone == most || gone < most && !has_room, "{gone} of {most}");
    }

    fn check_bounds(&self) -> usize {
        let size = now(self.store.size()).unwrap();
        let [entries, bytes] =
            [size.entries, size.bytes].map(|held| usize::try_from(held).unwrap());
        let (most_entries, most_bytes) = self.most;
        assert!(entries <= most_entries && bytes <= most_bytes, "{size:?}");
        assert_eq!(entries == 0, bytes == 0, "{size:?}");
        entries
    }

    /// How many the store has, each of which is the latest of its id.
    fn kept(&self) -> usize {
        let mut kept = 0;
        for (number, key) in self.keys.iter().enumerate() {
            for entry in found(&self.store, key) {
                let latest = &self.map[&(number, entry.variant())];
                assert_eq!(entry.content_id(), latest.content_id());
                assert_eq!(entry.stored(), latest.stored());
                kept += 1;
            }
        }
        let listed = now(self.store.list(&Selection::All, usize::MAX)).unwrap();
        assert_eq!(listed.len(), kept);
        kept
    }
}

#[test]
fn the_same_entry_may_be_put_again() {
    let store = MemoryStore::new();
    let entry = entry(100, "de", 0);
    put(&store, &key(1), &entry);
    let before = now(store.size()).unwrap();

    put(&store, &key(1), &entry);

    assert_eq!(now(store.size()).unwrap(), before);
}
