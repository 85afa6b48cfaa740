//! What the answer to a validation makes of a stored response.

mod freshened;

use http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED,
};
use http::{HeaderMap, HeaderName, StatusCode};

pub use self::freshened::*;
use super::fields::{Excepted, add, set};
use super::validators::date;
use super::{EntityTag, EntityTags, ResponseDirectives};

/// Updates the fields of a stored response by those of a later one: a 304, the answer to HEAD, or
/// another part (RFC 9111 section 3.2).
///
/// A field replaces all lines of its name, and what the later response does not mention stays.
/// What is never stored is not stored now; and fields that describe the bytes in store stay:
/// `Content-Length`, `Content-Encoding` and `Content-Range`, and the `ETag` these bytes came with,
/// which a later one [may confirm](to_update) but not make strong or weak. `Content-Type` and
/// `Content-Location` are updated.
///
/// `directives` are those that count from now on: of the later response, or the stored ones if it
/// has none. What they make private leaves a `shared` cache.
pub fn update_fields(
    stored: &mut HeaderMap,
    from: &HeaderMap,
    directives: &ResponseDirectives,
    shared: bool,
) {
    let excepted = Excepted::of(from, directives, shared);
    for name in from.keys() {
        let stays = describes_the_content(name) || (*name == ETAG && stored.contains_key(ETAG));
        if !stays && !excepted.contains(name) {
            replace(stored, name, from);
        }
    }
    if shared {
        for name in &directives.private_fields {
            stored.remove(name);
        }
    }
}

/// What the answer to a validation means (RFC 9111 section 4.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Validation {
    /// What is stored is still good, if it is [what the answer is about](to_update).
    NotModified,
    /// What is stored is not good any more: this answer is to be used, and perhaps stored.
    Full,
    /// The origin failed: its answer may be used, or what is stored if that may be served stale.
    ServerError,
    /// It tells nothing about what is stored, and is passed on: an interim response, a part, or
    /// the failure of a condition that is not the cache's.
    Other,
}

/// Returns what a response to a validation means by its status.
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
/// `client` are the fields of its request. Without conditions of the `cache` in their place, the
/// client's were sent, and every 304 is an answer to them. Else it has to name what the client
/// holds. A 304 that is neither for the client nor [about anything stored](to_update) is of no
/// use: the request has to be sent again without conditions.
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
