//! What all clones of a layer, its services, its provider and its flights share.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::HeaderName;
use tokio::time::timeout;
use tower_client_call::Principal;

use crate::apply::Applied;
use crate::error::Failure;
use crate::held::Prepared;
use crate::moment::Moment;
use crate::origins::Origins;
use crate::persist::AnyPersist;
use crate::principals::Principals;
use crate::source::AnySource;
use crate::windows::{Freshness, Windows};
use crate::{Apply, AuthError, Challenge, Credential, CredentialKey, Issuer};

/// What all clones of a layer share.
pub(crate) struct Shared {
    pub(crate) source: Box<dyn AnySource>,
    pub(crate) origins: Origins,
    pub(crate) refuse_elsewhere: bool,
    pub(crate) apply: Box<dyn Apply>,
    pub(crate) challenge: Box<dyn Challenge>,
    pub(crate) store: Option<(Box<dyn AnyPersist>, Issuer)>,
    pub(crate) fetch_timeout: Duration,
    pub(crate) principals: Principals,
    pub(crate) random: Mutex<fastrand::Rng>,
    /// Every header that was ever put on a request.
    pub(crate) names: Mutex<Vec<HeaderName>>,
}

impl Shared {
    /// Returns the store of a principal's credential, if there is one.
    pub(crate) fn store(&self, principal: &Principal) -> Option<Store<'_>> {
        let (persist, issuer) = self.store.as_ref()?;
        Some(Store {
            persist: &**persist,
            key: CredentialKey::new(issuer, principal),
            limit: self.fetch_timeout,
        })
    }

    /// Whether a stored credential is good for longer than callers would have to wait for.
    pub(crate) fn is_good(&self, kept: &Credential) -> bool {
        let windows = kept.lifetime().map(|life| Windows::of(life, 0.0));
        match (windows, kept.remaining_at(Moment::now())) {
            (Some(windows), Some(remaining)) => windows.judge(remaining) >= Freshness::Soft,
            _ => true,
        }
    }

    /// Works out what a credential becomes on a request.
    pub(crate) fn prepare(&self, credential: Credential) -> Result<Prepared, AuthError> {
        let prepared = Prepared::new(credential, &*self.apply, self.random());
        Ok(prepared.map_err(Failure::Unusable)?)
    }

    /// A random number from 0 to 1.
    pub(crate) fn random(&self) -> f64 {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        random.f64()
    }

    /// Remembers which headers hold credentials.
    pub(crate) fn note_names(&self, applied: &Applied) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        for name in applied.names() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("origins", &self.origins)
            .field("refuse_elsewhere", &self.refuse_elsewhere)
            .field("fetch_timeout", &self.fetch_timeout)
            .finish_non_exhaustive()
    }
}

/// Where one principal's credential is kept. Each question has a time limit.
pub(crate) struct Store<'a> {
    persist: &'a dyn AnyPersist,
    key: CredentialKey,
    limit: Duration,
}

impl Store<'_> {
    pub(crate) async fn load(&self) -> Result<Option<Credential>, AuthError> {
        self.within(self.persist.load(&self.key)).await
    }

    pub(crate) async fn lock(&self) -> Result<Box<dyn Send>, AuthError> {
        self.within(self.persist.lock(&self.key)).await
    }

    pub(crate) async fn save(&self, credential: &Credential) -> Result<(), AuthError> {
        self.within(self.persist.save(&self.key, credential)).await
    }

    pub(crate) async fn remove(&self) -> Result<(), AuthError> {
        self.within(self.persist.remove(&self.key)).await
    }

    async fn within<T>(
        &self,
        answer: impl Future<Output = Result<T, crate::PersistError>>,
    ) -> Result<T, AuthError> {
        let answer = timeout(self.limit, answer).await;
        Ok(answer.map_err(|_| Failure::StoreTimeout(self.limit))??)
    }
}
