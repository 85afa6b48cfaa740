//! What a store in memory takes of memory: this program has an allocator that counts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(feature = "memory")]

use std::alloc::System;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_client_cache::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use tower_client_cache::{Content, Entry, Fields, Head, Key, MemoryStore, Owner, Store};
use tower_client_call::Principal;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ENTRIES: usize = 100_000;
const BODY: usize = 1024;
const ALLOWED: usize = 600;
/// What an allocator takes besides what it was asked for: 8 bytes, and up to the next multiple of
/// 16, of which half is needed on average.
const ALLOCATION: usize = 8 + 7;

#[test]
fn an_entry_takes_little_more_than_its_content() {
    let owner = Owner::Principal(Principal::new("anna"));
    let store = MemoryStore::builder()
        .max_entries(ENTRIES)
        .max_bytes(usize::MAX);
    let store = store.build().unwrap();
    let headers = headers();
    let region = Region::new(ALLOCATOR);

    for number in 0..ENTRIES {
        let kept = now(store.put(&key(&owner, number), entry(&headers)));
        kept.unwrap();
    }
    let kept = per_entry(&region);
    let region_of_peeks = Region::new(ALLOCATOR);
    for number in 0..100 {
        let key = key(&owner, number);
        let before = region_of_peeks.change().allocations;
        let found = store.peek(&key).unwrap();
        assert_eq!(
            region_of_peeks.change().allocations,
            before,
            "a hit allocates nothing"
        );
        drop(found);
    }
    for number in 0..ENTRIES {
        let found = store.peek(&key(&owner, number)).unwrap();
        let [entry] = found.as_slice() else {
            panic!("all have a place");
        };
        drop((entry.head().fields.to_map(), entry.content().to_bytes()));
    }
    let served = per_entry(&region);

    let weight = now(store.size()).unwrap().bytes;
    let weight = usize::try_from(weight).unwrap() / ENTRIES - BODY;
    assert!(kept <= ALLOWED, "{kept}");
    // `Bytes` that are shared, of the fields and of the content, count their owners.
    assert!(served <= kept + 80, "{served}");
    assert!(weight.abs_diff(kept) < 100, "{weight} is told of {kept}");
}

/// Live bytes of each entry beyond its body.
fn per_entry(region: &Region<'_, System>) -> usize {
    let change = region.change();
    let asked = change.bytes_allocated - change.bytes_deallocated;
    let live = change.allocations - change.deallocations;
    asked.div_ceil(ENTRIES) + live.div_ceil(ENTRIES) * ALLOCATION - BODY
}

fn key(owner: &Owner, number: usize) -> Key {
    let uri = format!("https://api.example/v1/things/{number}");
    Key::new(owner.clone(), &uri.parse().unwrap()).unwrap()
}

/// Six fields as servers send them, with values of 105 bytes.
fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-type", "application/json;charset=utf-8"),
        ("content-length", "1024"),
        ("date", "Tue, 14 Nov 2023 22:13:20 GMT"),
        ("cache-control", "private, max-age=60"),
        ("etag", "\"33a64df551425\""),
        ("server", "nginx/1"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}

/// An entry as the layer makes it.
fn entry(headers: &HeaderMap) -> Arc<Entry> {
    let now = Timestamp(1_700_000_000);
    let exchange = Exchange {
        method: &Method::GET,
        request_headers: &HeaderMap::new(),
        status: StatusCode::OK,
        headers,
        requested: now,
        received: now,
        authenticated: false,
    };
    let head = Head {
        stored: Stored::of(&exchange, &Rules::new()).unwrap(),
        vary: Vary::default(),
        fields: Fields::of(headers).unwrap(),
    };
    let content = Content::from(Bytes::from(vec![b'a'; BODY]));
    Arc::new(Entry::new(head, content, now, None))
}

/// The output of a future that waits for nothing.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a store in memory waits for nothing"),
    }
}
