//! What keys are called outside: numbers that show neither whose they are nor of what.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{Key, Owner};

/// What a [`Key`] is called where others can read it: the first 128 bits of a SHA-256 of it.
///
/// The same in every process and version. `Display` shows it as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name([u8; 16]);

impl Name {
    /// The name of nothing in particular.
    pub(super) const NONE: Self = Self([0; 16]);

    pub(super) fn of(key: &Key) -> Self {
        let mut digest = Sha256::new();
        // Lengths tell where one part ends and the next begins.
        let mut add = |kind: u8, bytes: &[u8]| {
            digest.update([kind]);
            digest.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
            digest.update(bytes);
        };
        match key.owner() {
            Owner::Principal(principal) => {
                add(0, principal.id().as_bytes());
                add(1, &principal.epoch().to_le_bytes());
            }
            Owner::Layer(number) => add(2, &number.to_le_bytes()),
            Owner::Everyone => add(3, &[]),
        }
        let kind = if key.uri().is_some() { 4 } else { 5 };
        add(kind, key.to_text().as_bytes());
        let mut name = [0; 16];
        for (to, from) in name.iter_mut().zip(digest.finalize()) {
            *to = from;
        }
        Self(name)
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
