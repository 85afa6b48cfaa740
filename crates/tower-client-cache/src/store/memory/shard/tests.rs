//! Keys of one hash, and what goes in which order.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::*;
use crate::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use crate::{Content, Fields, Head, Owner};

/// Of all keys: nothing tells them apart but themselves.
const HASH: u64 = 0x1234_5678_9abc_def0;
const LIMITS: Limits = Limits {
    entries: 1_000,
    bytes: usize::MAX,
};

#[test]
fn keys_of_one_hash_are_told_apart() {
    let mut shard = Shard::default();
    let keys: Vec<_> = (0..50).map(key).collect();
    let entries: Vec<_> = keys.iter().map(|_| entry()).collect();
    for (key, entry) in keys.iter().zip(&entries) {
        put(&mut shard, HASH, key, entry);
    }

    for (key, entry) in keys.iter().zip(&entries) {
        let found = shard.get(HASH, key);

        assert!(Arc::ptr_eq(&found.as_slice()[0], entry));
        assert_eq!(found.as_slice().len(), 1);
    }
    assert!(shard.get(HASH, &key(50)).is_empty());
    for (gone, key) in keys.iter().enumerate() {
        assert_eq!(shard.delete(HASH, key, None).unwrap().1, 1);

        let left = keys.iter().map(|key| shard.get(HASH, key));
        assert_eq!(left.filter(|found| !found.is_empty()).count(), 49 - gone);
    }
}

#[test]
fn what_was_used_stays_and_what_is_new_goes() {
    let mut shard = Shard::default();
    (0..20).for_each(|number| put(&mut shard, hash(number), &key(number), &entry()));
    for number in [3, 7] {
        drop(shard.get(hash(number), &key(number)));
    }

    let evicted = (0..18).map(|_| shard.evict(None).unwrap().as_slice().len());

    assert_eq!(evicted.sum::<usize>(), 18);
    assert_eq!(shard.held().entries, 2);
    for number in [3, 7] {
        assert!(!shard.get(hash(number), &key(number)).is_empty());
    }
}

#[test]
fn what_comes_back_soon_is_not_new() {
    let mut shard = Shard::default();
    (0..20).for_each(|number| put(&mut shard, hash(number), &key(number), &entry()));
    shard.evict(None).unwrap();

    put(&mut shard, hash(0), &key(0), &entry());
    put(&mut shard, hash(20), &key(20), &entry());

    let line = |number| shard.find(hash(number), &key(number)).unwrap().1.line;
    assert_eq!([line(0), line(20)], [Line::Main, Line::Small]);
}

#[test]
fn what_was_just_put_is_spared_while_there_is_another() {
    for count in 1..15 {
        for kept in [0, count - 1] {
            let mut shard = Shard::default();
            (0..count).for_each(|number| put(&mut shard, hash(number), &key(number), &entry()));
            let (at, _) = shard.find(hash(kept), &key(kept)).unwrap();

            let evicted = std::iter::from_fn(|| shard.evict(Some(at))).count();

            assert_eq!(evicted, count - 1);
            assert!(!shard.get(hash(kept), &key(kept)).is_empty());
            assert!(shard.evict(None).is_some());
            assert!(shard.evict(None).is_none());
        }
    }
}

#[test]
fn an_empty_shard_keeps_no_memory_for_what_it_had() {
    let mut shard = Shard::default();
    (0..20).for_each(|number| put(&mut shard, hash(number), &key(number), &entry()));

    let gone = shard.delete_matching(&Selection::All);

    assert_eq!(gone.len(), 20);
    assert_eq!(shard.table.allocation_size(), 0);
    assert_eq!(shard.slots.places(), 0..0);
    assert_eq!(shard.held(), Held::default());
    put(&mut shard, hash(1), &key(1), &entry());
    assert!(!shard.get(hash(1), &key(1)).is_empty());
}

fn put(shard: &mut Shard, hash: u64, key: &Key, entry: &Arc<Entry>) {
    let put = shard.put(hash, key, Arc::clone(entry), &LIMITS).unwrap();
    assert!(put.kept.is_ok());
}

fn hash(number: usize) -> u64 {
    u64::try_from(number)
        .unwrap()
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn key(number: usize) -> Key {
    let uri = format!("https://api.example/things/{number}");
    Key::new(Owner::Everyone, &uri.parse().unwrap()).unwrap()
}

fn entry() -> Arc<Entry> {
    let mut headers = HeaderMap::new();
    headers.insert("cache-control", "max-age=60".parse().unwrap());
    let now = Timestamp(1_700_000_000);
    let exchange = Exchange {
        method: &Method::GET,
        request_headers: &HeaderMap::new(),
        status: StatusCode::OK,
        headers: &headers,
        requested: now,
        received: now,
        authenticated: false,
    };
    let head = Head {
        stored: Stored::of(&exchange, &Rules::new()).unwrap(),
        vary: Vary::default(),
        fields: Fields::of(&headers).unwrap(),
    };
    let content = Content::from(Bytes::from_static(b"content"));
    Arc::new(Entry::new(head, content, now, None))
}
