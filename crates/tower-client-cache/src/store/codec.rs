//! How entries are written, for stores that outlive the process or are shared by several.
//!
//! An entry becomes two blobs, its *head* and its *content*, so that a validation rewrites the head
//! alone. Each begins with the [version](Codec::VERSION) of its schema, and has a checksum that also
//! covers the [`Name`] that it is found by: what is damaged, or was put in another's place, is an
//! error, and so is what an older or newer version wrote ([`CodecError`]). A store takes either for
//! nothing there.
//!
//! No request credentials are written: a cache keeps none. What is written holds what was answered,
//! and whose it is.

mod blob;
mod name;
mod wire;

use bytes::Bytes;

use self::blob::Part;
pub use self::name::Name;
use super::{EntryInfo, Forgotten};
use crate::policy::Timestamp;
use crate::{Content, ContentId, Entry, Head, Key, Tags, VariantId};

/// Writes entries and reads them.
#[derive(Clone, Debug, Default)]
pub struct Codec {}

/// What is read from a head: all of an entry but its content.
#[derive(Clone, Debug)]
pub struct Record {
    /// What it is found by.
    pub key: Key,
    /// The head.
    pub head: Head,
    /// When its content was stored.
    pub created: Timestamp,
    /// The tags that it can be found by.
    pub tags: Tags,
    /// What tells its content from others.
    pub content_id: ContentId,
    /// How many bytes its content has.
    pub length: u64,
}

/// Something is no entry that was written for this name by this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// It was written by another version.
    #[error("written in version {0} of the schema; read is {expected}", expected = Codec::VERSION)]
    Version(u8),
    /// It is damaged, or was written for another name.
    #[error("damaged, or written for another entry")]
    Checksum,
    /// It is not what this version writes.
    #[error("not what is written in this version")]
    Malformed,
    /// It cannot be written: it is too long.
    #[error("too long to be written")]
    TooLong,
}

impl Codec {
    /// The version of the schema.
    pub const VERSION: u8 = 1;

    /// How many bytes a head has at most: fields, what selects it, key and tags.
    pub const LONGEST_HEAD: usize = 512 * 1024;

    /// How many bytes stand before the content in its blob, at most.
    pub const CONTENT_OVERHEAD: usize = blob::OVERHEAD;

    /// Creates a codec that writes what everybody can read.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the name of a key.
    #[must_use]
    pub fn name(&self, key: &Key) -> Name {
        Name::of(key)
    }

    /// Writes all of an entry but its content.
    ///
    /// # Errors
    ///
    /// [`CodecError::TooLong`] if it would have more than [`LONGEST_HEAD`](Self::LONGEST_HEAD) bytes.
    pub fn encode_head(&self, key: &Key, entry: &Entry) -> Result<Vec<u8>, CodecError> {
        let written = wire::write_head(key, entry, blob::room())?;
        let blob = blob::close(Part::Head, &self.name(key), written);
        if blob.len() > Self::LONGEST_HEAD {
            return Err(CodecError::TooLong);
        }
        Ok(blob)
    }

    /// Writes the content of an entry.
    #[must_use]
    pub fn encode_content(&self, key: &Key, entry: &Entry) -> Vec<u8> {
        let pieces = entry.content().pieces();
        let mut written = blob::room();
        written.reserve_exact(pieces.iter().map(Bytes::len).sum());
        for piece in pieces {
            written.extend_from_slice(piece);
        }
        blob::close(Part::Content(entry.content_id()), &self.name(key), written)
    }

    /// Reads a head that was found by this name.
    ///
    /// The key is the one that it was written for; that its name is this one is checked.
    ///
    /// # Errors
    ///
    /// [`CodecError`] if it was not written for this name by this version.
    pub fn decode_head(&self, name: &Name, blob: &[u8]) -> Result<Record, CodecError> {
        if blob.len() > Self::LONGEST_HEAD {
            return Err(CodecError::Malformed);
        }
        let record = wire::read_head(blob::open(Part::Head, name, blob)?)?;
        if self.name(&record.key) != *name {
            return Err(CodecError::Checksum);
        }
        Ok(record)
    }

    /// Reads the content of a record that was found by this name. It shares the memory.
    ///
    /// # Errors
    ///
    /// [`CodecError`] if it was not written for this record by this version.
    pub fn decode_content(
        &self,
        name: &Name,
        record: &Record,
        blob: &Bytes,
    ) -> Result<Content, CodecError> {
        let content = blob::open(Part::Content(record.content_id), name, blob)?;
        let content = blob.slice_ref(content);
        if u64::try_from(content.len()) != Ok(record.length) {
            return Err(CodecError::Malformed);
        }
        Ok(content.into())
    }

    /// Writes what was forgotten, to be told to others.
    ///
    /// # Errors
    ///
    /// [`CodecError::TooLong`] if that is longer than a head may be.
    pub fn encode_forgotten(&self, forgotten: &Forgotten) -> Result<Vec<u8>, CodecError> {
        let written = wire::write_forgotten(forgotten, blob::room())?;
        let blob = blob::close(Part::Message, &Name::NONE, written);
        if blob.len() > Self::LONGEST_HEAD {
            return Err(CodecError::TooLong);
        }
        Ok(blob)
    }

    /// Reads what was forgotten.
    ///
    /// # Errors
    ///
    /// [`CodecError`] if it was not written by this version.
    pub fn decode_forgotten(&self, blob: &[u8]) -> Result<Forgotten, CodecError> {
        if blob.len() > Self::LONGEST_HEAD {
            return Err(CodecError::Malformed);
        }
        wire::read_forgotten(blob::open(Part::Message, &Name::NONE, blob)?)
    }
}

impl Record {
    /// Returns what tells the entry from others of its key.
    #[must_use]
    pub fn variant(&self) -> VariantId {
        self.head.variant()
    }

    /// Returns what an owner may want to know of it; nobody has counted how often it was served.
    #[must_use]
    pub fn info(&self) -> EntryInfo {
        EntryInfo {
            created: self.created,
            validated: self.head.stored.received(),
            expires: self.head.stored.expires(),
            last_access: None,
            accesses: 0,
            length: self.length,
        }
    }

    /// Returns the entry with its content.
    #[must_use]
    pub fn into_entry(self, content: Content) -> Entry {
        Entry::new(self.head, content, self.created, self.tags).with_content_id(self.content_id)
    }
}
