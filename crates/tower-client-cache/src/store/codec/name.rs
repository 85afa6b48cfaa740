//! What keys are called outside: numbers that show neither whose they are nor of what.

use std::fmt;

use http::Uri;
use sha2::{Digest, Sha256};

use super::Seal;
use crate::{Key, Owner};

/// What a [`Key`] is called where others can read it: 128 bits of a hash of it, of SHA-256 or, where
/// entries are encrypted, of an HMAC that only the key's holders can compute.
///
/// The same in every process and version. `Display` shows it as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name([u8; 16]);

/// What is [marked](super::Codec::mark).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mark {
    /// The id of a principal.
    Principal,
    /// A tag.
    Tag,
}

impl Name {
    /// The name of nothing in particular.
    pub(super) const NONE: Self = Self([0; 16]);

    pub(super) fn of(key: &Key, seal: Option<&Seal>) -> Self {
        Self(hash(&text_of(key), seal))
    }

    /// Creates a name from its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

pub(super) fn mark(kind: Mark, text: &str, seal: Option<&Seal>) -> [u8; 16] {
    let mut written = Vec::new();
    let kind = match kind {
        Mark::Principal => 8,
        Mark::Tag => 9,
    };
    add(&mut written, kind, text.as_bytes());
    hash(&written, seal)
}

/// Returns what tells a key from all others, and all of them from what is marked.
fn text_of(key: &Key) -> Vec<u8> {
    // As much as most take.
    let mut text = Vec::with_capacity(256);
    match key.owner() {
        Owner::Principal(principal) => {
            add(&mut text, 0, principal.id().as_bytes());
            add(&mut text, 1, &principal.epoch().to_le_bytes());
        }
        Owner::Layer(number) => add(&mut text, 2, &number.to_le_bytes()),
        Owner::Everyone => add(&mut text, 3, &[]),
    }
    if let Some(uri) = key.uri() {
        // Not as one text: an authority alone can look like a path.
        for (kind, part) in (4..).zip(uri_parts(uri)) {
            if let Some(part) = part {
                add(&mut text, kind, part.as_bytes());
            }
        }
    }
    if let Some(name) = key.name() {
        add(&mut text, 7, name.as_bytes());
    }
    text
}

/// Returns scheme, authority and path of a URI, of which it can be put together again.
pub(super) fn uri_parts(uri: &Uri) -> [Option<&str>; 3] {
    let path = uri.path_and_query().map(|path| path.as_str());
    [
        uri.scheme_str(),
        uri.authority().map(|authority| authority.as_str()),
        // One that is empty is shown as `/`, which is another.
        path.filter(|_| !uri.path().is_empty()),
    ]
}

/// Kind and length tell where one part ends and the next begins.
fn add(to: &mut Vec<u8>, kind: u8, part: &[u8]) {
    to.push(kind);
    to.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
    to.extend(part);
}

/// Returns the first 128 bits of a hash.
fn hash(text: &[u8], seal: Option<&Seal>) -> [u8; 16] {
    let digest: [u8; 32] = match seal {
        Some(seal) => seal.digest(text),
        None => Sha256::digest(text).into(),
    };
    let mut first = [0; 16];
    for (to, from) in first.iter_mut().zip(digest) {
        *to = from;
    }
    first
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
