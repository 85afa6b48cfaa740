//! What is found where, and what is promoted.

use tower_client_cache::{MemoryStore, Selection, Store, Tiered};

use crate::entries::{entry, key, texts, validated};
use crate::stepped::{Stepped, Steps};

#[tokio::test]
async fn what_is_only_below_is_found_and_promoted() {
    let store = Tiered::new(MemoryStore::new(), MemoryStore::new());
    let cars = key("/cars");
    put(store.lower(), "/cars", entry("en", 0, "one")).await;
    assert!(store.peek(&cars).is_none(), "it is not at hand");

    let found = store.get(&cars).await.unwrap();

    assert_eq!(texts(&found), ["one"]);
    assert_eq!(texts(&store.peek(&cars).unwrap()), ["one"]);
    assert!(!store.peeks_all());
}

#[tokio::test]
async fn of_each_variant_the_newer_is_found_and_kept_above() {
    for (above, below, expected) in [
        (0, 9, "below"),
        (9, 0, "above"),
        // Nobody can tell: it is the one that is at hand.
        (5, 5, "above"),
    ] {
        let store = Tiered::new(MemoryStore::new(), MemoryStore::new());
        put(store.upper(), "/cars", entry("en", above, "above")).await;
        put(store.lower(), "/cars", entry("en", below, "below")).await;

        let found = store.get(&key("/cars")).await.unwrap();

        assert_eq!(texts(&found), [expected]);
        assert_eq!(texts(&store.peek(&key("/cars")).unwrap()), [expected]);
    }
}

#[tokio::test]
async fn what_was_validated_elsewhere_is_so_here() {
    let store = Tiered::new(MemoryStore::new(), MemoryStore::new());
    let stale = entry("en", -90, "one");
    put(store.upper(), "/cars", stale.clone()).await;
    put(store.lower(), "/cars", validated(&stale, "en", 0)).await;

    let found = store.get(&key("/cars")).await.unwrap();

    let [found] = found.as_slice() else {
        panic!("one variant");
    };
    assert!(stale.stored().is_older_than(found.stored()));
    assert_eq!(found.content_id(), stale.content_id());
}

#[tokio::test]
async fn variants_are_found_wherever_they_are_the_latest_first() {
    let store = Tiered::new(MemoryStore::new(), MemoryStore::new());
    put(store.upper(), "/cars", entry("de", 1, "deutsch")).await;
    put(store.lower(), "/cars", entry("en", 2, "english")).await;
    put(store.lower(), "/cars", entry("fr", 0, "francais")).await;

    let found = store.get(&key("/cars")).await.unwrap();

    assert_eq!(texts(&found), ["english", "deutsch", "francais"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_fresh_in_an_upper_tier_that_waits_is_not_asked_for_below() {
    for (age, expected) in [(0, vec![]), (-90, vec!["get"])] {
        let [above, below] = [Steps::default(), Steps::default()];
        let upper = Stepped::new(MemoryStore::new(), &above);
        let store = Tiered::new(upper, Stepped::new(MemoryStore::new(), &below));
        put(store.upper(), "/cars", entry("en", age, "one")).await;

        let found = store.get(&key("/cars")).await.unwrap();

        assert_eq!(texts(&found), ["one"]);
        assert_eq!(below.asked(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_not_there_is_asked_for_again() {
    let below = Steps::default();
    let store = Tiered::new(MemoryStore::new(), Stepped::new(MemoryStore::new(), &below));
    for _ in 0..3 {
        assert!(store.get(&key("/cars")).await.unwrap().is_empty());
    }
    put(store.lower(), "/cars", entry("en", 0, "one")).await;

    assert_eq!(texts(&store.get(&key("/cars")).await.unwrap()), ["one"]);
    assert_eq!(below.asked(), ["get", "get", "get", "put", "get"]);
}

#[tokio::test]
async fn of_three_tiers_all_are_asked_and_all_are_given() {
    let lower = Tiered::new(MemoryStore::new(), MemoryStore::new());
    let store = Tiered::new(MemoryStore::new(), lower);
    put(store.lower().lower(), "/cars", entry("en", 0, "one")).await;

    let found = store.get(&key("/cars")).await.unwrap();

    assert_eq!(texts(&found), ["one"]);
    for tier in [store.upper(), store.lower().upper()] {
        assert_eq!(texts(&tier.peek(&key("/cars")).unwrap()), ["one"]);
    }
}

#[tokio::test]
async fn a_list_has_what_either_tier_has_once() {
    let store = Tiered::new(MemoryStore::new(), MemoryStore::new());
    let both = entry("en", 0, "both");
    put(store.upper(), "/cars", entry("de", 0, "above")).await;
    put(store.upper(), "/cars", both.clone()).await;
    put(store.lower(), "/cars", both).await;
    put(store.lower(), "/trips", entry("en", 0, "below")).await;

    for (limit, expected) in [(0, 0), (1, 1), (2, 2), (3, 3), (9, 3)] {
        let listed = store.list(&Selection::All, limit).await.unwrap();

        assert_eq!(listed.len(), expected);
    }
    let english = Selection::Tag("en".into());
    assert_eq!(store.list(&english, 9).await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_size_is_that_of_the_tier_that_has_more() {
    let small = MemoryStore::builder().max_entries(1).build().unwrap();
    let store = Tiered::new(small, MemoryStore::new());
    for path in ["/1", "/2", "/3"] {
        put(&store, path, entry("en", 0, "one")).await;
    }

    let size = store.size().await.unwrap();

    let below = store.lower().size().await.unwrap();
    assert_eq!((size.entries, size.bytes), (3, below.bytes));
    assert_eq!(size.evictions, 2);
    let shown = format!("{store:?}");
    assert!(
        shown.starts_with("Tiered { upper: MemoryStore { entries: 1,"),
        "{shown}"
    );
}

async fn put(store: &impl Store, path: &str, entry: std::sync::Arc<tower_client_cache::Entry>) {
    store.put(&key(path), entry).await.unwrap();
}
