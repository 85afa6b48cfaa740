//! What tells one version of a representation from another: entity tags and dates.

use std::fmt;

use http::header::{DATE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RANGE};
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
/// 9111 section 4.3.1).
///
/// They replace `If-None-Match` and `If-Modified-Since` of the request that is sent: the client's
/// own conditions are evaluated with what is stored after the answer. All tags of what is stored
/// are named; the date only if there is a single response and no range of it is asked for. A stored
/// part of a representation may be among `stored` only if it has all that the request wants
/// (section 4.3.2).
#[must_use]
pub fn revalidation_headers<'a>(
    request: &HeaderMap,
    stored: impl IntoIterator<Item = &'a HeaderMap>,
) -> HeaderMap {
    let mut tags = Vec::new();
    let mut responses = 0_u32;
    let mut modified = None;
    for response in stored {
        responses = responses.saturating_add(1);
        if let Some(tag) = EntityTag::of(response)
            && !tags.contains(&tag)
        {
            tags.push(tag);
        }
        // As it was sent: some origins compare dates byte by byte.
        modified = date(response, LAST_MODIFIED).and(response.get(LAST_MODIFIED));
    }

    let mut headers = HeaderMap::new();
    if let Some(list) = list(&tags) {
        headers.insert(IF_NONE_MATCH, list);
    }
    if let Some(modified) = modified
        && responses == 1
        && !request.contains_key(RANGE)
    {
        headers.insert(IF_MODIFIED_SINCE, modified.clone());
    }
    headers
}

fn list(tags: &[EntityTag<'_>]) -> Option<HeaderValue> {
    let (first, rest) = tags.split_first()?;
    let mut list = Vec::new();
    first.write(&mut list);
    for tag in rest {
        list.extend_from_slice(b", ");
        tag.write(&mut list);
    }
    HeaderValue::try_from(list).ok()
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
