//! Entries that tell what they have to be.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use fastrand::Rng;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tower_client_cache::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use tower_client_cache::{DiskStore, Entry, Fields, Head, Key, Owner, Store};
use tower_client_call::Principal;

/// How many keys the writers share.
pub(crate) const KEYS: u64 = 24;
/// How much their folder holds: not quite all keys' entries.
pub(crate) const MAX_BYTES: u64 = 768 * 1024;

pub(crate) fn store(dir: &Path) -> DiskStore {
    let store = DiskStore::builder(dir).max_bytes(MAX_BYTES);
    store.build().unwrap()
}

pub(crate) fn key(number: u64) -> Key {
    let owner = Owner::Principal(Principal::new("anna@example"));
    let uri = format!("https://api.example/cars/{number}");
    Key::new(owner, &uri.parse().unwrap()).unwrap()
}

/// The entry of a key with this number, which says what all of it is.
pub(crate) fn entry(key: u64, number: u64) -> Arc<Entry> {
    let mut random = Rng::with_seed((key << 32) | number);
    let mut block = [0; 256];
    random.fill(&mut block);
    entry_of(number, block.repeat(random.usize(80..240)))
}

pub(crate) fn entry_of(number: u64, content: impl Into<Bytes>) -> Arc<Entry> {
    let created = Timestamp(0_i64.saturating_add_unsigned(number));
    let tags = Some([Arc::from("secret-tag")].into());
    let entry = Entry::new(head(), content.into().into(), created, tags);
    Arc::new(entry)
}

fn head() -> Head {
    let mut headers = HeaderMap::new();
    headers.insert("cache-control", HeaderValue::from_static("max-age=1000"));
    let received = Timestamp::of(std::time::SystemTime::now());
    let exchange = Exchange {
        method: &Method::GET,
        request_headers: &HeaderMap::new(),
        status: StatusCode::OK,
        headers: &headers,
        requested: received,
        received,
        authenticated: false,
    };
    Head {
        stored: Stored::of(&exchange, &Rules::new()).unwrap(),
        vary: Vary::of(&headers, &HeaderMap::new()).unwrap(),
        fields: Fields::of(&headers).unwrap(),
    }
}

/// Returns the number of the entry of a key, which must be whole and right; `None` if there is none.
pub(crate) async fn number(store: &DiskStore, of: u64) -> Option<u64> {
    let found = store.get(&key(of)).await.unwrap();
    let found = match found.as_slice() {
        [] => return None,
        [found] => found,
        several => panic!("{} entries of one variant", several.len()),
    };
    let number = found.created().0.unsigned_abs();
    let right = entry(of, number);
    assert!(found.content().to_bytes() == right.content().to_bytes());
    assert_eq!(found.tags(), right.tags());
    assert_eq!(found.head().fields, right.head().fields);
    Some(number)
}
