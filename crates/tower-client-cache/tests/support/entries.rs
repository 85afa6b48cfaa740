//! Keys and entries that are put into stores.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use tower_client_cache::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use tower_client_cache::{Content, Entry, Fields, Head, Key, Owner, Tags, Variants};

/// Everybody's key of a path.
pub(crate) fn key(path: &str) -> Key {
    let uri = format!("https://api.example{path}");
    Key::new(Owner::Everyone, &uri.parse().unwrap()).unwrap()
}

/// An entry of a language, received so many seconds from now, and fresh for a minute from then.
pub(crate) fn entry(language: &str, seconds: i64, text: &str) -> Arc<Entry> {
    let received = Timestamp(now().0 + seconds);
    let tags: Tags = Some([Arc::from(language)].into());
    let content = Content::from(Bytes::from(text.to_owned()));
    Arc::new(Entry::new(
        head(language, received),
        content,
        received,
        tags,
    ))
}

/// Returns the entry as it is when it was validated so many seconds from now.
pub(crate) fn validated(entry: &Entry, language: &str, seconds: i64) -> Arc<Entry> {
    let received = Timestamp(now().0 + seconds);
    Arc::new(entry.with_head(head(language, received)))
}

/// What is in entries, the latest first.
pub(crate) fn texts(variants: &Variants) -> Vec<String> {
    variants.as_slice().iter().map(|it| text(it)).collect()
}

fn text(entry: &Entry) -> String {
    let pieces = entry.content().pieces().concat();
    String::from_utf8(pieces).unwrap()
}

fn now() -> Timestamp {
    Timestamp::of(std::time::SystemTime::now())
}

fn head(language: &str, received: Timestamp) -> Head {
    let mut request = HeaderMap::new();
    request.insert("accept-language", language.parse().unwrap());
    let mut headers = HeaderMap::new();
    headers.insert("cache-control", "max-age=60".parse().unwrap());
    headers.insert("vary", "accept-language".parse().unwrap());
    let exchange = Exchange {
        method: &Method::GET,
        request_headers: &request,
        status: StatusCode::OK,
        headers: &headers,
        requested: received,
        received,
        authenticated: false,
    };
    Head {
        stored: Stored::of(&exchange, &Rules::new()).unwrap(),
        vary: Vary::of(&headers, &request).unwrap(),
        fields: Fields::of(&headers).unwrap(),
    }
}
