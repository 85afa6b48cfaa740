//! What the owner of a cache looks into it with.

mod values;

use std::fmt;
use std::sync::Arc;

use http::Uri;
use tower_client_call::Principal;

pub use self::values::ValueError;
use crate::counters::CacheStats;
use crate::shared::Shared;
use crate::store::{EntryInfo, Listed, Selection, StoreError, StoreSize};
use crate::{Glob, Key, KeyTooLong, Owner};

/// What the owner of a cache looks into it with, and forgets what is in it.
///
/// Forgetting also keeps answers from being stored that are on their way.
#[derive(Clone)]
pub struct CacheHandle {
    shared: Arc<Shared>,
}

impl CacheHandle {
    pub(crate) fn of(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Switches the cache on or off for calls. Off, they pass by; what is stored stays, what they
    /// change is still forgotten, and [values](Self::get_or_set) are kept.
    pub fn set_enabled(&self, enabled: bool) {
        self.shared.set_enabled(enabled);
    }

    /// Tells whether the cache is switched on.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.shared.is_enabled()
    }

    /// Returns the key of a resource: of a principal, or of calls that have none.
    ///
    /// # Errors
    ///
    /// [`KeyTooLong`] if nothing can be stored for this URI.
    pub fn key(&self, principal: Option<&Principal>, uri: &Uri) -> Result<Key, KeyTooLong> {
        Key::new(self.owner(principal), uri)
    }

    /// Returns the key of a value that is no response.
    ///
    /// # Errors
    ///
    /// [`KeyTooLong`] if the name is too long.
    pub fn value_key(&self, principal: Option<&Principal>, name: &str) -> Result<Key, KeyTooLong> {
        Key::value(self.owner(principal), name)
    }

    /// Returns what is known of the entries of a key, the latest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot tell.
    pub async fn entry(&self, key: &Key) -> Result<Vec<EntryInfo>, StoreError> {
        let found = self.shared.try_get(key).await?;
        Ok(found
            .as_slice()
            .iter()
            .map(|entry| EntryInfo::of(entry))
            .collect())
    }

    /// Returns what is stored, at most so many entries, in any order.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot tell.
    pub async fn list(&self, limit: usize) -> Result<Vec<Listed>, StoreError> {
        self.shared.store.list(&Selection::All, limit).await
    }

    /// Forgets a key, and returns how many entries it had.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store may still have them.
    pub async fn invalidate(&self, key: &Key) -> Result<u64, StoreError> {
        self.shared.forget(key.clone()).await
    }

    /// Forgets what matches a pattern of URIs, or of values' names, whoever owns it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store may still have some of it.
    pub async fn invalidate_matching(&self, pattern: Glob) -> Result<u64, StoreError> {
        self.forget(Selection::Matching(pattern)).await
    }

    /// Forgets what has a tag, whoever owns it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store may still have some of it.
    pub async fn invalidate_tag(&self, tag: &str) -> Result<u64, StoreError> {
        self.forget(Selection::Tag(tag.into())).await
    }

    /// Forgets what is a principal's, in all of its epochs.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store may still have some of it.
    pub async fn invalidate_principal(&self, principal: &Principal) -> Result<u64, StoreError> {
        self.forget(Selection::Principal(principal.id().into()))
            .await
    }

    /// Forgets everything.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store may still have some of it.
    pub async fn clear(&self) -> Result<u64, StoreError> {
        self.forget(Selection::All).await
    }

    /// Returns what the cache has done so far.
    #[must_use]
    pub fn stats(&self) -> CacheStats {
        self.shared.stats()
    }

    /// Returns how much is stored.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot tell.
    pub async fn size(&self) -> Result<StoreSize, StoreError> {
        self.shared.store.size().await
    }

    /// Waits until what is being written is written. Calls do not wait for that, and a program that
    /// ends does: with a timeout, since a store may take its time.
    pub async fn flush(&self) {
        self.shared.background.idle().await;
        self.shared.store.flush().await;
    }

    async fn forget(&self, selection: Selection) -> Result<u64, StoreError> {
        self.shared.epochs.forget_some();
        self.shared.store.delete_matching(&selection).await
    }

    fn owner(&self, principal: Option<&Principal>) -> Owner {
        match principal {
            Some(principal) => Owner::Principal(principal.clone()),
            None => self.shared.owner_without_principal(),
        }
    }
}

impl fmt::Debug for CacheHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CacheHandle").field(&self.shared).finish()
    }
}
