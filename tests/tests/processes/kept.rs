//! What is kept in the file, as the parent of the processes sees it.

use std::path::Path;

use tempfile::TempDir;
use tests::{config, credentials, soon};
use tower_client_auth::{ExposeSecret, RefreshToken};
use toyota_client::auth::{self, CredentialKey, FileStore, Persist, UserId};
use toyota_sim::Simulator;

/// A directory of tokens, and whose there are.
pub(crate) struct Kept {
    dir: TempDir,
    key: CredentialKey,
}

impl Kept {
    pub(crate) fn new(sim: &Simulator) -> Self {
        let principal = auth::principal(&credentials(sim));
        Self {
            dir: tempfile::tempdir().unwrap(),
            key: CredentialKey::new(&auth::issuer(&config(sim)), &principal),
        }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Returns the refresh token that is kept; what is there must be whole.
    pub(crate) async fn refresh_token(&self) -> Option<String> {
        let kept = soon(FileStore::new(self.dir()).load(&self.key)).await;
        let kept = kept.expect("a whole credential, or none")?;
        assert!(kept.lifetime().is_some() && kept.get::<UserId>().is_some());
        let token = kept.get::<RefreshToken>().expect("a refresh token");
        Some(token.secret().expose_secret().to_owned())
    }

    /// Removes all tokens, as a user does who clears the directory.
    pub(crate) fn clear(&self) {
        for entry in self.dir().read_dir().unwrap() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
    }
}
