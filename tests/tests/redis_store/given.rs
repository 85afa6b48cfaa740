//! Stores, keys and entries.

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use tests::redis::RedisServer;
use tower_client_cache::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use tower_client_cache::store::RedisStoreBuilder;
use tower_client_cache::{
    Content, ContentId, Entry, Fields, Head, Key, Owner, RedisStore, Store, Tags,
};
use tower_client_call::Principal;

/// A builder of a store on a server.
pub(crate) fn builder(server: &RedisServer) -> RedisStoreBuilder {
    RedisStore::builder(server.unix_url())
}

/// A store on a server.
pub(crate) fn store(server: &RedisServer) -> RedisStore {
    builder(server).build().unwrap()
}

/// What entries are made of.
#[derive(Clone)]
pub(crate) struct Given {
    language: Option<&'static str>,
    fields: Vec<(&'static str, &'static str)>,
    content: Bytes,
    received: i64,
    tags: Vec<Arc<str>>,
    content_id: Option<ContentId>,
}

impl Given {
    /// A response that came just now and is fresh for an hour.
    pub(crate) fn new(content: impl Into<Bytes>) -> Self {
        Self {
            language: None,
            fields: vec![("cache-control", "max-age=3600")],
            content: content.into(),
            received: Timestamp::of(SystemTime::now()).0,
            tags: Vec::new(),
            content_id: None,
        }
    }

    /// Makes it one of several variants.
    pub(crate) fn language(mut self, language: &'static str) -> Self {
        self.language = Some(language);
        self
    }

    pub(crate) fn field(mut self, name: &'static str, value: &'static str) -> Self {
        self.fields.retain(|(other, _)| *other != name);
        self.fields.push((name, value));
        self
    }

    /// Lets it come so many seconds later.
    pub(crate) fn later(mut self, seconds: i64) -> Self {
        self.received += seconds;
        self
    }

    pub(crate) fn tag(mut self, tag: &str) -> Self {
        self.tags.push(tag.into());
        self
    }

    pub(crate) fn content_id(mut self, id: ContentId) -> Self {
        self.content_id = Some(id);
        self
    }

    pub(crate) fn entry(&self) -> Arc<Entry> {
        let tags: Tags = (!self.tags.is_empty()).then(|| self.tags.clone().into());
        let created = Timestamp(self.received);
        let entry = Entry::new(
            self.head(),
            Content::from(self.content.clone()),
            created,
            tags,
        );
        Arc::new(match self.content_id {
            Some(id) => entry.with_content_id(id),
            None => entry,
        })
    }

    fn head(&self) -> Head {
        let mut request = HeaderMap::new();
        let mut headers: HeaderMap = self
            .fields
            .iter()
            .map(|&(name, value)| {
                let name = HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            })
            .collect();
        if let Some(language) = self.language {
            request.insert("accept-language", HeaderValue::from_static(language));
            headers.insert("vary", HeaderValue::from_static("accept-language"));
        }
        let exchange = Exchange {
            method: &Method::GET,
            request_headers: &request,
            status: StatusCode::OK,
            headers: &headers,
            requested: Timestamp(self.received),
            received: Timestamp(self.received),
            authenticated: false,
        };
        Head {
            stored: Stored::of(&exchange, &Rules::new()).unwrap(),
            vary: Vary::of(&headers, &request).unwrap(),
            fields: Fields::of(&headers).unwrap(),
        }
    }
}

pub(crate) fn key(uri: &str) -> Key {
    Key::new(Owner::Everyone, &uri.parse().unwrap()).unwrap()
}

pub(crate) fn key_of(principal: &str, uri: &str) -> Key {
    let owner = Owner::Principal(Principal::new(principal));
    Key::new(owner, &uri.parse().unwrap()).unwrap()
}

/// The contents that a key has, the latest first.
pub(crate) async fn contents(store: &RedisStore, key: &Key) -> Vec<Bytes> {
    let variants = store.get(key).await.unwrap();
    let entries = variants.as_slice().iter();
    entries.map(|entry| entry.content().to_bytes()).collect()
}

/// The names of all keys of a server.
pub(crate) fn keys(server: &RedisServer) -> Vec<String> {
    redis::from_redis_value(server.command(&["KEYS", "*"])).unwrap()
}

/// The only key of a server whose name has a part.
pub(crate) fn only_key(server: &RedisServer, part: &str) -> String {
    let mut keys = keys(server);
    keys.retain(|key| key.contains(part));
    assert_eq!(keys.len(), 1, "{part}");
    keys.remove(0)
}
