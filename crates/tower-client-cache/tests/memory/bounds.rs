//! What is kept, replaced and dropped.

use std::error::Error;
use std::sync::Arc;

use http::HeaderMap;
use tower_client_cache::{
    Content, Entry, Fields, Glob, Head, Key, MemoryStore, Owner, Selection, Store, StoreSize,
    Variants,
};
use tower_client_call::Principal;

use crate::common::{NOW, entry, found, key, now, put, store};

#[test]
fn holds_as_many_as_it_may_whatever_the_keys() {
    for most in [1, 2, 10, 1_000, 3_000, 10_000] {
        let store = store(most, usize::MAX);
        let entry = entry(0, "de", 0);

        (0..2 * most).for_each(|number| put(&store, &key(number), &entry));

        let size = now(store.size()).unwrap();
        let most = u64::try_from(most).unwrap();
        assert_eq!((size.entries, size.evictions), (most, most));
    }
}

#[test]
fn holds_as_many_bytes_as_it_may() {
    let most = 1 << 20;
    let store = store(10_000, most);
    let entry = entry(10_000, "de", 0);

    (0..500).for_each(|number| put(&store, &key(number), &entry));

    let bytes = usize::try_from(now(store.size()).unwrap().bytes).unwrap();
    assert!(bytes <= most && bytes > most - 2 * 10_500, "{bytes}");
}

#[test]
fn an_entry_of_nearly_all_bytes_is_kept_alone() {
    let store = store(10_000, 1 << 20);
    let (small, large) = (entry(1_000, "de", 0), entry((1 << 20) - 2_000, "de", 0));
    (0..500).for_each(|number| put(&store, &key(number), &small));

    put(&store, &key(1_000), &large);

    assert_eq!(found(&store, &key(1_000)).len(), 1);
    let size = now(store.size()).unwrap();
    assert!(size.bytes <= 1 << 20 && size.entries <= 2, "{size:?}");
}

#[test]
fn what_is_too_heavy_is_not_kept_nor_what_it_was_to_replace() {
    let store = store(10, 10_000);
    put(&store, &key(1), &entry(100, "de", 0));
    put(&store, &key(1), &entry(100, "en", 0));

    let refused = now(store.put(&key(1), entry(10_000, "de", 1))).unwrap_err();

    let cause = refused.source().unwrap().to_string();
    assert!(cause.ends_with(" bytes; allowed are 10000"), "{cause}");
    let left = found(&store, &key(1));
    assert_eq!(
        left.iter().map(|left| &*left.tags()[0]).collect::<Vec<_>>(),
        ["en"]
    );
    assert_eq!(now(store.size()).unwrap().entries, 1);
}

#[test]
fn the_entries_of_one_key_are_within_the_bounds_as_well() {
    let few = store(2, usize::MAX);
    let light = store(10, 2_500);
    for (language, received) in [("de", 2), ("en", 1), ("fr", 0)] {
        for store in [&few, &light] {
            put(store, &key(1), &entry(1_000, language, received));
        }
    }

    for (store, expected) in [(few, &["de", "fr"][..]), (light, &["fr"])] {
        let left = found(&store, &key(1));
        let left: Vec<_> = left.iter().map(|left| &*left.tags()[0]).collect();
        assert_eq!(
            left, expected,
            "the one that came last stays, be it the oldest"
        );
    }
}

#[test]
fn one_key_has_no_more_variants_than_are_compared() {
    let store = MemoryStore::new();
    for number in 0..40 {
        put(&store, &key(1), &entry(0, &format!("l{number}"), number));
    }

    assert_eq!(found(&store, &key(1)).len(), Variants::MOST);
    let most = u64::try_from(Variants::MOST).unwrap();
    let size = now(store.size()).unwrap();
    assert_eq!((size.entries, size.evictions), (most, 40 - most));
}

#[test]
fn an_entry_in_use_outlives_its_place() {
    let store = store(1, usize::MAX);
    put(&store, &key(1), &entry(3, "de", 0));
    let held = store.peek(&key(1)).unwrap();

    put(&store, &key(2), &entry(3, "de", 0));

    assert!(found(&store, &key(1)).is_empty());
    assert_eq!(held.as_slice()[0].content().to_bytes(), "aaa");
}

#[test]
fn what_is_forgotten_is_freed() {
    let store = MemoryStore::new();
    let entries: Vec<_> = (0..4).map(|_| entry(100, "de", 0)).collect();
    for (number, entry) in entries.iter().enumerate() {
        put(&store, &key(number), entry);
    }

    let variant = entries[0].variant();
    assert_eq!(now(store.delete(&key(0), Some(variant))).unwrap(), 1);
    assert_eq!(now(store.delete(&key(0), Some(variant))).unwrap(), 0);
    assert_eq!(now(store.delete(&key(1), None)).unwrap(), 1);
    let one = Selection::Matching(Glob::new("*/things/2"));
    assert_eq!(now(store.delete_matching(&one)).unwrap(), 1);
    assert_eq!(now(store.delete_matching(&Selection::All)).unwrap(), 1);

    assert!(entries.iter().all(|entry| Arc::strong_count(entry) == 1));
    assert_eq!(now(store.size()).unwrap(), StoreSize::default());
}

