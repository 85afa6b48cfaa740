//! A store whose type is not told.

use std::fmt;
use std::sync::Arc;

use super::{Listed, Peers, Selection, Store, StoreError, StoreSize, Variants};
use crate::any_store::AnyStore;
use crate::{Entry, Key, VariantId};

/// A store of any kind, where its kind is known only when the program runs. A clone is the same
/// store.
///
/// What is asked of it takes an allocation more, but for a [`peek`](Store::peek).
#[derive(Clone)]
pub struct BoxStore(Arc<dyn AnyStore>);

impl BoxStore {
    /// Creates it from a store.
    #[must_use]
    pub fn new(store: impl Store) -> Self {
        Self(Arc::new(store))
    }
}

impl Store for BoxStore {
    fn peek(&self, key: &Key) -> Option<Variants> {
        self.0.peek(key)
    }

    fn peeks_all(&self) -> bool {
        self.0.peeks_all()
    }

    fn peers(&self) -> Option<&dyn Peers> {
        self.0.peers()
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        self.0.get(key).await
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        Arc::clone(&self.0).put(key.clone(), entry).await
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        Arc::clone(&self.0).update_headers(key.clone(), entry).await
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        Arc::clone(&self.0).delete(key.clone(), variant).await
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        self.0.delete_matching(selection).await
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        self.0.list(selection, limit).await
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        self.0.size().await
    }

    async fn flush(&self) {
        self.0.flush().await;
    }
}

/// Shows the store.
impl fmt::Debug for BoxStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
