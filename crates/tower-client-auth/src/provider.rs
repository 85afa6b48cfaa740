//! The handle by which credentials are looked at and changed.

use std::sync::Arc;

use tower_client_call::Principal;

use crate::acquire::Wanted;
use crate::flight::{landing, spawn};
use crate::held::Held;
use crate::shared::Shared;
use crate::slot::Slot;
use crate::state::{Landing, Need};
use crate::windows::Freshness;
use crate::{AuthError, Credential};

/// Looks at the credentials of a layer, and changes them: authenticate, refresh, log out.
///
/// Cheap to clone. What a principal's calls wait for is what is waited for here: nothing is
/// fetched twice. Must be used within a tokio runtime.
///
/// ```
/// use tower_client_auth::{AuthLayer, Origins, StaticToken};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let layer = AuthLayer::new(StaticToken::new("s3cret"), Origins::new(["https://api.example"])?);
/// let provider = layer.provider();
/// let owner = provider.default_principal();
///
/// assert!(!provider.is_authenticated(&owner).await?);
/// provider.authenticate(&owner).await?;
/// assert!(provider.is_authenticated(&owner).await?);
///
/// let owner = provider.logout(&owner).await?;
/// assert_eq!((owner.epoch(), provider.is_authenticated(&owner).await?), (1, false));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Provider {
    shared: Arc<Shared>,
}

impl Provider {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Returns the principal of requests that do not say whose they are, in its current epoch.
    #[must_use]
    pub fn default_principal(&self) -> Principal {
        self.shared.principals.default().principal()
    }

    /// Returns a credential that is good: the one in force, the stored one, or a new one.
    ///
    /// Forgets earlier failures and refusals: who asks for this has seen to them.
    ///
    /// # Errors
    ///
    /// [`AuthError`], as a request would meet it.
    pub async fn authenticate(&self, principal: &Principal) -> Result<Credential, AuthError> {
        let slot = self.shared.principals.of(principal);
        slot.try_again(principal.epoch())?;
        self.get(slot, principal, Need::Any).await
    }

    /// Returns a credential that is newer than the one in force, however good that still is.
    ///
    /// # Errors
    ///
    /// [`AuthError`]; the one in force stays.
    pub async fn refresh(&self, principal: &Principal) -> Result<Credential, AuthError> {
        let slot = self.shared.principals.of(principal);
        let generation = slot.current().as_ref().map(|held| held.generation());
        let need = generation.map_or(Need::Any, Need::After);
        self.get(slot, principal, need).await
    }

    /// Tells whether there is a credential that is good now, in force or stored. Fetches none.
    ///
    /// # Errors
    ///
    /// [`AuthError`] when the store cannot be asked.
    pub async fn is_authenticated(&self, principal: &Principal) -> Result<bool, AuthError> {
        let slot = self.shared.principals.of(principal);
        if slot.principal() != *principal {
            return Ok(false);
        }
        if let Some(held) = slot.current().as_ref()
            && held.freshness() > Freshness::Expired
        {
            return Ok(true);
        }
        let Some(store) = self.shared.store(principal) else {
            return Ok(false);
        };
        let kept = store.load().await?;
        Ok(kept.is_some_and(|kept| !kept.is_expired() && slot.would_take(&kept)))
    }

    /// Puts a credential in force that was obtained elsewhere, such as by a sign-in at a terminal,
    /// and stores it first.
    ///
    /// # Errors
    ///
    /// [`AuthError`] when it cannot be stored or put in a header; then the one in force stays.
    ///
    /// # Cancellation
    ///
    /// It is stored and put in force also if the future is dropped.
    pub async fn set(
        &self,
        principal: &Principal,
        credential: Credential,
    ) -> Result<(), AuthError> {
        // What is under way is not called off for one that nobody could use.
        self.shared.prepare(credential.clone())?;
        let slot = self.shared.principals.of(principal);
        let (ticket, waiting) = slot.bring(principal.epoch(), credential)?;
        spawn(&self.shared, &slot, ticket);
        match landing(waiting).await {
            Landing::Failed(error) => Err(error),
            Landing::Here(_) | Landing::Elsewhere | Landing::Flying => Ok(()),
        }
    }

    /// Waits until nothing is fetched, kept or removed for a principal any more: what a program
    /// does before it ends, so that a refresh token that is being rotated is not lost with it.
    pub async fn settle(&self, principal: &Principal) {
        let slot = self.shared.principals.of(principal);
        while let Some(waiting) = slot.flight() {
            landing(waiting).await;
        }
    }

    /// Forgets a principal's credential, here and in the store, and ends its epoch: calls that are
    /// still of the old one fail instead of signing in again. Returns the principal in the new
    /// epoch, for the calls to come. An epoch that has ended already is not ended again.
    ///
    /// Whether the issuer forgets the session too is its business.
    ///
    /// # Errors
    ///
    /// [`AuthError`] when it could not be removed from the store. It is not used again all the
    /// same, as long as the layer lives.
    ///
    /// # Cancellation
    ///
    /// It is forgotten also if the future is dropped.
    pub async fn logout(&self, principal: &Principal) -> Result<Principal, AuthError> {
        let slot = self.shared.principals.of(principal);
        if let Some((ticket, waiting)) =
            slot.sign_out(principal.epoch(), self.shared.store.is_some())
        {
            spawn(&self.shared, &slot, ticket);
            if let Landing::Failed(error) = landing(waiting).await {
                return Err(error);
            }
        }
        Ok(slot.principal())
    }

    async fn get(
        &self,
        slot: Arc<Slot>,
        principal: &Principal,
        need: Need,
    ) -> Result<Credential, AuthError> {
        let wanted = Wanted {
            shared: Arc::clone(&self.shared),
            slot,
            epoch: Some(principal.epoch()),
            need,
            record: None,
        };
        let held: Arc<Held> = wanted.get().await?;
        Ok(held.credential().clone())
    }
}
