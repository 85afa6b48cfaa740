//! Header fields in one piece of memory.

use std::fmt;

use bytes::{BufMut, Bytes};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The header fields of a stored response, in one piece of memory.
///
/// A [`HeaderMap`] of six fields takes 1.5 KiB; most entries of a cache are served seldom, and so
/// are kept like this. Lines keep their order, and whether they are sensitive.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Bytes);

/// Header fields that are too long to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "more than {} fields, or fields of more than {} bytes, or one of more than 65535",
    Fields::MOST,
    Fields::LONGEST
)]
pub struct FieldsTooLong;

/// Before each line: flags, the length of the name, the length of the value.
const PREFIX: usize = 5;
const SENSITIVE: u8 = 1;

impl Fields {
    /// How many lines there can be.
    pub const MOST: usize = 1024;

    /// How many bytes they can take.
    pub const LONGEST: usize = 128 * 1024;

    /// Packs fields.
    ///
    /// # Errors
    ///
    /// [`FieldsTooLong`] if there are more than [`MOST`](Self::MOST), they would take more than
    /// [`LONGEST`](Self::LONGEST) bytes, or one has a name or a value of more than 65,535.
    pub fn of(headers: &HeaderMap) -> Result<Self, FieldsTooLong> {
        if headers.len() > Self::MOST {
            return Err(FieldsTooLong);
        }
        let length = headers
            .iter()
            .map(|(name, value)| PREFIX + name.as_str().len() + value.len());
        let length: usize = length.sum();
        if length > Self::LONGEST {
            return Err(FieldsTooLong);
        }
        let mut packed = Vec::with_capacity(length);
        for (name, value) in headers {
            let (name, sensitive) = (name.as_str(), value.is_sensitive());
            let lengths =
                u16::try_from(name.len()).and_then(|name| Ok((name, u16::try_from(value.len())?)));
            let (name_length, value_length) = lengths.map_err(|_| FieldsTooLong)?;
            packed.put_u8(if sensitive { SENSITIVE } else { 0 });
            packed.put_u16(name_length);
            packed.put_u16(value_length);
            packed.put_slice(name.as_bytes());
            packed.put_slice(value.as_bytes());
        }
        Ok(Self(packed.into()))
    }

    /// Unpacks the fields. Their values share this memory.
    #[must_use]
    pub fn to_map(&self) -> HeaderMap {
        self.to_map_with_room(0)
    }

    /// Unpacks the fields into a map that has room for some more.
    pub(crate) fn to_map_with_room(&self, more: usize) -> HeaderMap {
        let count = self.lines().count() + more;
        let mut headers = HeaderMap::try_with_capacity(count).unwrap_or_default();
        for (name, value) in self.iter() {
            // There are no more than were in a map.
            drop(headers.try_append(name, value));
        }
        headers
    }

    /// Returns the lines, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        self.lines().filter_map(|line| {
            let name = HeaderName::from_bytes(line.name).ok()?;
            let mut value = HeaderValue::from_maybe_shared(self.0.slice_ref(line.value)).ok()?;
            value.set_sensitive(line.flags & SENSITIVE != 0);
            Some((name, value))
        })
    }

    /// Returns how many bytes they take.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "of memory, not of fields")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns them as they are packed.
    #[cfg(feature = "codec")]
    pub(crate) fn as_packed(&self) -> &[u8] {
        &self.0
    }

    /// Reads back what was packed; `None` if that is not what it is.
    #[cfg(feature = "codec")]
    pub(crate) fn from_packed(packed: Bytes) -> Option<Self> {
        if packed.len() > Self::LONGEST {
            return None;
        }
        let fields = Self(packed);
        let mut lines = fields.lines();
        let are_good = lines
            .by_ref()
            .take(Self::MOST)
            .all(|line| fields.is_good(&line));
        let is_whole = lines.0.is_empty();
        (are_good && is_whole).then_some(fields)
    }

    /// Tells whether a line is as it is packed: there is one way for each.
    #[cfg(feature = "codec")]
    fn is_good(&self, line: &Line<'_>) -> bool {
        let name = HeaderName::from_bytes(line.name);
        let is_name = name.is_ok_and(|name| name.as_str().as_bytes() == line.name);
        let value = || HeaderValue::from_maybe_shared(self.0.slice_ref(line.value));
        line.flags <= SENSITIVE && is_name && value().is_ok()
    }

    fn lines(&self) -> Lines<'_> {
        Lines(&self.0)
    }
}

/// Shows the names alone.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.lines().map(|line| String::from_utf8_lossy(line.name));
        f.debug_list().entries(names).finish()
    }
}

struct Lines<'a>(&'a [u8]);

struct Line<'a> {
    flags: u8,
    name: &'a [u8],
    value: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let (prefix, rest) = self.0.split_first_chunk::<PREFIX>()?;
        let [flags, name @ .., value_high, value_low] = *prefix;
        let name_length = usize::from(u16::from_be_bytes(name));
        let value_length = usize::from(u16::from_be_bytes([value_high, value_low]));
        let (name, rest) = rest.split_at_checked(name_length)?;
        let (value, rest) = rest.split_at_checked(value_length)?;
        self.0 = rest;
        Some(Line { flags, name, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_were() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("set-cookie", &b"a=1"[..]),
            ("x-own", b""),
            ("etag", b"\"\xff\xe4\""),
            ("set-cookie", b"b=2"),
        ] {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            let mut value = HeaderValue::from_bytes(value).unwrap();
            value.set_sensitive(name == "set-cookie");
            headers.append(name, value);
        }

        let unpacked = Fields::of(&headers).unwrap().to_map();

        assert_eq!(unpacked, headers);
        let cookies: Vec<_> = unpacked.get_all("set-cookie").iter().collect();
        assert_eq!(cookies, ["a=1", "b=2"]);
        assert!(cookies.iter().all(|cookie| cookie.is_sensitive()));
        assert!(!unpacked["etag"].is_sensitive());
    }

    #[test]
    fn what_is_too_long_is_refused() {
        for (length, kept) in [(65_535, true), (65_536, false)] {
            let mut headers = HeaderMap::new();
            let value = HeaderValue::from_bytes(&vec![b'a'; length]).unwrap();
            headers.insert("x", value);

            assert_eq!(Fields::of(&headers).is_ok(), kept, "{length}");
        }
        let mut headers = HeaderMap::new();
        for _ in 0..3 {
            let value = HeaderValue::from_bytes(&[b'a'; 50_000]).unwrap();
            headers.append("x", value);
        }
        assert_eq!(Fields::of(&headers), Err(FieldsTooLong));

        let mut headers = HeaderMap::new();
        for _ in 0..=Fields::MOST {
            headers.append("x", HeaderValue::from_static(""));
        }
        assert_eq!(Fields::of(&headers), Err(FieldsTooLong));
    }

    #[test]
    fn values_are_not_shown() {
        let mut headers = HeaderMap::new();
        headers.insert("set-cookie", HeaderValue::from_static("s3cret"));

        let shown = format!("{:?}", Fields::of(&headers).unwrap());

        assert_eq!(shown, r#"["set-cookie"]"#);
    }
}
