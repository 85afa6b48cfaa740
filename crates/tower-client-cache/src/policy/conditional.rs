//! How a stored response answers a request that has conditions.

use std::fmt;

use http::header::{
    CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, LAST_MODIFIED, VARY,
};
use http::{HeaderMap, HeaderName, Method, StatusCode};

use super::validators::{date, only};
use super::{ByteRange, ContentRange, EntityTag, EntityTags, RangeRequest, Timestamp, Validators};

/// A stored response that may be served for a request, as far as its conditions look at it.
#[derive(Clone, Copy)]
pub struct Chosen<'a> {
    /// Its status.
    pub status: StatusCode,
    /// Its header fields.
    pub headers: &'a HeaderMap,
    /// When it was received: what counts if it has no date of its own.
    pub received: Timestamp,
    /// The length of its body.
    pub length: u64,
}

/// What a request is to be answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The stored response as it is.
    Full,
    /// 304 (Not Modified), with [`not_modified_fields`]: the client has this version.
    NotModified,
    /// 206 (Partial Content).
    Partial {
        /// The bytes that were asked for.
        range: ByteRange,
        /// The length of the whole representation.
        complete: Option<u64>,
    },
    /// 416 (Range Not Satisfiable).
    Unsatisfiable {
        /// The length of the whole representation.
        complete: u64,
    },
    /// Nothing stored: only the origin can answer.
    Origin,
}

impl Answer {
    /// Returns what the `Content-Range` field of the answer says, if it is to have one.
    #[must_use]
    pub fn content_range(self) -> Option<ContentRange> {
        match self {
            Self::Partial { range, complete } => Some(ContentRange::Part { range, complete }),
            Self::Unsatisfiable { complete } => Some(ContentRange::Unsatisfied { complete }),
            Self::Full | Self::NotModified | Self::Origin => None,
        }
    }
}

