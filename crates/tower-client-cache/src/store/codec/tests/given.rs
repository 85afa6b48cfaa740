//! Entries of every kind, and codecs of both.

use std::sync::Arc;

use bytes::Bytes;
use http::header::VARY;
use http::uri::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tower_client_call::Principal;

use crate::policy::{FOREVER, Stored, StoredParts, Timestamp, Vary};
use crate::store::codec::{Codec, CodecError, Name, Record};
use crate::{Content, ContentId, Entry, Fields, Head, Key, Owner};

/// The values of a [`StoredParts`], in their order.
pub(super) type StoredValues = (i64, i64, u32, u32, u32, u32, u16, u8);

/// One that writes what everybody can read, and one that encrypts, if there is such a thing.
pub(super) fn codecs() -> Vec<Codec> {
    vec![
        Codec::new(),
        #[cfg(feature = "encryption")]
        Codec::encrypted(crate::store::codec::EncryptionKey::new([7; 32])),
    ]
}

/// An entry as it is written.
pub(super) struct Written {
    pub(super) name: Name,
    pub(super) head: Vec<u8>,
    pub(super) content: Bytes,
}

impl Written {
    pub(super) fn of(codec: &Codec, key: &Key, entry: &Entry) -> Self {
        Self {
            name: codec.name(key),
            head: codec.encode_head(key, entry).unwrap(),
            content: codec.encode_content(key, entry).unwrap().into(),
        }
    }

    pub(super) fn read(&self, codec: &Codec) -> Result<(Record, Content), CodecError> {
        let record = codec.decode_head(&self.name, &self.head)?;
        let content = codec.decode_content(&self.name, &record, &self.content)?;
        Ok((record, content))
    }
}

pub(super) fn small_key() -> Key {
    let owner = Owner::Principal(Principal::new("anna").at_epoch(3));
    let uri = Uri::from_static("https://api.example/v1/trips/7?page=2");
    Key::new(owner, &uri).unwrap()
}

/// The same in each process.
pub(super) fn small_entry() -> Entry {
    let mut headers = HeaderMap::new();
    let mut cookie = HeaderValue::from_static("a=1");
    cookie.set_sensitive(true);
    headers.insert("set-cookie", cookie);
    headers.insert("etag", HeaderValue::from_static("\"7\""));
    let pairs: [(&str, Option<&[u8]>); 2] = [("accept", Some(b"*/*")), ("dnt", None)];
    let head = Head {
        stored: stored((1_700_000_000, 1_699_999_999, 1, 60, 2, 3, 200, 0b1010)),
        vary: Vary::from_pairs(&pairs).unwrap(),
        fields: Fields::of(&headers).unwrap(),
    };
    let content = Content::from_iter([Bytes::from("a "), Bytes::from("trip")]);
    let tags = Some(Arc::from([Arc::from("trips")]));
    Entry::new(head, content, Timestamp(1_600_000_000), tags)
        .with_content_id(ContentId(0x0123_4567_89ab_cdef))
}

pub(super) fn stored(values: StoredValues) -> Stored {
    let written = postcard::to_stdvec(&values).unwrap();
    let parts: StoredParts = postcard::from_bytes(&written).unwrap();
    parts.check().unwrap()
}

pub(super) fn key() -> impl Strategy<Value = Key> {
    let owner = prop_oneof![
        (text(), any::<u64>()).prop_map(|(id, epoch)| {
            let principal = Principal::new(id).at_epoch(epoch);
            Owner::Principal(principal)
        }),
        any::<u64>().prop_map(Owner::Layer),
        Just(Owner::Everyone),
    ];
    (owner, prop_oneof![uri().prop_map(Ok), text().prop_map(Err)]).prop_map(|(owner, target)| {
        match target {
            Ok(uri) => Key::new(owner, &uri).unwrap(),
            Err(name) => Key::value(owner, &name).unwrap(),
        }
    })
}

