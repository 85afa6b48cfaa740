//! Parts of a representation: which are asked for, which are there, how they are named.

use std::fmt;
use std::ops::Range;

use http::header::{CONTENT_RANGE, RANGE};
use http::{HeaderMap, HeaderValue};

use super::validators::only;

/// Bytes of a representation, at least one, by the offsets of the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ByteRange {
    first: u64,
    last: u64,
}

impl ByteRange {
    /// Creates a range that includes both ends; `None` if the last is before the first, or so far
    /// out that no length of a representation reaches it.
    #[must_use]
    pub fn new(first: u64, last: u64) -> Option<Self> {
        (first <= last && last < u64::MAX).then_some(Self { first, last })
    }

    /// Returns the offset of the first byte.
    #[must_use]
    pub fn first(self) -> u64 {
        self.first
    }

    /// Returns the offset of the last byte.
    #[must_use]
    pub fn last(self) -> u64 {
        self.last
    }

    /// Returns how many bytes these are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(self) -> u64 {
        // No overflow: the last is less than the greatest number.
        self.last - self.first + 1
    }

    /// Whether all bytes of another range are in this one.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Returns both as one range; `None` if bytes between them are missing.
    #[must_use]
    pub fn union(self, other: Self) -> Option<Self> {
        // No overflow, as above.
        let touch = self.first <= other.last + 1 && other.first <= self.last + 1;
        touch.then(|| Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        })
    }

    /// Returns where these bytes are in a body that has those of `held`; `None` if not all are.
    #[must_use]
    pub fn slice_of(self, held: Self) -> Option<Range<usize>> {
        if !held.contains(self) {
            return None;
        }
        let start = usize::try_from(self.first - held.first).ok()?;
        let end = start.checked_add(usize::try_from(self.len()).ok()?)?;
        Some(start..end)
    }
}

/// What a `Range` field asks for: one range of bytes (RFC 9110 section 14.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RangeRequest {
    /// From an offset to another, both included.
    Between {
        /// The offset of the first byte.
        first: u64,
        /// That of the last, which the representation need not have.
        last: u64,
    },
    /// All from an offset on.
    From(u64),
    /// As many bytes at the end.
    Suffix(u64),
}

impl RangeRequest {
    /// Returns what a request asks for; `None` if the whole representation is to be served.
    ///
    /// That is so without the field, and with one that may be ignored (RFC 9110 section 14.2): of
    /// another unit, invalid, or with several ranges, which would need `multipart/byteranges`.
    #[must_use]
    pub fn of(request: &HeaderMap) -> Option<Self> {
        Self::parse(only(request, RANGE)?)
    }

    /// Reads the value of a `Range` field; `None` if it may be ignored.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let (unit, set) = split_once(value, b'=')?;
        if !unit.eq_ignore_ascii_case(b"bytes") {
            return None;
        }
        let mut members = set
            .split(|byte| *byte == b',')
            .map(<[u8]>::trim_ascii)
            .filter(|member| !member.is_empty());
        let range = members.next()?;
        if members.next().is_some() {
            return None;
        }
        match split_once(range, b'-')? {
            (b"", length) => saturating(length).map(Self::Suffix),
            (first, b"") => saturating(first).map(Self::From),
            (first, last) => {
                let (first, last) = (saturating(first)?, saturating(last)?);
                (first <= last).then_some(Self::Between { first, last })
            }
        }
    }

    /// Returns the bytes that are meant in a representation of this length; `None` if there are
    /// none: the request cannot be satisfied.
    ///
    /// An empty representation has none, whatever is asked; it is better served as a whole (RFC
    /// 9110 section 14.2 lets a server ignore the field then).
    #[must_use]
    pub fn resolve(self, length: u64) -> Option<ByteRange> {
        let end = length.checked_sub(1)?;
        match self {
            Self::Between { first, last } => ByteRange::new(first, last.min(end)),
            Self::From(first) => ByteRange::new(first, end),
            // A suffix of none starts after the end, and is no range.
            Self::Suffix(count) => ByteRange::new(length.saturating_sub(count), end),
        }
    }
}

