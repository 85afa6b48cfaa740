//! What cannot be written or read.

use super::Codec;

/// Something is no entry that was written for this name, by this version, with this key; or it
/// cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// It was written by another version.
    #[error("written in version {0} of the schema; read is {expected}", expected = Codec::VERSION)]
    Version(u8),
    /// It is encrypted, and the codec has no key.
    #[error("encrypted, and there is no key")]
    Encrypted,
    /// It is not encrypted, and the codec reads nothing else.
    #[error("not encrypted, where all has to be")]
    NotEncrypted,
    /// It is damaged, or was written for another name, or with another key.
    #[error("damaged, or written for another entry or with another key")]
    Checksum,
    /// It is not what this version writes.
    #[error("not what is written in this version")]
    Malformed,
    /// It cannot be written: it is too long.
    #[error("too long to be written")]
    TooLong,
    /// It cannot be encrypted: the system gives no random numbers.
    #[error("no random numbers to encrypt with")]
    Randomness,
}