/// URIs of every form, read as one text or put together from their parts.
pub(super) fn uri() -> impl Strategy<Value = Uri> {
    const PIECES: &[&str] = &[
        "http", "HTTPS", "ws", "://", "@", ":", "80", "443", "0", "/", "?", "%", "7e", "2F", "A",
        "b", ".", "[::1]", "\u{e4}", "*", "#", "&=",
    ];
    let pieces = |most| {
        let pieces = vec(proptest::sample::select(PIECES), 0..most);
        pieces.prop_map(|pieces| pieces.concat())
    };
    let start = proptest::sample::select(&["", "http://a", "https://B:", "ws://u:p@"][..]);
    let text = (start, pieces(10)).prop_filter_map("no URI", |(start, rest)| {
        format!("{start}{rest}").parse::<Uri>().ok()
    });
    let scheme = option::of(proptest::sample::select(
        &["http", "https", "HTTP", "a+b"][..],
    ));
    let parts = (scheme, option::of(pieces(3)), option::of(pieces(5)));
    let parts = parts.prop_filter_map("no URI", |(scheme, authority, path)| {
        let mut parts = Parts::default();
        parts.scheme = scheme.map(str::parse).transpose().ok()?;
        parts.authority = authority.map(|text| text.parse()).transpose().ok()?;
        parts.path_and_query = path.map(|text| text.parse()).transpose().ok()?;
        Uri::from_parts(parts).ok()
    });
    let known = [
        "*",
        "*:",
        "example.com:443",
        "/",
        "/a?b",
        "http://a",
        "http://a?b",
    ];
    prop_oneof![
        2 => text,
        1 => parts,
        1 => proptest::sample::select(known.to_vec()).prop_map(Uri::from_static),
    ]
}

pub(super) fn entry() -> impl Strategy<Value = Entry> {
    let tags = vec(text().prop_map(Arc::from), 0..3);
    let pieces = vec(vec(any::<u8>(), 0..40).prop_map(Bytes::from), 0..4);
    (head(), pieces, time(), tags, any::<u64>()).prop_map(|(head, pieces, created, tags, id)| {
        let tags = (!tags.is_empty()).then(|| tags.into());
        let content = Content::from_iter(pieces);
        Entry::new(head, content, Timestamp(created), tags).with_content_id(ContentId(id))
    })
}

fn head() -> impl Strategy<Value = Head> {
    let seconds = || prop_oneof![0..=FOREVER, Just(0), Just(FOREVER)];
    let status = prop_oneof![Just(200_u16), Just(206), Just(404), Just(503), Just(599)];
    let times = (seconds(), seconds(), seconds(), seconds());
    let stored = (time(), time(), times, status, 0..16_u8).prop_map(|all| {
        let (received, date, (age, lifetime, revalidate, error), status, flags) = all;
        stored((
            received, date, age, lifetime, revalidate, error, status, flags,
        ))
    });
    (stored, vary(), fields()).prop_map(|(stored, vary, fields)| Head {
        stored,
        vary,
        fields,
    })
}

fn vary() -> impl Strategy<Value = Vary> {
    vec((name(), vec(value(), 0..3)), 0..4).prop_map(|selecting| {
        let (mut response, mut request) = (HeaderMap::new(), HeaderMap::new());
        for (name, values) in selecting {
            response.append(VARY, HeaderValue::try_from(name.as_str()).unwrap());
            for value in values {
                request.append(&name, value);
            }
        }
        // A field whose name is `*` is the one that nobody can ask for.
        Vary::of(&response, &request).unwrap_or_default()
    })
}

fn fields() -> impl Strategy<Value = Fields> {
    let part = option::of(Just((
        HeaderName::from_static("content-range"),
        HeaderValue::from_static("bytes 0-9/100"),
    )));
    (vec((name(), value()), 0..6), part).prop_map(|(lines, part)| {
        let mut headers = HeaderMap::new();
        for (name, value) in lines.into_iter().chain(part) {
            headers.append(name, value);
        }
        Fields::of(&headers).unwrap()
    })
}

fn name() -> impl Strategy<Value = HeaderName> {
    let known = proptest::sample::select(&["accept", "vary", "set-cookie", "x"][..]);
    prop_oneof![
        known.prop_map(HeaderName::from_static),
        "[a-z0-9!#$%&'*+.^_`|~-]{1,9}".prop_map(|name| HeaderName::try_from(name).unwrap()),
    ]
}

/// Of every byte that a field can have.
fn value() -> impl Strategy<Value = HeaderValue> {
    let byte = prop_oneof![Just(b'\t'), 32..=126_u8, 128..=255_u8];
    (vec(byte, 0..12), any::<bool>()).prop_map(|(bytes, sensitive)| {
        let mut value = HeaderValue::from_bytes(&bytes).unwrap();
        value.set_sensitive(sensitive);
        value
    })
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        Just(i64::MIN),
        Just(i64::MAX),
        0..2_000_000_000_i64
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,6}",
        Just(String::new()),
        Just("\0\u{7f}\u{10ffff}".to_owned())
    ]
}