impl fmt::Display for RangeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Between { first, last } => write!(f, "bytes={first}-{last}"),
            Self::From(first) => write!(f, "bytes={first}-"),
            Self::Suffix(count) => write!(f, "bytes=-{count}"),
        }
    }
}

/// What a `Content-Range` field says of a response's body (RFC 9110 section 14.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentRange {
    /// It is this part of a representation, whose length may be unknown.
    Part {
        /// The bytes that are there.
        range: ByteRange,
        /// The length of the whole representation.
        complete: Option<u64>,
    },
    /// It is none, because nothing in a representation of this length was asked for (416).
    Unsatisfied {
        /// The length of the whole representation.
        complete: u64,
    },
}

impl ContentRange {
    /// Returns what a response says; `None` if it says nothing that is valid.
    #[must_use]
    pub fn of(response: &HeaderMap) -> Option<Self> {
        Self::parse(only(response, CONTENT_RANGE)?)
    }

    /// Reads the value of a `Content-Range` field; `None` if it is invalid, of another unit, or
    /// tells offsets that no body has. Such a response is not to be combined with another.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let (unit, rest) = split_once(value, b' ')?;
        if !unit.eq_ignore_ascii_case(b"bytes") {
            return None;
        }
        let (range, complete) = split_once(rest, b'/')?;
        if range == b"*" {
            return exact(complete).map(|complete| Self::Unsatisfied { complete });
        }
        let (first, last) = split_once(range, b'-')?;
        let range = ByteRange::new(exact(first)?, exact(last)?)?;
        let complete = match complete {
            b"*" => None,
            digits => Some(exact(digits).filter(|complete| range.last < *complete)?),
        };
        Some(Self::Part { range, complete })
    }

    /// Returns the bytes that a request asks for if this part has all of them (RFC 9111 section
    /// 3.3); where the length is unknown, only a request that names both ends can be answered.
    #[must_use]
    pub fn covers(self, asked: RangeRequest) -> Option<ByteRange> {
        let Self::Part { range, complete } = self else {
            return None;
        };
        let wanted = match (complete, asked) {
            (Some(complete), _) => asked.resolve(complete),
            (None, RangeRequest::Between { first, last }) => ByteRange::new(first, last),
            (None, RangeRequest::From(_) | RangeRequest::Suffix(_)) => None,
        };
        wanted.filter(|wanted| range.contains(*wanted))
    }
}

impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part { range, complete } => {
                write!(f, "bytes {}-{}/", range.first, range.last)?;
                match complete {
                    Some(complete) => write!(f, "{complete}"),
                    None => f.write_str("*"),
                }
            }
            Self::Unsatisfied { complete } => write!(f, "bytes */{complete}"),
        }
    }
}

impl From<ContentRange> for HeaderValue {
    fn from(range: ContentRange) -> Self {
        // Never the other value, which every recipient would ignore: these are digits and signs.
        Self::try_from(range.to_string()).unwrap_or_else(|_| Self::from_static("bytes */*"))
    }
}

/// Reads digits and nothing else; a number that is too great is as good as the greatest there is
/// (RFC 9110 section 14.1.2).
fn saturating(digits: &[u8]) -> Option<u64> {
    is_number(digits).then(|| exact(digits).unwrap_or(u64::MAX))
}

fn exact(digits: &[u8]) -> Option<u64> {
    // Without this `parse` would accept a sign.
    if !is_number(digits) {
        return None;
    }
    str::from_utf8(digits).ok()?.parse().ok()
}

fn is_number(digits: &[u8]) -> bool {
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

fn split_once(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let index = text.iter().position(|byte| *byte == at)?;
    let (before, rest) = text.split_at_checked(index)?;
    Some((before, rest.get(1..)?))
}

#[cfg(test)]
mod tests;
