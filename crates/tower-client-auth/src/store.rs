//! Credentials in files.

mod disk;
mod entry;
mod fault;
mod lock;
mod place;
mod private;

use std::path::PathBuf;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;
use tower_client_call::Principal;

use self::fault::FileError;
pub use self::lock::FileLock;
use self::lock::Locks;
use self::place::Place;
use crate::{Credential, CredentialKey, Issuer, Persist, PersistError};

/// How long to wait for a lock before looking again: at first, and in the end.
const PAUSE: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(50)];
/// More than one user's accounts.
const MOST_FILES: usize = 1000;

/// Keeps credentials in a directory of one user, which that user's processes share: a file for
/// each, that nobody else may read.
///
/// Files are named by a hash, which tells nobody whose they are. They are not encrypted: who can
/// read them as that user, or from a backup, has the credentials. A file is replaced as a whole and
/// reaches the disk before [`save`](Persist::save) returns, so that a crash leaves the old one or
/// the new one.
///
/// What is there and cannot be used (damaged, of a newer version, open to other users) is an error
/// that says which file it is and what to do about it, and is not overwritten; only
/// [`remove`](Persist::remove) ends it. Modes are looked at on Unix; elsewhere the directory has to
/// be one that others have no access to.
///
/// Beside each file is a `.lock`, which stays for ever: to delete one that somebody waits for would
/// give two the same lock. Both the directory and these files are created when they are needed.
/// Must be used within a tokio runtime, with time enabled.
///
/// ```no_run
/// use tower_client_auth::{AuthLayer, FileStore, Issuer, Origins, StaticToken};
///
/// # fn source() -> StaticToken { StaticToken::new("s3cret") }
/// # async fn layer() -> Result<AuthLayer, Box<dyn std::error::Error>> {
/// let issuer = Issuer::new("https://login.example");
/// let store = FileStore::new("/home/me/.local/state/example");
/// let mut layer = AuthLayer::builder(source(), Origins::new(["https://api.example"])?);
/// // Whoever has one account need not say which.
/// if let [only] = &store.principals(&issuer).await?[..] {
///     layer = layer.principal(only.clone());
/// }
/// let layer = layer.persist(store, issuer).build();
/// # Ok(layer)
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct FileStore {
    dir: PathBuf,
    locks: Locks,
}

impl FileStore {
    /// Creates the store of this directory. Touches nothing yet.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            locks: Locks::default(),
        }
    }

    /// Returns whose credentials of this issuer are kept here, in the order of their identifiers.
    ///
    /// What cannot be read is nobody's. Of more than 1,000 files the others are not looked at.
    ///
    /// # Errors
    ///
    /// [`PersistError`] when the directory cannot be read, or others may write to it.
    pub async fn principals(&self, issuer: &Issuer) -> Result<Vec<Principal>, PersistError> {
        let (dir, issuer) = (self.dir.clone(), issuer.clone());
        blocking(move || {
            let places = disk::places(&dir, MOST_FILES)?;
            let mut principals: Vec<_> = places
                .iter()
                .filter_map(|place| principal(place, &issuer))
                .collect();
            principals.sort_unstable_by(|one, other| one.id().cmp(other.id()));
            Ok(principals)
        })
        .await
    }

    fn place(&self, key: &CredentialKey) -> Result<Place, PersistError> {
        Place::of(&self.dir, key)
    }

    /// Does something to a file: after what is being done to it, and with the lock held to the end.
    async fn write(
        &self,
        place: Place,
        work: impl FnOnce(&Place) -> Result<(), FileError> + Send + 'static,
    ) -> Result<(), PersistError> {
        let held = self.locks.held(&place);
        blocking(move || {
            let _writing = held.as_deref().map(lock::Held::write);
            work(&place)
        })
        .await
    }
}

impl Persist for FileStore {
    type Lock = FileLock;

    async fn load(&self, key: &CredentialKey) -> Result<Option<Credential>, PersistError> {
        let (place, key) = (self.place(key)?, key.clone());
        blocking(move || disk::load(&place, &key)).await
    }

    // Looks again and again, because a thread that waits for a lock cannot be called off: it would
    // take the lock for somebody who has left, and hold up the end of the runtime.
    async fn lock(&self, key: &CredentialKey) -> Result<FileLock, PersistError> {
        let place = self.place(key)?;
        let [mut pause, longest] = PAUSE;
        loop {
            let (locks, place) = (self.locks.clone(), place.clone());
            if let Some(lock) = blocking(move || locks.try_lock(&place)).await? {
                return Ok(lock);
            }
            sleep(pause).await;
            pause = (pause * 3 / 2).min(longest);
        }
    }

    async fn save(&self, key: &CredentialKey, credential: &Credential) -> Result<(), PersistError> {
        let place = self.place(key)?;
        let (key, credential) = (key.clone(), credential.clone());
        self.write(place, move |place| disk::save(place, &key, &credential))
            .await
    }

    async fn remove(&self, key: &CredentialKey) -> Result<(), PersistError> {
        self.write(self.place(key)?, disk::remove).await
    }
}

/// Whose credential of this issuer a file holds.
fn principal(place: &Place, issuer: &Issuer) -> Option<Principal> {
    let entry = disk::read(place).ok()??.key();
    let principal = Principal::new(entry.principal());
    let own = entry == CredentialKey::new(issuer, &principal);
    (own && place.is_of(&entry)).then_some(principal)
}

/// Does what blocks where it blocks nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, PersistError> {
    let Ok(runtime) = Handle::try_current() else {
        let error = "files are read and written within a tokio runtime only";
        return Err(PersistError::new(error));
    };
    match runtime.spawn_blocking(work).await {
        Ok(done) => done.map_err(PersistError::new),
        // Not passed on: a panic may say anything.
        Err(_) => Err(PersistError::new("work on a file was broken off")),
    }
}
