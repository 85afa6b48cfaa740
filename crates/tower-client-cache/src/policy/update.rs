//! What the answer to a validation makes of a stored response.

mod freshened;

use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LAST_MODIFIED,
};
use http::{HeaderMap, HeaderName, StatusCode};

pub use self::freshened::*;
use super::fields::{Excepted, add, set};
use super::validators::date;
use super::{EntityTag, EntityTags, ResponseDirectives};

/// Updates the fields of a stored response by those of a later one: a 304, the answer to HEAD, or
/// another part (RFC 9111 section 3.2).
///
/// A field replaces all lines of its name, and what the later response does not mention stays, such
/// as the stored `Date` if it has none.
/// What is never stored is not stored now; and fields that describe the bytes in store stay:
/// `Content-Length`, `Content-Encoding` and `Content-Range`, and the `ETag` these bytes came with,
/// which a later one [may confirm](to_update) but not make strong or weak. `Content-Type` and
/// `Content-Location` are updated.
///
/// What is private by the directives that count from now on (those of the later response, or the
/// stored ones if it has none) leaves a `shared` cache.
pub fn update_fields(stored: &mut HeaderMap, from: &HeaderMap, shared: bool) {
    let private = if shared {
        private_fields(stored, from)
    } else {
        Vec::new()
    };
    let excepted = Excepted::of(from, &private);
    for name in from.keys() {
        let stays = describes_the_content(name) || (*name == ETAG && stored.contains_key(ETAG));
        if !stays && !excepted.contains(name) {
            replace(stored, name, from);
        }
    }
    for name in private {
        stored.remove(name);
    }
}

/// What the answer to a validation means (RFC 9111 section 4.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Validation {
    /// What is stored is still good, if it is [what the answer is about](to_update).
    NotModified,
    /// What is stored is not good any more: this answer is to be used, and stored in its place if
    /// it may be.
    Full,
    /// The origin failed: its answer may be used, or what is stored if that may be served stale.
    ServerError,
    /// It is passed on, and what is stored stays as it is: an interim response, a part, or the
    /// failure of a condition that is not the cache's.
    Other,
}

/// Returns what a response to a validation means by its status.
///
/// No status makes a cache forget. What is stored goes only when another response is stored in its
/// place: a [`Full`](Validation::Full) one that may not be stored leaves it there.
///
/// A 206 is [`Other`](Validation::Other) although it tells something after all: the origin would
/// have answered `If-None-Match` with 304 if a tag had matched (RFC 9110 section 13.2.2), so that
/// none of those that were sent is the current one.
#[must_use]
pub fn after_validation(status: StatusCode) -> Validation {
    match status.as_u16() {
        304 => Validation::NotModified,
        ..200 | 206 | 412 | 416 => Validation::Other,
        200..500 => Validation::Full,
        // A status out of range counts as 5xx (RFC 9110 section 15).
        500.. => Validation::ServerError,
    }
}

/// Whether a 304 answers what the client itself asked for, and is passed on (RFC 9111
/// section 4.3.2).
///
/// [`to_update`] is to be asked first: where the 304 freshens something stored, that answers the
/// client. This is about a 304 that freshens nothing.
///
/// `client` are the fields of its request. Without conditions of the `cache` in their place
/// ([`revalidation_headers`](super::revalidation_headers) returned none), the client's were sent,
/// and every 304 is an answer to them. Else it has to name what the client holds. A 304 that is
/// not for the client either is of no use: the request has to be sent again without conditions.
#[must_use]
pub fn is_for_client(client: &HeaderMap, not_modified: &HeaderMap, cache: bool) -> bool {
    if let Some(tags) = EntityTags::of(client, IF_NONE_MATCH) {
        let names = |tag: EntityTag<'_>| tags.iter().any(|held| held.weak_eq(tag));
        !cache || tags.is_any() || EntityTag::of(not_modified).is_some_and(names)
    } else if client.contains_key(IF_MODIFIED_SINCE) {
        let held = date(client, IF_MODIFIED_SINCE);
        let modified = date(not_modified, LAST_MODIFIED);
        !cache || modified.is_some_and(|modified| held.is_some_and(|held| modified <= held))
    } else {
        false
    }
}

fn private_fields(stored: &HeaderMap, from: &HeaderMap) -> Vec<HeaderName> {
    let counts = if from.contains_key(CACHE_CONTROL) {
        from
    } else {
        stored
    };
    ResponseDirectives::of(counts).private_fields
}

fn describes_the_content(name: &HeaderName) -> bool {
    [CONTENT_LENGTH, CONTENT_ENCODING, CONTENT_RANGE].contains(name)
}

fn replace(stored: &mut HeaderMap, name: &HeaderName, from: &HeaderMap) {
    let mut values = from.get_all(name).iter().cloned();
    if let Some(first) = values.next() {
        set(stored, name.clone(), first);
    }
    for value in values {
        add(stored, name.clone(), value);
    }
}

#[cfg(test)]
mod tests;