#[test]
fn a_head_is_replaced_and_the_content_stays() {
    let store = MemoryStore::new();
    let old = entry(3, "de", 0);
    put(&store, &key(1), &old);
    let elsewhere = Entry::new(changed(&old), Content::default(), old.created(), None);
    for new in [old.with_head(changed(&old)), elsewhere] {
        now(store.update_headers(&key(1), Arc::new(new))).unwrap();

        let found = found(&store, &key(1));
        assert_eq!(found[0].head().fields.to_map()["etag"], "\"2\"");
        assert_eq!(found[0].content().to_bytes(), "aaa");
    }
}

#[test]
fn a_head_does_not_bring_back_what_was_deleted() {
    let store = MemoryStore::new();
    let old = entry(3, "de", 0);
    put(&store, &key(1), &old);
    put(&store, &key(1), &entry(3, "en", 0));
    now(store.delete(&key(1), Some(old.variant()))).unwrap();

    now(store.update_headers(&key(1), Arc::new(old.with_head(changed(&old))))).unwrap();

    assert!(
        found(&store, &key(1))
            .iter()
            .all(|left| &*left.tags()[0] == "en")
    );
}

#[test]
fn a_head_is_not_put_on_a_later_content() {
    let store = MemoryStore::new();
    let old = entry(3, "de", 0);
    put(&store, &key(1), &old);
    let later = entry(4, "de", 1);
    put(&store, &key(1), &later);

    now(store.update_headers(&key(1), Arc::new(old.with_head(changed(&old))))).unwrap();

    assert!(Arc::ptr_eq(&found(&store, &key(1))[0], &later));
}

#[test]
fn a_listing_has_keys_that_find_what_is_listed() {
    let store = MemoryStore::new();
    for number in 0..20 {
        put(&store, &key(number), &entry(number, "de", 0));
        put(&store, &key(number), &entry(number, "en", 0));
    }

    let listed = now(store.list(&Selection::Tag("en".into()), usize::MAX)).unwrap();

    assert_eq!(listed.len(), 20);
    for item in listed {
        let found = store.peek(&item.key).unwrap();
        let found = found.find(item.variant).unwrap();
        assert_eq!((&*found.tags()[0], item.info.created), ("en", NOW));
        assert_eq!(
            (item.info.length, item.key.owner()),
            (found.content().len(), &Owner::Everyone)
        );
    }
    for limit in [0, 1, 7] {
        let listed = now(store.list(&Selection::All, limit)).unwrap();
        assert_eq!(listed.len(), limit);
    }
}

#[test]
fn a_clone_is_the_same_store_and_shows_numbers_alone() {
    let store = store(5, 10_000);
    let same = store.clone();
    put(&same, &key(1), &entry(100, "de", 0));

    let bytes = now(store.size()).unwrap().bytes;
    assert_eq!(
        format!("{same:?}"),
        format!(
            "MemoryStore {{ entries: 1, max_entries: 5, bytes: {bytes}, max_bytes: 10000, evictions: 0 }}"
        )
    );
}

/// The head of an entry with another entity tag.
fn changed(entry: &Entry) -> Head {
    let mut headers: HeaderMap = entry.head().fields.to_map();
    headers.insert("etag", "\"2\"".parse().unwrap());
    Head {
        fields: Fields::of(&headers).unwrap(),
        ..entry.head().clone()
    }
}

#[test]
fn a_few_long_entries_do_not_push_out_many_that_are_used() {
    let store = MemoryStore::new();
    let short = entry(1_000, "de", 0);
    for number in 0..1_000 {
        put(&store, &key(number), &short);
        drop(store.peek(&key(number)));
    }

    for number in 0..40 {
        put(&store, &key(10_000 + number), &entry(4_000_000, "de", 0));
    }

    let left = (0..1_000).filter(|number| !found(&store, &key(*number)).is_empty());
    assert_eq!(left.count(), 1_000);
}

#[test]
fn an_owner_s_id_counts() {
    let store = store(10_000, 1 << 20);
    let id = "a".repeat(10_000);
    let uri = "https://api.example/".parse().unwrap();

    for epoch in 0..1_000 {
        let owner = Owner::Principal(Principal::new(&*id).at_epoch(epoch));
        put(&store, &Key::new(owner, &uri).unwrap(), &entry(10, "de", 0));
    }

    assert!(now(store.size()).unwrap().entries < 110);
}
