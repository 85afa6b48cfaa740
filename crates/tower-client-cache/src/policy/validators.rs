//! What tells one version of a representation from another: entity tags and dates.

use std::fmt;

use http::header::{
    CONTENT_RANGE, DATE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RANGE,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::Timestamp;

/// An entity tag (RFC 9110 section 8.8.3).
///
/// `==` asks whether two are written alike; which of the comparisons below counts depends on the
/// condition.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntityTag<'a> {
    weak: bool,
    opaque: &'a [u8],
}

impl<'a> EntityTag<'a> {
    /// Reads one tag; `None` if it is not one, as it is when its quotes are missing.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let (weak, quoted) = match text.strip_prefix(b"W/") {
            Some(quoted) => (true, quoted),
            None => (false, text),
        };
        let opaque = quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        let allowed = |byte: &u8| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..);
        opaque.iter().all(allowed).then_some(Self { weak, opaque })
    }

    /// Returns the tag of a response; `None` if it has none, an invalid one, or several.
    #[must_use]
    pub fn of(response: &'a HeaderMap) -> Option<Self> {
        Self::parse(only(response, ETAG)?)
    }

    /// Whether it says of itself that it may stay when details change.
    #[must_use]
    pub fn is_weak(self) -> bool {
        self.weak
    }

    /// Compares for equal bytes: both tags have to be strong (RFC 9110 section 8.8.3.2).
    #[must_use]
    pub fn strong_eq(self, other: EntityTag<'_>) -> bool {
        !self.weak && !other.weak && self.opaque == other.opaque
    }

    /// Compares for equivalence: whether either is weak makes no difference (RFC 9110 section
    /// 8.8.3.2).
    #[must_use]
    pub fn weak_eq(self, other: EntityTag<'_>) -> bool {
        self.opaque == other.opaque
    }

    fn write(self, list: &mut Vec<u8>) {
        if self.weak {
            list.extend_from_slice(b"W/");
        }
        list.push(b'"');
        list.extend_from_slice(self.opaque);
        list.push(b'"');
    }
}

impl fmt::Debug for EntityTag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weak = if self.weak { "W/" } else { "" };
        write!(f, "{weak}\"{}\"", self.opaque.escape_ascii())
    }
}

/// The list of an `If-Match` or `If-None-Match` field, over all its lines.
#[derive(Clone)]
pub struct EntityTags<'a> {
    request: &'a HeaderMap,
    field: HeaderName,
}

impl<'a> EntityTags<'a> {
    /// Returns the list in a field of a request; `None` if the field is not there.
    #[must_use]
    pub fn of(request: &'a HeaderMap, field: HeaderName) -> Option<Self> {
        request
            .contains_key(&field)
            .then_some(Self { request, field })
    }

    /// Whether it is `*` and nothing else: beside tags that is invalid (RFC 9110 section 13.1.1).
    #[must_use]
    pub fn is_any(&self) -> bool {
        let mut members = self.members();
        members.next() == Some(b"*") && members.next().is_none()
    }

    /// Returns its tags; members that are none are left out, for nothing is equal to them.
    pub fn iter(&self) -> impl Iterator<Item = EntityTag<'a>> {
        self.members().filter_map(EntityTag::parse)
    }

    fn members(&self) -> impl Iterator<Item = &'a [u8]> {
        let lines = self.request.get_all(&self.field).iter();
        lines.flat_map(|line| members(line.as_bytes()))
    }
}

impl fmt::Debug for EntityTags<'_> {
    /// Leaves the rest of the request out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Splits at commas, of which those inside quotes are part of a tag. A backslash escapes nothing.
fn members(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    line.split(move |byte| {
        quoted ^= *byte == b'"';
        *byte == b',' && !quoted
    })
    .map(<[u8]>::trim_ascii)
    .filter(|member| !member.is_empty())
}

/// The validators of a response, of which each may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validators<'a> {
    /// Its entity tag.
    pub etag: Option<EntityTag<'a>>,
    /// When its representation changed last.
    pub last_modified: Option<Timestamp>,
    /// Whether that change was at least a second before the response: it was the last one of its
    /// second then, and the date is as good as a strong tag (RFC 9110 section 8.8.2.2).
    pub last_modified_is_strong: bool,
}

