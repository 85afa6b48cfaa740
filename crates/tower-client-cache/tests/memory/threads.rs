//! Many threads at once.

use std::sync::Arc;
use std::thread;

use tower_client_cache::{Entry, Key, MemoryStore, Selection, Store};

use crate::common::{entry, found, key, now, store};

const THREADS: u64 = 8;
const OPERATIONS: usize = 5_000;
const KEYS: usize = 3_000;
const ENTRIES: usize = 1_500;
const BYTES: usize = 700_000;

#[test]
fn after_eight_threads_the_bounds_hold_and_the_numbers_are_exact() {
    let store = store(ENTRIES, BYTES);
    let keys: Vec<_> = (0..KEYS).map(key).collect();
    let entries = [("de", 10), ("en", 200), ("fr", 3_000)];
    let entries = entries.map(|(language, length)| entry(length, language, 0));

    thread::scope(|scope| {
        for seed in 0..THREADS {
            let (store, keys, entries) = (&store, &keys, &entries);
            scope.spawn(move || act(store, keys, entries, seed));
        }
    });

    let size = now(store.size()).unwrap();
    let found: usize = keys.iter().map(|key| found(&store, key).len()).sum();
    assert_eq!(size.entries, u64::try_from(found).unwrap());
    assert_eq!(
        now(store.list(&Selection::All, usize::MAX)).unwrap().len(),
        found
    );
    assert!(found <= ENTRIES && found > 0, "{size:?}");
    assert!(
        size.bytes <= u64::try_from(BYTES).unwrap() && size.evictions > 0,
        "{size:?}"
    );
    now(store.delete_matching(&Selection::All)).unwrap();
    let left = now(store.size()).unwrap();
    assert_eq!((left.entries, left.bytes), (0, 0));
    assert!(entries.iter().all(|entry| Arc::strong_count(entry) == 1));
}

fn act(store: &MemoryStore, keys: &[Key], entries: &[Arc<Entry>], seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    for _ in 0..OPERATIONS {
        let key = &keys[random.usize(..keys.len())];
        let entry = &entries[random.usize(..entries.len())];
        match random.u16(..1_000) {
            0..500 => now(store.put(key, Arc::clone(entry))).unwrap(),
            500..900 => {
                let found = store.peek(key).unwrap();
                assert!(found.as_slice().len() <= entries.len());
            }
            900..950 => {
                now(store.delete(key, Some(entry.variant()))).unwrap();
            }
            950..980 => {
                let entry = entry.with_head(entry.head().clone());
                now(store.update_headers(key, Arc::new(entry))).unwrap();
            }
            980..995 => {
                now(store.delete(key, None)).unwrap();
            }
            995..999 => drop(now(store.list(&Selection::All, 10)).unwrap()),
            _ => {
                let selection = Selection::Tag(Arc::clone(&entry.tags()[0]));
                now(store.delete_matching(&selection)).unwrap();
            }
        }
    }
}
