//! A store that takes its time.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::sleep;
use tower_client_cache::{
    Entry, Key, Listed, MemoryStore, Selection, Store, StoreError, StoreSize, VariantId, Variants,
};

/// Takes its time, and never returns an entry twice, as a store that reads them from files.
#[derive(Debug, Default)]
pub(crate) struct Delayed {
    pub(crate) entries: MemoryStore,
    /// Whether it can answer at once.
    pub(crate) peeks: bool,
    pub(crate) get: Duration,
    pub(crate) update: Duration,
    pub(crate) delete: Duration,
}

impl Delayed {
    fn copy(found: &Variants) -> Variants {
        let entries = found.as_slice().iter();
        entries
            .map(|entry| Arc::new(entry.with_head(entry.head().clone())))
            .collect()
    }
}

impl Store for Delayed {
    fn peek(&self, key: &Key) -> Option<Variants> {
        let found = self.peeks.then(|| self.entries.peek(key))?;
        found.as_ref().map(Self::copy)
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        pass(self.get).await;
        let found = self.entries.get(key).await?;
        Ok(Self::copy(&found))
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        self.entries.put(key, entry).await
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        pass(self.update).await;
        self.entries.update_headers(key, entry).await
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        pass(self.delete).await;
        self.entries.delete(key, variant).await
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        self.entries.delete_matching(selection).await
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        self.entries.list(selection, limit).await
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        self.entries.size().await
    }
}

/// Waits at least once.
async fn pass(time: Duration) {
    yield_now().await;
    if !time.is_zero() {
        sleep(time).await;
    }
}
