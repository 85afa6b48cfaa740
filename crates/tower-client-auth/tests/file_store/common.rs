//! A directory, a store of it, and what is kept there.

use std::fs::{self, FileType, Permissions};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use tower_client_auth::{
    Credential, CredentialKey, ExposeSecret, FileStore, Issuer, Persist, PersistError, Principal,
    RefreshToken,
};

pub(crate) const HOUR: Duration = Duration::from_secs(3600);
/// Longer than anything here takes.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// A directory that is gone in the end, and below it the one of the store.
pub(crate) struct Kept {
    root: TempDir,
    pub(crate) store: FileStore,
}

impl Kept {
    pub(crate) fn nothing() -> Self {
        let root = tempfile::tempdir().unwrap();
        let store = FileStore::new(root.path().join("store"));
        Self { root, store }
    }

    /// One credential is kept: [`credential`] under [`key`].
    pub(crate) async fn one() -> Self {
        let kept = Self::nothing();
        kept.save(&key(), &credential()).await.unwrap();
        kept
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.root().join("store")
    }

    /// Another store of the same directory, as another process has it.
    pub(crate) fn other(&self) -> FileStore {
        FileStore::new(self.dir())
    }

    pub(crate) async fn save(
        &self,
        key: &CredentialKey,
        credential: &Credential,
    ) -> Result<(), PersistError> {
        let _lock = self.store.lock(key).await?;
        self.store.save(key, credential).await
    }

    pub(crate) async fn remove(&self, key: &CredentialKey) -> Result<(), PersistError> {
        let _lock = self.store.lock(key).await?;
        self.store.remove(key).await
    }

    /// The only file with this extension.
    pub(crate) fn only(&self, extension: &str) -> PathBuf {
        let [only] = &self.all(extension)[..] else {
            panic!("{:?}", self.all(extension));
        };
        only.clone()
    }

    pub(crate) fn all(&self, extension: &str) -> Vec<PathBuf> {
        let files = fs::read_dir(self.dir()).unwrap();
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|it| it == extension));
        files
    }
}

pub(crate) fn issuer() -> Issuer {
    Issuer::new("https://login.example").realm("eu")
}

pub(crate) fn key() -> CredentialKey {
    CredentialKey::new(&issuer(), &Principal::new("owner@example.com"))
}

pub(crate) fn credential() -> Credential {
    let issued = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
    Credential::new("s3cret")
        .valid_between(issued, issued + HOUR)
        .with(RefreshToken::from("r3fresh"))
}

pub(crate) fn other_credential() -> Credential {
    Credential::new("an0ther")
}

/// Everything about a credential that is kept.
pub(crate) fn told(credential: &Credential) -> (String, Vec<(String, String)>, Option<Life>) {
    let extras = credential.extras();
    let extras = extras.map(|(name, text)| (name.to_owned(), text.expose_secret().to_owned()));
    (
        credential.secret().expose_secret().to_owned(),
        extras.collect(),
        credential.validity(),
    )
}

type Life = (SystemTime, SystemTime);

pub(crate) async fn load(store: &FileStore) -> Option<Credential> {
    store.load(&key()).await.unwrap()
}

/// What an error says of itself, with its causes.
pub(crate) fn text_of(error: &PersistError) -> String {
    let mut text = format!("{error:?}");
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    for secret in ["s3cret", "r3fresh", "an0ther", "owner@"] {
        assert!(!text.contains(secret), "{text}");
    }
    text
}

/// All that can be seen of what is at a path.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    kind: FileType,
    permissions: Permissions,
    content: Option<Vec<u8>>,
    target: Option<PathBuf>,
}

impl Seen {
    pub(crate) fn at(path: &Path) -> Self {
        let metadata = fs::symlink_metadata(path).unwrap();
        Self {
            kind: metadata.file_type(),
            permissions: metadata.permissions(),
            content: metadata.is_file().then(|| fs::read(path).unwrap()),
            target: fs::read_link(path).ok(),
        }
    }
}

/// What is there cannot be used: it is an error that says so and tells no secret, nothing replaces
/// it, and when it was removed there is room for another.
pub(crate) async fn assert_unusable(kept: &Kept, path: &Path, says: &str) {
    let before = Seen::at(path);
    let loaded = tokio::time::timeout(LONG, kept.store.load(&key())).await;
    let saved = kept.save(&key(), &other_credential()).await;
    let after = Seen::at(path);

    for error in [loaded.unwrap().unwrap_err(), saved.unwrap_err()] {
        let text = text_of(&error);
        assert!(text.contains(&*path.to_string_lossy()), "{text}");
        assert!(text.contains(says), "{text}, not: {says}");
    }
    assert_eq!(before, after);
    assert!(kept.all("tmp").is_empty());

    kept.remove(&key()).await.unwrap();
    assert!(load(&kept.store).await.is_none());
    kept.save(&key(), &other_credential()).await.unwrap();
    let loaded = load(&kept.store).await.unwrap();
    assert_eq!(told(&loaded), told(&other_credential()));
}
