//! Entries, keys and stores for tests.

use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use crate::{Entry, Fields, Head, Key, Owner};

/// An entry of some thousand seconds, of this number and with so many bytes.
pub(in crate::store::disk) fn entry(number: i64, length: usize) -> Entry {
    let mut headers = HeaderMap::new();
    headers.insert("cache-control", HeaderValue::from_static("max-age=1000"));
    let received = Timestamp(1_700_000_000);
    let exchange = Exchange {
        method: &Method::GET,
        request_headers: &HeaderMap::new(),
        status: StatusCode::OK,
        headers: &headers,
        requested: received,
        received,
        authenticated: false,
    };
    let head = Head {
        stored: Stored::of(&exchange, &Rules::new()).unwrap(),
        vary: Vary::of(&headers, &HeaderMap::new()).unwrap(),
        fields: Fields::of(&headers).unwrap(),
    };
    let content = bytes::Bytes::from(vec![7; length]);
    Entry::new(head, content.into(), Timestamp(number), None)
}

/// Everybody's key of this number.
pub(in crate::store::disk) fn key(number: u64) -> Key {
    Key::value(Owner::Everyone, &number.to_string()).unwrap()
}
