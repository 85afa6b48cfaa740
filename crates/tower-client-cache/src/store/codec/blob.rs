//! What stands around what is written: the version, and a checksum.

use super::{Codec, CodecError, Name};
use crate::ContentId;

/// The version, and a checksum of 4 bytes.
const HEADER: usize = 5;

/// How much longer a blob is than what is written in it.
pub(super) const OVERHEAD: usize = HEADER;

/// Which part of an entry is written; one is never taken for another.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Head,
    Content(ContentId),
    Message,
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

/// Returns room for the header, after which is written.
pub(super) fn room() -> Vec<u8> {
    vec![0; HEADER]
}

/// Makes a blob of what was written after some [`room`].
pub(super) fn close(part: Part, name: &Name, mut written: Vec<u8>) -> Vec<u8> {
    if let Some((header, rest)) = written.split_first_chunk_mut::<HEADER>() {
        let [a, b, c, d] = checksum(part, name, rest).to_be_bytes();
        *header = [Codec::VERSION, a, b, c, d];
    }
    written
}

/// Returns what was written.
pub(super) fn open<'a>(part: Part, name: &Name, blob: &'a [u8]) -> Result<&'a [u8], CodecError> {
    let version = *blob.first().ok_or(CodecError::Malformed)?;
    if version != Codec::VERSION {
        return Err(CodecError::Version(version));
    }
    let (header, written) = blob
        .split_first_chunk::<HEADER>()
        .ok_or(CodecError::Malformed)?;
    let [_, sum @ ..] = *header;
    if checksum(part, name, written) != u32::from_be_bytes(sum) {
        return Err(CodecError::Checksum);
    }
    Ok(written)
}

fn checksum(part: Part, name: &Name, written: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&part.mark());
    sum.update(name.as_bytes());
    sum.update(written);
    sum.finalize()
}
