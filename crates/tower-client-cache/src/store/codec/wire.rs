//! The fields of what is written, in the format of `postcard`, and what they are checked for.

mod few;

use std::sync::Arc;

use bytes::Bytes;
use http::Uri;
use http::uri::Parts;
use serde::{Deserialize, Serialize};
use tower_client_call::Principal;

use self::few::Few;
use super::name::uri_parts;
use super::{CodecError, Record};
use crate::policy::{StoredParts, Timestamp, Vary};
use crate::store::{Forgotten, Selection};
use crate::{ContentId, Entry, Fields, Glob, Head, Key, Owner, Tags};

/// How many tags an entry has at most, and how many fields that it is selected by.
pub(super) const MOST: usize = 1024;

#[derive(Serialize, Deserialize)]
struct WireHead<'a> {
    #[serde(borrow)]
    key: WireKey<'a>,
    stored: StoredParts,
    #[serde(borrow)]
    vary: Few<(&'a str, Option<&'a [u8]>)>,
    fields: &'a [u8],
    #[serde(borrow)]
    tags: Few<&'a str>,
    created: i64,
    content_id: u64,
    length: u64,
}

#[derive(Serialize, Deserialize)]
struct WireKey<'a> {
    #[serde(borrow)]
    owner: WireOwner<'a>,
    #[serde(borrow)]
    target: WireTarget<'a>,
}

#[derive(Serialize, Deserialize)]
enum WireOwner<'a> {
    Principal { id: &'a str, epoch: u64 },
    Layer(u64),
    Everyone,
}

#[derive(Serialize, Deserialize)]
enum WireTarget<'a> {
    Uri {
        scheme: Option<&'a str>,
        authority: Option<&'a str>,
        path: Option<&'a str>,
    },
    Value(&'a str),
}

