//! Where credentials outlive the process.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use tower::BoxError;
use tower_client_call::Principal;

use crate::Credential;

/// Keeps credentials where the next process finds them, and other processes do now.
///
/// The layer loads what is kept before it asks its source, and saves what the source returns
/// before anybody uses it: a refresh token that was rotated is not lost with the process. What is
/// kept is looked at again under the lock before each fetch, so that of several processes one
/// fetches and the others take what it kept.
pub trait Persist: Send + Sync + 'static {
    /// The right to fetch a credential, among all processes that keep it here: given back when
    /// dropped, at the latest when the process ends.
    type Lock: Send + 'static;

    /// Returns what is kept under this key. Needs no lock: what is there is whole.
    ///
    /// # Errors
    ///
    /// [`PersistError`] when something is there that cannot be used. That is not the same as
    /// nothing: it is not overwritten.
    fn load(
        &self,
        key: &CredentialKey,
    ) -> impl Future<Output = Result<Option<Credential>, PersistError>> + Send;

    /// Waits for the lock of this key; the layer gives up waiting when a fetch would take too
    /// long.
    ///
    /// # Errors
    ///
    /// [`PersistError`] when there can be no lock.
    ///
    /// # Cancellation
    ///
    /// Dropping the future gives up the place in the queue, or the lock if it had just come.
    fn lock(
        &self,
        key: &CredentialKey,
    ) -> impl Future<Output = Result<Self::Lock, PersistError>> + Send;

    /// Keeps a credential in place of the last. Called with the lock held. When it returns the
    /// credential survives the process, and a crash before leaves the last.
    ///
    /// # Errors
    ///
    /// [`PersistError`] when it is not kept.
    fn save(
        &self,
        key: &CredentialKey,
        credential: &Credential,
    ) -> impl Future<Output = Result<(), PersistError>> + Send;

    /// Forgets what is kept under this key, readable or not. Called with the lock held. That there
    /// is nothing is no error.
    ///
    /// # Errors
    ///
    /// [`PersistError`] when it is still there.
    fn remove(&self, key: &CredentialKey) -> impl Future<Output = Result<(), PersistError>> + Send;
}

impl<T: Persist> Persist for Arc<T> {
    type Lock = T::Lock;

    fn load(
        &self,
        key: &CredentialKey,
    ) -> impl Future<Output = Result<Option<Credential>, PersistError>> + Send {
        (**self).load(key)
    }

    fn lock(
        &self,
        key: &CredentialKey,
    ) -> impl Future<Output = Result<T::Lock, PersistError>> + Send {
        (**self).lock(key)
    }

    fn save(
        &self,
        key: &CredentialKey,
        credential: &Credential,
    ) -> impl Future<Output = Result<(), PersistError>> + Send {
        (**self).save(key, credential)
    }

    fn remove(&self, key: &CredentialKey) -> impl Future<Output = Result<(), PersistError>> + Send {
        (**self).remove(key)
    }
}

/// Who issues a kind of credential: a host, and a realm of it where it has several.
///
/// One user name may be two accounts with two issuers, so what is kept is kept under both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Issuer {
    host: Arc<str>,
    realm: Arc<str>,
}

impl Issuer {
    /// Creates an issuer, usually by its base URL.
    #[must_use]
    pub fn new(host: impl Into<Arc<str>>) -> Self {
        Self {
            host: host.into(),
            realm: "".into(),
        }
    }

    /// Sets the realm.
    #[must_use]
    pub fn realm(self, realm: impl Into<Arc<str>>) -> Self {
        let realm = realm.into();
        Self { realm, ..self }
    }
}

/// Whose credential, and who issued it: the name under which a store keeps it.
///
/// `Debug` does not show the principal, who may be a mail address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CredentialKey {
    issuer: Issuer,
    principal: Principal,
}

impl CredentialKey {
    /// Creates the key of a principal's credential.
    ///
    /// Its epoch is not part of it: what an older one kept is removed at logout.
    #[must_use]
    pub fn new(issuer: &Issuer, principal: &Principal) -> Self {
        Self {
            issuer: issuer.clone(),
            principal: principal.at_epoch(0),
        }
    }

    /// Returns who issued it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer.host
    }

    /// Returns the issuer's realm; empty where it has none.
    #[must_use]
    pub fn realm(&self) -> &str {
        &self.issuer.realm
    }

    /// Returns the principal's identifier.
    #[must_use]
    pub fn principal(&self) -> &str {
        self.principal.id()
    }
}

impl fmt::Debug for CredentialKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialKey")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Why a store does not give or keep a credential.
#[derive(Clone, Debug)]
pub struct PersistError(Arc<BoxError>);

impl PersistError {
    /// Creates the error. Its text is shown: it says what, where and what is allowed, and holds
    /// no secret.
    #[must_use]
    pub fn new(cause: impl Into<BoxError>) -> Self {
        Self(Arc::new(cause.into()))
    }
}

impl fmt::Display for PersistError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store of credentials cannot be used")
    }
}

impl std::error::Error for PersistError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&**self.0)
    }
}

type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, PersistError>> + Send + 'a>>;

/// A store of any type: it is asked once an hour, so a box costs nothing.
pub(crate) trait AnyPersist: Send + Sync {
    fn load<'a>(&'a self, key: &'a CredentialKey) -> Pending<'a, Option<Credential>>;
    fn lock<'a>(&'a self, key: &'a CredentialKey) -> Pending<'a, Box<dyn Send>>;
    fn save<'a>(&'a self, key: &'a CredentialKey, credential: &'a Credential) -> Pending<'a, ()>;
    fn remove<'a>(&'a self, key: &'a CredentialKey) -> Pending<'a, ()>;
}

impl<T: Persist> AnyPersist for T {
    fn load<'a>(&'a self, key: &'a CredentialKey) -> Pending<'a, Option<Credential>> {
        Box::pin(Persist::load(self, key))
    }

    fn lock<'a>(&'a self, key: &'a CredentialKey) -> Pending<'a, Box<dyn Send>> {
        Box::pin(async move {
            let lock: Box<dyn Send> = Box::new(Persist::lock(self, key).await?);
            Ok(lock)
        })
    }

    fn save<'a>(&'a self, key: &'a CredentialKey, credential: &'a Credential) -> Pending<'a, ()> {
        Box::pin(Persist::save(self, key, credential))
    }

    fn remove<'a>(&'a self, key: &'a CredentialKey) -> Pending<'a, ()> {
        Box::pin(Persist::remove(self, key))
    }
}