impl fmt::Debug for Chosen<'_> {
    /// Leaves the header fields out: who set a cookie did not expect to find it in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chosen")
            .field("status", &self.status)
            .field("received", &self.received)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl Chosen<'_> {
    /// Evaluates the conditions of a request, in the order of RFC 9110 section 13.2.2.
    ///
    /// `If-Match` and `If-Unmodified-Since` are the origin's to evaluate (RFC 9111 section 4.3.2),
    /// and a cache may ignore them (RFC 9110 sections 13.1.1 and 13.1.4). Where they hold for the
    /// stored response, ignoring them is the same as obeying them. Where they do not, the client is
    /// owed a 412 or a newer version, and only the origin knows which: a cache never answers 412.
    #[must_use]
    pub fn answer(&self, method: &Method, request: &HeaderMap) -> Answer {
        if *method != Method::GET && *method != Method::HEAD {
            return Answer::Origin;
        }
        // RFC 9110 section 13.2.1: redirects and failures come before conditions.
        if !self.status.is_success() {
            return Answer::Full;
        }
        if !self.is_what_was_meant(request) {
            return Answer::Origin;
        }
        let content = match self.status {
            StatusCode::PARTIAL_CONTENT => self.part_of_part(method, request),
            StatusCode::OK => self.part(method, request),
            _ => Answer::Full,
        };
        if content != Answer::Origin && self.is_known_to(request) {
            return Answer::NotModified;
        }
        content
    }

    /// Steps 1 and 2: whether `If-Match`, or else `If-Unmodified-Since`, holds.
    fn is_what_was_meant(&self, request: &HeaderMap) -> bool {
        if let Some(tags) = EntityTags::of(request, IF_MATCH) {
            let own = EntityTag::of(self.headers);
            return tags.is_any()
                || own.is_some_and(|own| tags.iter().any(|tag| tag.strong_eq(own)));
        }
        let Some(since) = date(request, IF_UNMODIFIED_SINCE) else {
            return true;
        };
        date(self.headers, LAST_MODIFIED).is_none_or(|modified| modified <= since)
    }

    /// Steps 3 and 4: whether `If-None-Match`, or else `If-Modified-Since`, says that the client
    /// has this version.
    fn is_known_to(&self, request: &HeaderMap) -> bool {
        if let Some(tags) = EntityTags::of(request, IF_NONE_MATCH) {
            let own = EntityTag::of(self.headers);
            return tags.is_any() || own.is_some_and(|own| tags.iter().any(|tag| tag.weak_eq(own)));
        }
        let Some(since) = date(request, IF_MODIFIED_SINCE) else {
            return false;
        };
        // RFC 9111 section 4.3.2: without a modification date its own age has to do.
        let modified = date(self.headers, LAST_MODIFIED)
            .or_else(|| date(self.headers, DATE))
            .unwrap_or(self.received);
        modified <= since
    }

    /// Steps 5 and 6 for a whole representation.
    fn part(&self, method: &Method, request: &HeaderMap) -> Answer {
        let asked = self.asked(method, request);
        let Some(asked) = asked.filter(|_| self.length > 0) else {
            return Answer::Full;
        };
        match asked.resolve(self.length) {
            Some(range) => Answer::Partial {
                range,
                complete: Some(self.length),
            },
            // Step 5 has no 416: a range that does not apply is ignored there.
            None if request.contains_key(IF_RANGE) => Answer::Full,
            None => Answer::Unsatisfiable {
                complete: self.length,
            },
        }
    }

    /// The same for a part of one, which is only good for what is wholly in it (RFC 9111 section
    /// 3.3).
    fn part_of_part(&self, method: &Method, request: &HeaderMap) -> Answer {
        let held = ContentRange::of(self.headers);
        let asked = self.asked(method, request);
        match (
            held,
            held.zip(asked).and_then(|(held, asked)| held.covers(asked)),
        ) {
            // A body of another length is not this part, or not all of it.
            (Some(ContentRange::Part { range, complete }), Some(wanted))
                if range.len() == self.length =>
            {
                Answer::Partial {
                    range: wanted,
                    complete,
                }
            }
            _ => Answer::Origin,
        }
    }

    /// Returns the range that is wanted, unless `If-Range` or the method says to ignore it.
    fn asked(&self, method: &Method, request: &HeaderMap) -> Option<RangeRequest> {
        // RFC 9110 section 14.2: ranges are defined for GET alone.
        let asked = RangeRequest::of(request).filter(|_| *method == Method::GET)?;
        let unchanged = !request.contains_key(IF_RANGE) || self.is_of_range(request);
        unchanged.then_some(asked)
    }

    /// Whether the one validator of `If-Range` is exactly this response's, and a strong one.
    fn is_of_range(&self, request: &HeaderMap) -> bool {
        let own = Validators::of(self.headers);
        if let Some(tag) = only(request, IF_RANGE).and_then(EntityTag::parse) {
            return own.etag.is_some_and(|own| own.strong_eq(tag));
        }
        own.last_modified_is_strong && date(request, IF_RANGE) == own.last_modified
    }
}

/// Returns the fields of a stored response that a 304 made of it has (RFC 9110 section 15.4.5).
///
/// `Last-Modified` is among them where there is no `ETag` for the client to tell its versions by.
/// Fields `without` names are left out, as of [the whole response](super::served_fields). `Age` is
/// for the caller to add.
#[must_use]
pub fn not_modified_fields(stored: &HeaderMap, without: &[HeaderName]) -> HeaderMap {
    const ALWAYS: [HeaderName; 6] = [CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, VARY];
    let is_tagged = stored.contains_key(ETAG) && !without.contains(&ETAG);
    let instead = (!is_tagged).then_some(LAST_MODIFIED);
    let names = ALWAYS.into_iter().chain(instead);

    let mut fields = HeaderMap::with_capacity(ALWAYS.len());
    for name in names.filter(|name| !without.contains(name)) {
        for value in stored.get_all(&name) {
            fields.append(name.clone(), value.clone());
        }
    }
    fields
}

#[cfg(test)]
mod tests;
