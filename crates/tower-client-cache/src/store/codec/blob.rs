//! What stands around what is written: the version, how it is kept, and what shows damage.

use std::borrow::Cow;

use super::{Codec, CodecError, Name, Seal};
use crate::ContentId;

/// The version of the schema, and whether the rest is encrypted.
const PREFIX: usize = 2;
/// A checksum.
const PLAIN_HEADER: usize = 4;
/// A nonce of 24 bytes, and a tag of 16 that shows who wrote it.
pub(super) const SEALED_HEADER: usize = 24 + 16;

const PLAIN: u8 = 0;
const SEALED: u8 = 1;

/// How much longer a blob is than what is written in it, at most.
pub(super) const OVERHEAD: usize = PREFIX + SEALED_HEADER;

/// Which part of an entry is written; one is never taken for another.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Head,
    Content(ContentId),
    Message,
}

/// What turns something that is written into a blob, and back.
pub(super) struct Envelope<'a> {
    pub(super) seal: Option<&'a Seal>,
    pub(super) part: Part,
    pub(super) name: &'a Name,
}

impl Envelope<'_> {
    /// Returns room for what stands before what is written, and for that, which is to be appended.
    pub(super) fn room(&self, length: usize) -> Vec<u8> {
        let header = PREFIX + self.header();
        let mut room = Vec::with_capacity(header.saturating_add(length));
        room.resize(header, 0);
        room
    }

    /// Makes a blob of what was appended to some [`room`](Self::room), where it stands.
    pub(super) fn close(&self, mut room: Vec<u8>) -> Result<Vec<u8>, CodecError> {
        let (prefix, rest) = room
            .split_first_chunk_mut::<PREFIX>()
            .ok_or(CodecError::Malformed)?;
        *prefix = [Codec::VERSION, self.mode()];
        if let Some(seal) = self.seal {
            let (header, written) = rest.split_first_chunk_mut().ok_or(CodecError::Malformed)?;
            seal.close(&self.bound(), header, written)?;
        } else {
            let (header, written) = rest
                .split_first_chunk_mut::<PLAIN_HEADER>()
                .ok_or(CodecError::Malformed)?;
            *header = self.checksum(written);
        }
        Ok(room)
    }

    /// Returns what was written: what stands in the blob, or what was decrypted from it.
    pub(super) fn open<'b>(&self, blob: &'b [u8]) -> Result<Cow<'b, [u8]>, CodecError> {
        let version = *blob.first().ok_or(CodecError::Malformed)?;
        if version != Codec::VERSION {
            return Err(CodecError::Version(version));
        }
        let ([_, mode], rest) = blob
            .split_first_chunk::<PREFIX>()
            .ok_or(CodecError::Malformed)?;
        match (*mode, self.seal) {
            (PLAIN, None) => self.check(rest).map(Cow::Borrowed),
            (SEALED, Some(seal)) => {
                let (header, sealed) = rest.split_first_chunk().ok_or(CodecError::Malformed)?;
                seal.open(&self.bound(), header, sealed).map(Cow::Owned)
            }
            (PLAIN, Some(_)) => Err(CodecError::NotEncrypted),
            (SEALED, None) => Err(CodecError::Encrypted),
            _ => Err(CodecError::Malformed),
        }
    }

    fn check<'b>(&self, rest: &'b [u8]) -> Result<&'b [u8], CodecError> {
        let (header, written) = rest
            .split_first_chunk::<PLAIN_HEADER>()
            .ok_or(CodecError::Malformed)?;
        if self.checksum(written) != *header {
            return Err(CodecError::Checksum);
        }
        Ok(written)
    }

    fn checksum(&self, written: &[u8]) -> [u8; PLAIN_HEADER] {
        let mut sum = crc32fast::Hasher::new();
        sum.update(&self.bound());
        sum.update(written);
        sum.finalize().to_be_bytes()
    }

    /// What a blob is good for alone: its version and mode, its part of the entry, and the name,
    /// which is that of one owner and one resource.
    fn bound(&self) -> [u8; 27] {
        let part = self.part.mark();
        let fields = [
            &[Codec::VERSION, self.mode()][..],
            &part,
            self.name.as_bytes(),
        ];
        let mut bound = [0; 27];
        for (to, from) in bound.iter_mut().zip(fields.into_iter().flatten()) {
            *to = *from;
        }
        bound
    }

    fn mode(&self) -> u8 {
        if self.seal.is_some() { SEALED } else { PLAIN }
    }

    fn header(&self) -> usize {
        if self.seal.is_some() {
            SEALED_HEADER
        } else {
            PLAIN_HEADER
        }
    }
}

impl Part {
    fn mark(self) -> [u8; 9] {
        let (kind, id) = match self {
            Self::Head => (0, 0),
            Self::Content(ContentId(id)) => (1, id),
            Self::Message => (2, 0),
        };
        let [a, b, c, d, e, f, g, h] = id.to_be_bytes();
        [kind, a, b, c, d, e, f, g, h]
    }
}
