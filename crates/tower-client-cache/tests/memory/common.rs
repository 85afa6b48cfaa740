//! Keys, entries, and a store whose answers need no runtime.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use tower_client_cache::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use tower_client_cache::{Content, Entry, Fields, Head, Key, MemoryStore, Owner, Store};

pub(crate) const NOW: Timestamp = Timestamp(1_700_000_000);

pub(crate) fn store(entries: usize, bytes: usize) -> MemoryStore {
    let builder = MemoryStore::builder();
    builder
        .max_entries(entries)
        .max_bytes(bytes)
        .build()
        .unwrap()
}

pub(crate) fn key(number: usize) -> Key {
    let uri = format!("https://api.example/things/{number}");
    Key::new(Owner::Everyone, &uri.parse().unwrap()).unwrap()
}

/// An entry of so many bytes, selected by a language, received so many seconds after [`NOW`].
pub(crate) fn entry(length: usize, language: &str, received: u32) -> Arc<Entry> {
    let mut request = HeaderMap::new();
    request.insert("accept-language", language.parse().unwrap());
    let mut headers = HeaderMap::new();
    headers.insert("cache-control", "max-age=60".parse().unwrap());
    headers.insert("vary", "accept-language".parse().unwrap());
    let received = NOW.plus(received);
    let exchange = Exchange {
        method: &Method::GET,
        request_headers: &request,
        status: StatusCode::OK,
        headers: &headers,
        requested: received,
        received,
        authenticated: false,
    };
    let head = Head {
        stored: Stored::of(&exchange, &Rules::new()).unwrap(),
        vary: Vary::of(&headers, &request).unwrap(),
        fields: Fields::of(&headers).unwrap(),
    };
    let tags = Some(Arc::from([Arc::from(language)]));
    let content = Content::from(Bytes::from(vec![b'a'; length]));
    Arc::new(Entry::new(head, content, received, tags))
}

/// What is in a store under a key.
pub(crate) fn found(store: &MemoryStore, key: &Key) -> Vec<Arc<Entry>> {
    store.peek(key).unwrap().as_slice().to_vec()
}

pub(crate) fn put(store: &MemoryStore, key: &Key, entry: &Arc<Entry>) {
    now(store.put(key, Arc::clone(entry))).unwrap();
}

/// The output of a future that waits for nothing.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a store in memory waits for nothing"),
    }
}
