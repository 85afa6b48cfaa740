//! Encryption, with keys that are made of the application's.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::Generate;
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use tower_client_call::InvalidSetting;
use zeroize::Zeroizing;

use super::blob::SEALED_HEADER;
use super::{Codec, CodecError};

/// A secret of 256 bits, with which entries are [encrypted](Codec::encrypted).
///
/// It has to be random, and not a password: [the module](super#encryption) says where it may come
/// from. Memory that held it is overwritten, and `Debug` shows nothing of it.
///
/// ```
/// use tower_client_cache::store::codec::{Codec, EncryptionKey};
///
/// # fn read_secret() -> Vec<u8> { vec![7; 32] }
/// let secret = read_secret(); // from a secret store, say
/// let codec = Codec::encrypted(EncryptionKey::from_bytes(&secret)?);
/// # let _ = codec;
/// # Ok::<_, tower_client_cache::InvalidSetting>(())
/// ```
#[derive(Clone)]
pub struct EncryptionKey(Zeroizing<[u8; 32]>);

impl EncryptionKey {
    /// Creates a key of 32 random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Creates a key of as many bytes as it has to have, which is 32.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] tells how many there are, if they are not as many.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidSetting> {
        let wrong = |_| {
            let length = format_args!("{} bytes long", bytes.len());
            InvalidSetting::new("encryption_key", length, "32 bytes")
        };
        bytes.try_into().map(Self::new).map_err(wrong)
    }

    /// Makes another key, for one use.
    fn derive(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut mac = mac(&self.0);
        mac.update(label);
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionKey").finish_non_exhaustive()
    }
}

impl Codec {
    /// Creates a codec that encrypts what it writes, and reads nothing else.
    #[must_use]
    pub fn encrypted(key: EncryptionKey) -> Self {
        let seal = Seal {
            cipher: XChaCha20Poly1305::new((&*key.derive(b"tower-client-cache: blobs")).into()),
            names: mac(&key.derive(b"tower-client-cache: names")),
        };
        Self {
            seal: Some(Arc::new(seal)),
        }
    }
}

/// What encrypts and names; two keys, so that neither use tells anything of the other.
pub(super) struct Seal {
    cipher: XChaCha20Poly1305,
    names: Hmac<Sha256>,
}

impl Seal {
    /// Encrypts what is written where it stands, and writes what it needs to be read.
    pub(super) fn close(
        &self,
        bound: &[u8],
        header: &mut [u8; SEALED_HEADER],
        written: &mut [u8],
    ) -> Result<(), CodecError> {
        // So long that no two of random ones are the same, however much is written.
        let nonce = XNonce::try_generate().map_err(|_| CodecError::Randomness)?;
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce, bound, written.into())
            .map_err(|_| CodecError::TooLong)?;
        for (to, from) in header.iter_mut().zip(nonce.into_iter().chain(tag)) {
            *to = from;
        }
        Ok(())
    }

    /// Decrypts a copy.
    pub(super) fn open(
        &self,
        bound: &[u8],
        header: &[u8; SEALED_HEADER],
        sealed: &[u8],
    ) -> Result<Vec<u8>, CodecError> {
        let (nonce, tag) = header.split_first_chunk().ok_or(CodecError::Malformed)?;
        let tag = tag.try_into().map_err(|_| CodecError::Malformed)?;
        let mut written = sealed.to_vec();
        self.cipher
            .decrypt_inout_detached(nonce.into(), bound, written.as_mut_slice().into(), tag)
            .map_err(|_| CodecError::Checksum)?;
        Ok(written)
    }

    pub(super) fn digest(&self, text: &[u8]) -> [u8; 32] {
        let mut names = self.names.clone();
        names.update(text);
        names.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal").finish_non_exhaustive()
    }
}

fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    // HMAC fills keys with zeros to a block of the hash itself (RFC 2104 section 2); by its own
    // length a key could be refused, which none of ours can.
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    Hmac::new((&*block).into())
}
