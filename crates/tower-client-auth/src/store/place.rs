//! Which files are a credential's.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{CredentialKey, PersistError};

/// Hexadecimal digits of SHA-256.
const NAME_LENGTH: usize = 64;

/// Where one key's credential is kept.
#[derive(Clone, Debug)]
pub(super) struct Place {
    dir: PathBuf,
    name: String,
}

impl Place {
    /// Returns the place of a key. No two keys have the same.
    pub(super) fn of(dir: &Path, key: &CredentialKey) -> Result<Self, PersistError> {
        if key.issuer().contains('\0') || key.realm().contains('\0') {
            let error = "an issuer or a realm with a NUL character has no file";
            return Err(PersistError::new(error));
        }
        Ok(Self::named(dir, name_of(key)))
    }

    /// Returns the place of a file that was found in the directory, if a store may have put it
    /// there.
    pub(super) fn found(dir: &Path, file: &Path) -> Option<Self> {
        let name = file.file_name()?.to_str()?.strip_suffix(".json")?;
        let is_digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        let is_hash = name.len() == NAME_LENGTH && name.bytes().all(is_digit);
        is_hash.then(|| Self::named(dir, name.to_owned()))
    }

    fn named(dir: &Path, name: String) -> Self {
        let dir = dir.to_owned();
        Self { dir, name }
    }

    /// Tells whether it is this key's.
    pub(super) fn is_of(&self, key: &CredentialKey) -> bool {
        self.name == name_of(key)
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn file(&self) -> PathBuf {
        self.with("json")
    }

    pub(super) fn temporary(&self) -> PathBuf {
        self.with("tmp")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.with("lock")
    }

    fn with(&self, extension: &str) -> PathBuf {
        self.dir.join(format!("{}.{extension}", self.name))
    }
}

/// The hash of a key, which tells nobody whose it is. The texts are parted by what the first two
/// do not have.
fn name_of(key: &CredentialKey) -> String {
    let mut hash = Sha256::new();
    hash.update(key.issuer());
    hash.update([0]);
    hash.update(key.realm());
    hash.update([0]);
    hash.update(key.principal());
    let digits = hash.finalize();
    digits.iter().map(|byte| format!("{byte:02x}")).collect()
}
