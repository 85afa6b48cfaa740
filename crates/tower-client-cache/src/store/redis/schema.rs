//! What is written where: the names of keys, and what stands before a head.

use std::fmt::Write;
use std::time::Duration;

use crate::policy::Timestamp;
use crate::store::codec::Name;
use crate::{ContentId, Entry};

/// The version of the schema. It is in every key's name: versions do not see each other.
const VERSION: u8 = 1;
/// How many buckets there are, one for each first digit of a name.
pub(super) const BUCKETS: u8 = 16;
/// How long an index is kept after the last time that it changed: longer than any entry.
pub(super) const INDEX_TTL: Duration = Duration::from_secs(40 * 24 * 60 * 60);
/// How many bytes a label has before its marks.
const LABEL: usize = 40;

/// The names of keys under a prefix. Those of a bucket share a hash tag, so that a cluster has them
/// in one place.
#[derive(Clone, Debug)]
pub(super) struct Schema {
    prefix: Box<str>,
}

impl Schema {
    pub(super) fn new(prefix: &str) -> Self {
        let prefix = prefix.into();
        Self { prefix }
    }

    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns the key of the hash that has the entries of a name.
    pub(super) fn entries(&self, name: &Name) -> String {
        let mut key = self.entries_of(bucket(name));
        // Writing to a string cannot fail.
        let _: std::fmt::Result = write!(key, "{name}");
        key
    }

    /// Returns what the keys of a bucket's hashes begin with.
    pub(super) fn entries_of(&self, bucket: u8) -> String {
        format!("{}:{VERSION}:{{{bucket:x}}}:e:", self.prefix)
    }

    /// Returns the key of a bucket's index.
    pub(super) fn index(&self, bucket: u8) -> String {
        format!("{}:{VERSION}:{{{bucket:x}}}:x", self.prefix)
    }

    /// Returns the channel on which is told what is forgotten.
    pub(super) fn channel(&self) -> String {
        format!("{}:{VERSION}:f", self.prefix)
    }
}

/// Returns the bucket of a name.
pub(super) fn bucket(name: &Name) -> u8 {
    let [first, ..] = name.as_bytes();
    first >> 4
}

/// Returns the part of a label that is known before it is written: what tells which of two entries
/// is newer, and their contents apart.
pub(super) fn times(entry: &Entry) -> [u8; 24] {
    let stored = entry.stored();
    let ContentId(content) = entry.content_id();
    let mut label = [0; 24];
    let parts = [stamp(stored.received()), stamp(stored.date()), content];
    for (to, part) in label.chunks_exact_mut(8).zip(parts) {
        to.copy_from_slice(&part.to_be_bytes());
    }
    label
}

/// A time as scripts compare it, whose numbers have 53 bits. No clock that works is before 1970.
fn stamp(time: Timestamp) -> u64 {
    const MOST: u64 = 1 << 53;
    u64::try_from(time.0).unwrap_or(0).min(MOST)
}

/// What is read from a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// Of which incarnation of the bucket it is; in another it could not be forgotten any more.
    pub(super) incarnation: [u8; 8],
    /// The length of the content, which stays when a head is updated.
    pub(super) length: u64,
}

impl Label {
    pub(super) fn read(label: &[u8]) -> Option<Self> {
        let (label, _) = label.split_first_chunk::<LABEL>()?;
        let (_, last) = label.split_first_chunk::<24>()?;
        let (&incarnation, rest) = last.split_first_chunk::<8>()?;
        let length = u64::from_be_bytes(rest.try_into().ok()?);
        Some(Self {
            incarnation,
            length,
        })
    }
}

/// Returns a bucket's incarnation, from what of its index never expires.
pub(super) fn incarnation(members: &[Vec<u8>]) -> Option<[u8; 8]> {
    members.iter().find_map(|member| match member.as_slice() {
        [b'i', incarnation @ ..] => incarnation.try_into().ok(),
        _ => None,
    })
}

/// Returns name and variant of an index's member.
pub(super) fn member(bytes: &[u8]) -> Option<(Name, u64)> {
    let (&name, rest) = bytes.split_first_chunk::<16>()?;
    let (&variant, _) = rest.split_first_chunk::<8>()?;
    Some((Name::new(name), u64::from_be_bytes(variant)))
}

/// Returns a time in milliseconds, as commands take it.
pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_of_a_bucket_share_a_hash_tag() {
        let schema = Schema::new("cache");
        let mut bytes = [0x11; 16];
        bytes[0] = 0xa7;
        let name = Name::new(bytes);

        assert_eq!(bucket(&name), 10);
        assert_eq!(
            schema.entries(&name),
            "cache:1:{a}:e:a7111111111111111111111111111111"
        );
        assert_eq!(schema.index(10), "cache:1:{a}:x");
        assert_eq!(schema.channel(), "cache:1:f");
    }

    #[test]
    fn a_label_is_read_as_it_was_composed() {
        let mut label = vec![7; 24];
        label.extend_from_slice(b"abcdefgh");
        label.extend_from_slice(&9_u64.to_be_bytes());
        let expected = Label {
            incarnation: *b"abcdefgh",
            length: 9,
        };

        assert_eq!(Label::read(&label), Some(expected));
        label.extend_from_slice(&[0; 16]);
        assert_eq!(Label::read(&label), Some(expected));
        assert_eq!(Label::read(&label[..39]), None);
    }

    #[test]
    fn an_incarnation_is_told_from_a_generation() {
        let members = [b"g12345678".to_vec(), b"i87654321".to_vec()];

        assert_eq!(incarnation(&members), Some(*b"87654321"));
        assert_eq!(incarnation(&members[..1]), None);
        assert_eq!(incarnation(&[b"i".to_vec()]), None);
    }

    #[test]
    fn times_of_any_clock_can_be_compared_by_scripts() {
        for (time, expected) in [
            (Timestamp(-5), 0),
            (Timestamp(1_700_000_000), 1_700_000_000),
            (Timestamp(i64::MAX), 1 << 53),
        ] {
            assert_eq!(stamp(time), expected);
        }
    }
}
