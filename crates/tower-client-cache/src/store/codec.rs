//! How entries are written, for stores that outlive the process or are shared by several.
//!
//! An entry becomes two blobs, its *head* and its *content*, so that a validation rewrites the head
//! alone. The head has the key, and with it the principal's id; the response's fields, with cookies
//! if it has any; the request fields that it was selected by; what decisions need of it; and its
//! tags. No request credentials are written: the cache keeps none.
//!
//! Each blob begins with the [version](Codec::VERSION) of its schema and has a checksum, which
//! covers as well which part of an entry it is, and the [`Name`] that it is found by: what is damaged,
//! or was put in another's place, is an error, and so is what an older or newer version wrote
//! ([`CodecError`]). A store takes either for nothing there. Checksums find accidents. Against who
//! can write to the store on purpose there is encryption.
//!
//! # Encryption
//!
//! With feature `encryption`, `Codec::encrypted` writes everything by XChaCha20-Poly1305, with a
//! random nonce for each blob. Then who reads the store learns nothing of what was answered, whose it
//! is and of what: names and [marks](Codec::mark) are HMACs too, so that ids and URIs cannot be
//! guessed and compared. And who writes to it can make up nothing, change nothing, nor move it to
//! another principal, resource, entry or part: each is [`CodecError::Checksum`].
//!
//! What is not hidden: how many entries there are and how long each is, when they are written, read
//! and forgotten, and which of them share a key or a mark. What is not prevented: to remove entries,
//! and to put back what was there before, for as long as it is fresh.
//!
//! The key is 32 random bytes. It should come from where the application's other secrets do: a secret
//! store, a mounted file that only the process may read, a variable that a supervisor sets. A
//! password is not one, nor what is made of one by hashing it. All processes that share a store have
//! to have the same.
//!
//! Another key is a rotation, and an empty cache: names are others, and what was written before is
//! never found again, nor could it be read. It stays until it expires, and a message in it is
//! an error to those who have the new one. The same happens to what was not encrypted when encryption
//! begins, and the other way round ([`CodecError::NotEncrypted`], [`CodecError::Encrypted`]).

mod blob;
mod error;
mod name;
mod record;
#[cfg(feature = "encryption")]
mod seal;
#[cfg(test)]
mod tests;
#[cfg(not(feature = "encryption"))]
mod unsealed;
mod wire;

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;

use self::blob::{Envelope, Part};
pub use self::error::CodecError;
pub use self::name::{Mark, Name};
pub use self::record::Record;
#[cfg(feature = "encryption")]
pub use self::seal::EncryptionKey;
#[cfg(feature = "encryption")]
use self::seal::Seal;
#[cfg(not(feature = "encryption"))]
use self::unsealed::Seal;
use super::Forgotten;
use crate::{Content, Entry, Key};

/// Writes entries and reads them.
///
/// A clone writes with the same key.
#[derive(Clone, Debug, Default)]
pub struct Codec {
    seal: Option<Arc<Seal>>,
}

impl Codec {
    /// The version of the schema.
    pub const VERSION: u8 = 1;

    /// How many bytes a head has at most: fields, what selects it, key and tags.
    pub const LONGEST_HEAD: usize = 512 * 1024;

