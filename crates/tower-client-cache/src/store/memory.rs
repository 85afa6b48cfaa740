//! Entries in the memory of this process.

mod builder;
mod ghost;
mod packed;
mod queue;
mod room;
mod shard;
mod slots;

use std::fmt;
use std::sync::Arc;

pub use self::builder::MemoryStoreBuilder;
use self::room::{Limits, Room};
use super::{Listed, Selection, Store, StoreError, StoreSize, Variants};
use crate::{Entry, Key, VariantId};

/// Keeps entries in the memory of this process.
///
/// It answers every [`peek`](Store::peek), without an allocation. When it is full, what was used
/// least goes first: what was used only once goes soon, so that a crawl through many resources does
/// not push out those that are used every day (S3-FIFO, by Yang and others, SOSP 2023). It looks at
/// no clock: what has expired goes when it is no longer asked for.
///
/// A clone is the same store.
///
/// ```
/// use tower_client_cache::MemoryStore;
///
/// let store = MemoryStore::builder().max_entries(1_000).max_bytes(4 << 20).build()?;
/// # Ok::<_, tower_client_cache::InvalidSetting>(())
/// ```
#[derive(Clone)]
pub struct MemoryStore(Arc<Room>);

impl MemoryStore {
    /// Creates a store for 10,000 entries of together 64 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Limits::default())
    }

    /// Returns a builder of a store of another size.
    pub fn builder() -> MemoryStoreBuilder {
        MemoryStoreBuilder::default()
    }

    fn with(limits: Limits) -> Self {
        Self(Arc::new(Room::new(limits)))
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for MemoryStore {
    #[inline]
    fn peek(&self, key: &Key) -> Option<Variants> {
        Some(self.0.get(key))
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        Ok(self.0.get(key))
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        self.0.put(key, entry).map_err(StoreError::new)
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        self.0.update(key, &entry).map_err(StoreError::new)
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        Ok(self.0.delete(key, variant))
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        Ok(self.0.delete_matching(selection))
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        Ok(self.0.list(selection, limit))
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        Ok(self.0.size())
    }
}

/// Shows numbers alone.
impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (limits, size) = (self.0.limits(), self.0.size());
        f.debug_struct("MemoryStore")
            .field("entries", &size.entries)
            .field("max_entries", &limits.entries)
            .field("bytes", &size.bytes)
            .field("max_bytes", &limits.bytes)
            .field("evictions", &size.evictions)
            .finish()
    }
}
