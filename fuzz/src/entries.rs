//! Entries of every kind that a cache may store, from a few bytes each.

use std::sync::Arc;

use http::header::{CACHE_CONTROL, VARY};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use tower_client_cache::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use tower_client_cache::{Content, ContentId, Entry, Fields, Head, Key, Owner};
use tower_client_call::Principal;

/// Whose it is, and of what.
#[derive(Arbitrary, Debug)]
pub struct AnyKey<'a> {
    owner: AnyOwner<'a>,
    is_value: bool,
    text: &'a str,
}

#[derive(Arbitrary, Debug)]
enum AnyOwner<'a> {
    Principal(&'a str, u64),
    Layer(u64),
    Everyone,
}

impl AnyKey<'_> {
    /// Makes it; what is no URI is the name of a value.
    #[must_use]
    pub fn get(&self) -> Option<Key> {
        let owner = match self.owner {
            AnyOwner::Principal(id, epoch) => Owner::Principal(Principal::new(id).at_epoch(epoch)),
            AnyOwner::Layer(number) => Owner::Layer(number),
            AnyOwner::Everyone => Owner::Everyone,
        };
        match self.text.parse::<Uri>() {
            Ok(uri) if !self.is_value => Key::new(owner, &uri).ok(),
            _ => Key::value(owner, self.text).ok(),
        }
    }
}

/// What was answered, and when.
#[derive(Arbitrary, Debug)]
pub struct AnyEntry<'a> {
    status: u8,
    times: [i64; 3],
    lasting: [u32; 3],
    directives: Option<u8>,
    is_invalidated: bool,
    selecting: Vec<(AnyName<'a>, Vec<&'a [u8]>)>,
    fields: Vec<(AnyName<'a>, &'a [u8], bool)>,
    pieces: Vec<&'a [u8]>,
    tags: Vec<&'a str>,
    id: u64,
}

impl AnyEntry<'_> {
    /// Makes it; `None` if nothing like it is ever stored.
    #[must_use]
    pub fn get(&self) -> Option<Entry> {
        let fields = self.fields();
        let head = Head {
            stored: self.stored(&fields)?,
            vary: self.vary()?,
            fields: Fields::of(&fields).ok()?,
        };
        let pieces = self.pieces.iter().map(|piece| piece.to_vec().into());
        let content = Content::from_iter(pieces);
        let tags: Arc<[Arc<str>]> = self.tags.iter().map(|tag| Arc::from(*tag)).collect();
        let tags = (!tags.is_empty()).then_some(tags);
        let created = Timestamp(self.times[2]);
        let entry = Entry::new(head, content, created, tags);
        Some(entry.with_content_id(ContentId(self.id)))
    }

    fn stored(&self, fields: &HeaderMap) -> Option<Stored> {
        let mut headers = fields.clone();
        if let Some(flags) = self.directives {
            let mut said = format!("max-age={}", self.lasting[0]);
            let names = ["no-cache", "no-cache=x", "must-revalidate", "immutable"];
            for (bit, name) in names.iter().enumerate() {
                if flags >> bit & 1 == 1 {
                    said.push_str(", ");
                    said.push_str(name);
                }
            }
            headers.insert(CACHE_CONTROL, HeaderValue::try_from(said).ok()?);
        }
        let exchange = Exchange {
            method: &Method::GET,
            request_headers: &HeaderMap::new(),
            status: self.status(),
            headers: &headers,
            requested: Timestamp(self.times[0]),
            received: Timestamp(self.times[1]),
            authenticated: false,
        };
        let [lifetime, revalidate, error] = self.lasting;
        let stored = if self.directives.is_some() {
            let rules = Rules::new()
                .partial_responses()
                .stale_while_revalidate(revalidate)
                .stale_if_error(error);
            Stored::of(&exchange, &rules)
        } else {
            Stored::lasting(&exchange, lifetime, revalidate, error)
        };
        let stored = stored.ok()?;
        Some(if self.is_invalidated {
            stored.invalidated()
        } else {
            stored
        })
    }

    fn vary(&self) -> Option<Vary> {
        let (mut response, mut request) = (HeaderMap::new(), HeaderMap::new());
        for (name, values) in &self.selecting {
            let name = name.get();
            response.append(VARY, HeaderValue::from_str(name.as_str()).ok()?);
            for bytes in values {
                request.append(&name, value(bytes));
            }
        }
        Vary::of(&response, &request)
    }

    fn fields(&self) -> HeaderMap {
        let mut fields = HeaderMap::new();
        for (name, bytes, is_sensitive) in &self.fields {
            let mut value = value(bytes);
            value.set_sensitive(*is_sensitive);
            fields.append(name.get(), value);
        }
        fields
    }

    fn status(&self) -> StatusCode {
        let code = match self.status {
            0..100 => 200,
            100..110 => 206,
            other => 200 + 2 * (u16::from(other) - 110),
        };
        StatusCode::from_u16(code).unwrap_or_default()
    }
}

/// Nearly every one is the name of a field.
#[derive(Arbitrary, Debug)]
enum AnyName<'a> {
    Known(u8),
    Own(&'a [u8]),
}

impl AnyName<'_> {
    fn get(&self) -> HeaderName {
        const KNOWN: [&str; 8] = [
            "accept",
            "accept-language",
            "content-range",
            "etag",
            "last-modified",
            "set-cookie",
            "vary",
            "x-own",
        ];
        let known = |number: u8| HeaderName::from_static(KNOWN[usize::from(number % 8)]);
        match *self {
            Self::Known(number) => known(number),
            Self::Own(bytes) => HeaderName::from_bytes(bytes).unwrap_or_else(|_| known(7)),
        }
    }
}

/// Makes a value of all bytes that one can have.
fn value(bytes: &[u8]) -> HeaderValue {
    let allowed: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|byte| matches!(byte, b'\t' | 32..=126 | 128..))
        .collect();
    HeaderValue::from_bytes(&allowed).unwrap_or_else(|_| HeaderValue::from_static(""))
}
