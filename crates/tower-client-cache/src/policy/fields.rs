//! The fields of a response on their way into the cache and out of it.

mod complete;

use std::collections::HashSet;

use http::header::{
    AGE, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, DATE, ETAG, EXPIRES, LAST_MODIFIED,
    PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue};

pub use self::complete::{Announced, is_complete};
pub(super) use self::complete::{Length, length};
#[cfg(test)]
pub(super) use self::tests::{Lines, full, headers, lines, random_headers};
use super::{FOREVER, ResponseDirectives, Timestamp};

/// Returns those of a response's fields that are stored (RFC 9111 section 3.1).
///
/// Fields of the connection and of a proxy on the way are left out, and in a `shared` cache what
/// is private. `Age` is left out too: it is true at the arrival only, and would outlive a 304 that
/// has none. `Cache-Status` is kept: a cache adds to what those before it said (RFC 9211
/// section 2). Fields that `no-cache="…"` names are kept, for responses that were validated. Without
/// a `Date` the response was made when it was `received` (RFC 9110 section 6.6.1), and says so from
/// now on.
///
/// What decides (directives, `Vary`, `Age`) is to be read from the fields as received.
#[must_use]
pub fn storable_fields(
    headers: &HeaderMap,
    directives: &ResponseDirectives,
    shared: bool,
    received: Timestamp,
) -> HeaderMap {
    let private: &[_] = &directives.private_fields;
    let excepted = Excepted::of(headers, if shared { private } else { &[] });
    let mut stored = copied(headers, |name| !excepted.contains(name));
    // "42, 42" and two lines of 42 must not be sent on as they are (RFC 9110 section 8.6).
    match length(&stored) {
        Length::Unknown => {}
        Length::Known(length) => set(&mut stored, CONTENT_LENGTH, length.into()),
        Length::Invalid => drop(stored.remove(CONTENT_LENGTH)),
    }
    if !stored.contains_key(DATE)
        && let Ok(date) = HeaderValue::try_from(received.to_string())
    {
        add(&mut stored, DATE, date);
    }
    stored
}

/// Returns the fields of a stored response as they are served at an `age` in seconds.
///
/// Fields `without` names are left out: those of `no-cache="…"`, unless the response was just
/// validated (RFC 9111 section 5.2.2.4). `Date` stays what the origin said (RFC 9110
/// section 6.6.1).
#[must_use]
pub fn served_fields(stored: HeaderMap, without: &[HeaderName], age: u32) -> HeaderMap {
    let mut served = stored;
    for name in without {
        served.remove(name);
    }
    set(&mut served, AGE, age.min(FOREVER).into());
    served
}

/// What is never stored of one response.
#[derive(Debug)]
pub(super) struct Excepted<'a> {
    /// Of the fields that are there, those which `Connection` names; mostly none.
    connection: HashSet<HeaderName>,
    private: &'a [HeaderName],
    /// Whether the length was told by the transfer coding: `Content-Length` beside it is wrong, or
    /// an attack (RFC 9112 section 6.3).
    coded: bool,
}

impl<'a> Excepted<'a> {
    /// `private` are those that this kind of cache may not store.
    pub(super) fn of(headers: &HeaderMap, private: &'a [HeaderName]) -> Self {
        Self {
            connection: connection_fields(headers).collect(),
            private,
            coded: headers.contains_key(TRANSFER_ENCODING),
        }
    }

    pub(super) fn contains(&self, name: &HeaderName) -> bool {
        is_for_one_hop(name)
            || *name == AGE
            || (self.coded && *name == CONTENT_LENGTH)
            || self.private.contains(name)
            || (!self.connection.is_empty() && self.connection.contains(name))
    }
}

/// Appends a line. A map that holds as many names as it can takes no more, rather than panic.
pub(super) fn add(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    drop(headers.try_append(name, value));
}

/// Replaces all lines of a name, in the place of the first; the same holds for a full map.
pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    drop(headers.try_insert(name, value));
}

/// Copies the lines of these names, in their order and as sensitive as they are.
fn copied(headers: &HeaderMap, is_kept: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    let mut copy = HeaderMap::try_with_capacity(headers.keys_len()).unwrap_or_default();
    for (name, value) in headers {
        if is_kept(name) {
            add(&mut copy, name.clone(), value.clone());
        }
    }
    copy
}

/// Whether a field is about one connection (RFC 9110 section 7.6.1) or one proxy (RFC 9111
/// section 3.1), or announces trailer fields, which are not stored.
fn is_for_one_hop(name: &HeaderName) -> bool {
    const OTHERS: [&str; 3] = [
        "keep-alive",
        "proxy-connection",
        "proxy-authentication-info",
    ];
    [
        CONNECTION,
        PROXY_AUTHENTICATE,
        PROXY_AUTHORIZATION,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
    ]
    .contains(name)
        || OTHERS.contains(&name.as_str())
}

/// Whether a field is for all recipients, so that it is never right for `Connection` to name it (RFC
/// 9110 section 7.6.1): what is stored would lose what decides about it, or what its bytes are.
fn is_for_all(name: &HeaderName) -> bool {
    [CACHE_CONTROL, DATE, ETAG, EXPIRES, LAST_MODIFIED, VARY].contains(name)
        || name.as_str().starts_with("content-")
}

fn connection_fields(headers: &HeaderMap) -> impl Iterator<Item = HeaderName> {
    headers
        .get_all(CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .filter_map(|option| HeaderName::from_bytes(option.trim_ascii()).ok())
        .filter(|name| headers.contains_key(name) && !is_for_all(name))
}

#[cfg(test)]
mod tests;
