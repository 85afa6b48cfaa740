//! What a client of a whole stack knows besides: its account's session and answers.

use tower_client::auth::Provider;
use tower_client::cache::{CacheHandle, StoreError};

use super::ToyotaClient;
use crate::Stack;

impl ToyotaClient<Stack> {
    /// Returns the handle by which the account is signed in and out.
    ///
    /// After a [`logout`](Provider::logout) this client and its clones find nothing of what was
    /// answered before. Other processes do, where they share a store, and so does the next one where
    /// it outlives this one: who ends a session there [forgets](Self::forget_answers) its answers too.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.get_ref().provider()
    }

    /// Returns what the owner of the cache looks into it with, forgets what is in it, and switches
    /// it on and off.
    #[must_use]
    pub fn cache(&self) -> CacheHandle {
        self.get_ref().cache()
    }

    /// Forgets what the account was answered, in all sessions, and returns how many answers these
    /// were; wherever the store is, they are gone for all who share it. What calls with a principal of
    /// their own were answered stays.
    ///
    /// A logout ends in one process what may be found: what is kept longer has to be forgotten.
    ///
    /// ```
    /// # use toyota_client::ToyotaClient;
    /// # async fn log_out(client: &ToyotaClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let provider = client.provider();
    /// provider.logout(&provider.default_principal()).await?;
    /// client.forget_answers().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store may still have some of it.
    pub async fn forget_answers(&self) -> Result<u64, StoreError> {
        self.get_ref().forget_answers().await
    }
}
