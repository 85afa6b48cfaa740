//! Entries and keys that are put into stores.

#![expect(clippy::expect_used, reason = "these are the constants of a test")]

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use tower_client_call::Principal;

use crate::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use crate::{Content, ContentId, Entry, Fields, Head, Key, Owner, Tags};

/// When it all happens.
const NOW: i64 = 1_700_000_000;

/// What an entry is made of.
#[derive(Clone)]
pub(super) struct Given {
    status: u16,
    request: HeaderMap,
    response: HeaderMap,
    content: Content,
    received: i64,
    content_id: Option<ContentId>,
    created: i64,
    tags: Vec<Arc<str>>,
    invalidated: bool,
}

impl Given {
    /// A response that is fresh for a minute.
    pub(super) fn new() -> Self {
        Self {
            status: 200,
            request: HeaderMap::new(),
            response: HeaderMap::new(),
            content: Content::from(Bytes::from_static(b"content")),
            received: NOW,
            content_id: None,
            created: NOW,
            tags: Vec::new(),
            invalidated: false,
        }
        .field("cache-control", "max-age=60")
    }

    pub(super) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Adds a line to the fields of the request.
    pub(super) fn request(mut self, name: &'static str, text: impl AsRef<[u8]>) -> Self {
        let name = HeaderName::from_static(name);
        self.request.append(name, value(text.as_ref()));
        self
    }

    /// Adds a line to the fields of the response.
    pub(super) fn field(mut self, name: &'static str, text: impl AsRef<[u8]>) -> Self {
        let name = HeaderName::from_static(name);
        self.response.append(name, value(text.as_ref()));
        self
    }

    /// Adds a line that is sensitive.
    pub(super) fn sensitive(mut self, name: &'static str, text: &str) -> Self {
        let mut value = value(text.as_bytes());
        value.set_sensitive(true);
        self.response.append(HeaderName::from_static(name), value);
        self
    }

    /// Takes a language as what it is selected by.
    pub(super) fn language(self, language: &str) -> Self {
        self.field("vary", "accept-language")
            .request("accept-language", language)
    }

    pub(super) fn content(mut self, content: impl Into<Content>) -> Self {
        self.content = content.into();
        self
    }

    pub(super) fn text(self, text: impl Into<String>) -> Self {
        self.content(Bytes::from(text.into()))
    }

    /// Lets it come so many seconds later.
    pub(super) fn received(mut self, seconds: i64) -> Self {
        self.received = NOW + seconds;
        self
    }

    pub(super) fn created(mut self, seconds: i64) -> Self {
        self.created = seconds;
        self
    }

    pub(super) fn tag(mut self, tag: &str) -> Self {
        self.tags.push(tag.into());
        self
    }

    pub(super) fn invalidated(mut self) -> Self {
        self.invalidated = true;
        self
    }

    pub(super) fn head(&self) -> Head {
        let exchange = Exchange {
            method: &Method::GET,
            request_headers: &self.request,
            status: StatusCode::from_u16(self.status).expect("a status"),
            headers: &self.response,
            requested: Timestamp(self.received),
            received: Timestamp(self.received),
            authenticated: false,
        };
        let rules = Rules::new().partial_responses();
        let mut stored = Stored::of(&exchange, &rules).expect("a response that may be stored");
        if self.invalidated {
            stored = stored.invalidated();
        }
        Head {
            stored,
            vary: Vary::of(&self.response, &self.request).expect("the names of fields"),
            fields: Fields::of(&self.response).expect("fields that are not too long"),
        }
    }

    /// Gives the content this id; a random one otherwise.
    pub(super) fn content_id(mut self, id: ContentId) -> Self {
        self.content_id = Some(id);
        self
    }

    pub(super) fn entry(&self) -> Arc<Entry> {
        let tags: Tags = (!self.tags.is_empty()).then(|| self.tags.clone().into());
        let created = Timestamp(self.created);
        let entry = Entry::new(self.head(), self.content.clone(), created, tags);
        Arc::new(match self.content_id {
            Some(id) => entry.with_content_id(id),
            None => entry,
        })
    }
}

/// Everybody's key of a URI.
pub(super) fn key(uri: &str) -> Key {
    key_of(Owner::Everyone, uri)
}

pub(super) fn key_of(owner: Owner, uri: &str) -> Key {
    Key::new(owner, &uri.parse().expect("a URI")).expect("a key that is not too long")
}

/// Everybody's key of a value.
pub(super) fn value_key(name: &str) -> Key {
    Key::value(Owner::Everyone, name).expect("a name that is not too long")
}

pub(super) fn principal(id: &str, epoch: u64) -> Owner {
    Owner::Principal(Principal::new(id).at_epoch(epoch))
}

/// Bytes that nobody can compress, the same each time.
pub(super) fn noise(seed: u64, length: usize) -> Bytes {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut bytes = vec![0; length];
    random.fill(&mut bytes);
    bytes.into()
}

fn value(text: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(text).expect("the value of a field")
}