impl<'a> Validators<'a> {
    /// Reads those of a response.
    #[must_use]
    pub fn of(response: &'a HeaderMap) -> Self {
        let last_modified = date(response, LAST_MODIFIED);
        let strong = last_modified
            .zip(date(response, DATE))
            .is_some_and(|(modified, sent)| modified < sent);
        Self {
            etag: EntityTag::of(response),
            last_modified,
            last_modified_is_strong: strong,
        }
    }

    /// Whether there are none, and so nothing to ask the origin about.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// Returns the fields that ask the origin whether one of the stored responses is still good (RFC
/// 9111 section 4.3.1): none if there is nothing to ask by, and the request is sent as it is.
///
/// They replace `If-None-Match` and `If-Modified-Since` of the request that is sent: the client's
/// own conditions are evaluated with what is stored after the answer. Whether any were put in their
/// place is `!headers.is_empty()`, which [`is_for_client`](super::is_for_client) wants to know.
///
/// Named are the tags of what is stored, the most recent of which is to come first: of more than 16
/// tags or 4 KiB the rest is left out, and not asked about. The date is named only if there is a
/// single response, and of a part of one only if no range is asked for. A stored part of a
/// representation may be among `stored` only if it has all that the request wants (section 4.3.2).
#[must_use]
pub fn revalidation_headers<'a>(
    request: &HeaderMap,
    stored: impl IntoIterator<Item = &'a HeaderMap>,
) -> HeaderMap {
    let is_for_range = request.contains_key(RANGE);
    let mut tags = TagList::default();
    let mut modified = None;
    for (earlier, response) in stored.into_iter().enumerate() {
        // A tag goes with its date: the date alone would say less than is known.
        let is_named = EntityTag::of(response).is_none_or(|tag| tags.add(tag));
        let is_part = is_for_range && response.contains_key(CONTENT_RANGE);
        modified = date(response, LAST_MODIFIED)
            .filter(|_| earlier == 0 && is_named && !is_part)
            // As it was sent: some origins compare dates byte by byte.
            .and(response.get(LAST_MODIFIED));
    }

    let mut headers = HeaderMap::new();
    if let Some(list) = tags.value() {
        headers.insert(IF_NONE_MATCH, list);
    }
    if let Some(modified) = modified {
        headers.insert(IF_MODIFIED_SINCE, modified.clone());
    }
    headers
}

/// Tags that fit into one field.
#[derive(Default)]
struct TagList<'a> {
    tags: Vec<EntityTag<'a>>,
    written: Vec<u8>,
}

impl<'a> TagList<'a> {
    const MAX_TAGS: usize = 16;
    /// Some servers take no more than 8 KiB of all fields together.
    const MAX_BYTES: usize = 4096;

    /// Adds a tag if there is room for it; whether it is in the list now.
    fn add(&mut self, tag: EntityTag<'a>) -> bool {
        if self.tags.contains(&tag) {
            return true;
        }
        if self.tags.len() >= Self::MAX_TAGS {
            return false;
        }
        let end = self.written.len();
        if end > 0 {
            self.written.extend_from_slice(b", ");
        }
        tag.write(&mut self.written);
        if self.written.len() > Self::MAX_BYTES {
            self.written.truncate(end);
            return false;
        }
        self.tags.push(tag);
        true
    }

    fn value(self) -> Option<HeaderValue> {
        let value = (!self.written.is_empty()).then_some(self.written)?;
        HeaderValue::try_from(value).ok()
    }
}

/// Reads a field that has one date; `None` if it is missing, invalid, or there are several.
pub(super) fn date(headers: &HeaderMap, field: HeaderName) -> Option<Timestamp> {
    Timestamp::parse(only(headers, field)?)
}

/// Returns the value of a field that has but one line.
pub(super) fn only(headers: &HeaderMap, field: HeaderName) -> Option<&[u8]> {
    let mut lines = headers.get_all(field).iter();
    let line = lines.next()?;
    lines.next().is_none().then(|| line.as_bytes().trim_ascii())
}

#[cfg(test)]
mod tests;