#[derive(Serialize, Deserialize)]
enum WireForgotten<'a> {
    #[serde(borrow)]
    Key(WireKey<'a>),
    All,
    Principal(&'a str),
    Tag(&'a str),
    Matching(&'a str),
}

/// Returns about how many bytes a head has.
pub(super) fn about_length(entry: &Entry) -> usize {
    let tags = entry.tags().iter().map(|tag| tag.len() + 4);
    let Head { vary, fields, .. } = entry.head();
    256 + fields.len() + vary.weight() + tags.sum::<usize>()
}

pub(super) fn write_head(key: &Key, entry: &Entry, to: Vec<u8>) -> Result<Vec<u8>, CodecError> {
    let head = entry.head();
    let wire = WireHead {
        key: WireKey::of(key),
        stored: head.stored.to_parts(),
        vary: Few::of(head.vary.pairs())?,
        fields: head.fields.as_packed(),
        tags: Few::of(entry.tags().iter().map(|tag| &**tag))?,
        created: entry.created().0,
        content_id: entry.content_id().0,
        length: entry.content().len(),
    };
    write(&wire, to)
}

pub(super) fn read_head(written: &[u8]) -> Result<Record, CodecError> {
    let wire: WireHead<'_> = read(written)?;
    let head = Head {
        stored: wire.stored.check().ok_or(CodecError::Malformed)?,
        vary: Vary::from_pairs(&wire.vary.0).ok_or(CodecError::Malformed)?,
        fields: Fields::from_packed(Bytes::copy_from_slice(wire.fields))
            .ok_or(CodecError::Malformed)?,
    };
    let tags: Vec<Arc<str>> = wire.tags.0.iter().map(|tag| Arc::from(*tag)).collect();
    let tags: Tags = (!tags.is_empty()).then(|| tags.into());
    Ok(Record {
        key: wire.key.to_key()?,
        head,
        created: Timestamp(wire.created),
        tags,
        content_id: ContentId(wire.content_id),
        length: wire.length,
    })
}

pub(super) fn write_forgotten(forgotten: &Forgotten, to: Vec<u8>) -> Result<Vec<u8>, CodecError> {
    let wire = match forgotten {
        Forgotten::Key(key) => WireForgotten::Key(WireKey::of(key)),
        // That is said to oneself alone; others are told the whole of it.
        Forgotten::Missed => WireForgotten::All,
        Forgotten::Matching(selection) => match selection {
            Selection::All => WireForgotten::All,
            Selection::Principal(id) => WireForgotten::Principal(id),
            Selection::Tag(tag) => WireForgotten::Tag(tag),
            // To compare it could take for ever: rather everything.
            Selection::Matching(glob) if glob.as_str().len() > Key::LONGEST => WireForgotten::All,
            Selection::Matching(glob) => WireForgotten::Matching(glob.as_str()),
        },
    };
    write(&wire, to)
}

pub(super) fn read_forgotten(written: &[u8]) -> Result<Forgotten, CodecError> {
    Ok(Forgotten::Matching(match read(written)? {
        WireForgotten::Key(key) => return Ok(Forgotten::Key(key.to_key()?)),
        WireForgotten::All => Selection::All,
        WireForgotten::Principal(id) => Selection::Principal(id.into()),
        WireForgotten::Tag(tag) => Selection::Tag(tag.into()),
        WireForgotten::Matching(pattern) if pattern.len() > Key::LONGEST => {
            return Err(CodecError::Malformed);
        }
        WireForgotten::Matching(pattern) => Selection::Matching(Glob::new(pattern)),
    }))
}

impl<'a> WireKey<'a> {
    fn of(key: &'a Key) -> Self {
        let owner = match key.owner() {
            Owner::Principal(principal) => WireOwner::Principal {
                id: principal.id(),
                epoch: principal.epoch(),
            },
            Owner::Layer(number) => WireOwner::Layer(*number),
            Owner::Everyone => WireOwner::Everyone,
        };
        let uri = |uri: &'a Uri| {
            let [scheme, authority, path] = uri_parts(uri);
            WireTarget::Uri {
                scheme,
                authority,
                path,
            }
        };
        let name = || WireTarget::Value(key.name().unwrap_or_default());
        let target = key.uri().map_or_else(name, uri);
        Self { owner, target }
    }

    fn to_key(&self) -> Result<Key, CodecError> {
        let owner = match self.owner {
            WireOwner::Principal { id, epoch } => {
                Owner::Principal(Principal::new(id).at_epoch(epoch))
            }
            WireOwner::Layer(number) => Owner::Layer(number),
            WireOwner::Everyone => Owner::Everyone,
        };
        let key = match self.target {
            WireTarget::Value(name) => Key::value(owner, name),
            WireTarget::Uri {
                scheme,
                authority,
                path,
            } => {
                let uri = uri(scheme, authority, path).ok_or(CodecError::Malformed)?;
                Key::new(owner, &uri)
            }
        };
        key.map_err(|_| CodecError::Malformed)
    }
}

fn uri(scheme: Option<&str>, authority: Option<&str>, path: Option<&str>) -> Option<Uri> {
    let mut parts = Parts::default();
    parts.scheme = scheme.map(str::parse).transpose().ok()?;
    parts.authority = authority.map(str::parse).transpose().ok()?;
    parts.path_and_query = path.map(str::parse).transpose().ok()?;
    Uri::from_parts(parts).ok()
}

fn write<T: Serialize>(wire: &T, to: Vec<u8>) -> Result<Vec<u8>, CodecError> {
    // Writing to memory does not fail.
    postcard::to_extend(wire, to).map_err(|_| CodecError::TooLong)
}

/// Reads all of it: what is left over was not written by us.
fn read<'a, T: Deserialize<'a>>(written: &'a [u8]) -> Result<T, CodecError> {
    match postcard::take_from_bytes(written) {
        Ok((wire, [])) => Ok(wire),
        Ok(_) | Err(_) => Err(CodecError::Malformed),
    }
}