    /// How many tags an entry has at most, and how many fields that it is selected by.
    pub const MOST_TAGS: usize = wire::MOST;

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
        Name::of(key, self.seal.as_deref())
    }

    /// Returns what the id of a principal, or a tag, is called where others can read it, for indexes
    /// of a store. It is no name of a key.
    #[must_use]
    pub fn mark(&self, kind: Mark, text: &str) -> [u8; 16] {
        name::mark(kind, text, self.seal.as_deref())
    }

    /// Writes all of an entry but its content.
    ///
    /// # Errors
    ///
    /// [`CodecError::TooLong`] if it would have more than [`LONGEST_HEAD`](Self::LONGEST_HEAD) bytes
    /// or [`MOST_TAGS`](Self::MOST_TAGS); [`CodecError::Randomness`] if it cannot be encrypted.
    pub fn encode_head(&self, key: &Key, entry: &Entry) -> Result<Vec<u8>, CodecError> {
        let name = self.name(key);
        let envelope = self.envelope(Part::Head, &name);
        let room = envelope.room(wire::about_length(entry));
        close_short(&envelope, wire::write_head(key, entry, room)?)
    }

    /// Writes the content of an entry.
    ///
    /// # Errors
    ///
    /// [`CodecError::Randomness`] if it cannot be encrypted, [`CodecError::TooLong`] if it is longer
    /// than can be: 256 GiB.
    pub fn encode_content(&self, key: &Key, entry: &Entry) -> Result<Vec<u8>, CodecError> {
        let name = self.name(key);
        let envelope = self.envelope(Part::Content(entry.content_id()), &name);
        let pieces = entry.content().pieces();
        let mut room = envelope.room(pieces.iter().map(Bytes::len).sum());
        for piece in pieces {
            room.extend_from_slice(piece);
        }
        envelope.close(room)
    }

    /// Reads a head that was found by this name.
    ///
    /// The key is the one that it was written for; that its name is this one is checked. Which entry
    /// of the key it is, the [record](Record::variant) tells.
    ///
    /// # Errors
    ///
    /// [`CodecError`] if it was not written for this name by this version.
    pub fn decode_head(&self, name: &Name, blob: &[u8]) -> Result<Record, CodecError> {
        let written = open_short(&self.envelope(Part::Head, name), blob)?;
        let record = wire::read_head(&written)?;
        if self.name(&record.key) != *name {
            return Err(CodecError::Checksum);
        }
        Ok(record)
    }

    /// Reads the content of a record that was found by this name. It shares the memory, unless it
    /// was encrypted.
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
        let envelope = self.envelope(Part::Content(record.content_id), name);
        let content = match envelope.open(blob)? {
            Cow::Borrowed(content) => blob.slice_ref(content),
            Cow::Owned(content) => content.into(),
        };
        if u64::try_from(content.len()) != Ok(record.length) {
            return Err(CodecError::Malformed);
        }
        Ok(content.into())
    }

    /// Writes what was forgotten, to be told to others.
    ///
    /// # Errors
    ///
    /// [`CodecError::TooLong`] if that is longer than a head may be, [`CodecError::Randomness`] if
    /// it cannot be encrypted.
    pub fn encode_forgotten(&self, forgotten: &Forgotten) -> Result<Vec<u8>, CodecError> {
        let envelope = self.envelope(Part::Message, &Name::NONE);
        close_short(
            &envelope,
            wire::write_forgotten(forgotten, envelope.room(0))?,
        )
    }

    /// Reads what was forgotten.
    ///
    /// # Errors
    ///
    /// [`CodecError`] if it was not written by this version.
    pub fn decode_forgotten(&self, blob: &[u8]) -> Result<Forgotten, CodecError> {
        let envelope = self.envelope(Part::Message, &Name::NONE);
        wire::read_forgotten(&open_short(&envelope, blob)?)
    }

    fn envelope<'a>(&'a self, part: Part, name: &'a Name) -> Envelope<'a> {
        Envelope {
            seal: self.seal.as_deref(),
            part,
            name,
        }
    }
}

fn close_short(envelope: &Envelope<'_>, room: Vec<u8>) -> Result<Vec<u8>, CodecError> {
    if room.len() > Codec::LONGEST_HEAD {
        return Err(CodecError::TooLong);
    }
    envelope.close(room)
}

fn open_short<'b>(envelope: &Envelope<'_>, blob: &'b [u8]) -> Result<Cow<'b, [u8]>, CodecError> {
    if blob.len() > Codec::LONGEST_HEAD {
        return Err(CodecError::Malformed);
    }
    envelope.open(blob)
}
