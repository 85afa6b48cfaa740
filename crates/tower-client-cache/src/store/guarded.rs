//! A store that may be slow or gone.

mod breaker;
mod builder;
mod gate;
mod peers;

use std::fmt;
use std::sync::Arc;

use self::breaker::Limits;
pub use self::builder::GuardedBuilder;
use self::builder::Times;
use self::gate::Gate;
use super::{Listed, Peers, Selection, Store, StoreError, StoreSize, Variants};
use crate::{Entry, Key, VariantId};

/// Limits how long a store takes, and leaves it alone for a while when it fails: calls neither fail
/// with it nor wait for it again and again.
///
/// What takes longer than its time is given up, and has failed. After some failures in a row nobody
/// asks the store for a while, and gets an error at once; then one asks, and with its success
/// everybody does again. Reading and writing are told apart: a disk that is full can be read.
///
/// What cannot be forgotten meanwhile may still be there later. Outside a runtime of tokio there is
/// no limit on the time.
///
/// ```
/// use std::time::Duration;
///
/// use tower_client_cache::{Guarded, MemoryStore};
///
/// # let remote_store = MemoryStore::new();
/// let store = Guarded::builder(remote_store)
///     .read_timeout(Duration::from_millis(20))
///     .build()?;
/// # Ok::<_, tower_client_cache::InvalidSetting>(())
/// ```
pub struct Guarded<S> {
    store: S,
    times: Times,
    reads: Gate,
    writes: Gate,
}

impl<S: Store> Guarded<S> {
    /// Guards a store: a read may take 50 ms, a write 200 ms, and after five failures in a row it is
    /// left alone for a second.
    #[must_use]
    pub fn new(store: S) -> Self {
        GuardedBuilder::new(store).build_as_is()
    }

    /// Returns a builder of a guard with other limits.
    pub fn builder(store: S) -> GuardedBuilder<S> {
        GuardedBuilder::new(store)
    }

    /// Returns the store that is guarded.
    #[must_use]
    pub fn get_ref(&self) -> &S {
        &self.store
    }

    /// Returns the store without its guard.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.store
    }

    fn with(store: S, times: Times, limits: Limits) -> Self {
        Self {
            store,
            times,
            reads: Gate::new("read", limits),
            writes: Gate::new("write", limits),
        }
    }
}

impl<S: Store> Store for Guarded<S> {
    fn peek(&self, key: &Key) -> Option<Variants> {
        self.store.peek(key)
    }

    fn peeks_all(&self) -> bool {
        self.store.peeks_all()
    }

    fn peers(&self) -> Option<&dyn Peers> {
        self.store.peers().is_some().then_some(self)
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        let work = self.store.get(key);
        self.reads.pass(self.times.read, work).await
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let work = self.store.put(key, entry);
        self.writes.pass(self.times.write, work).await
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let work = self.store.update_headers(key, entry);
        self.writes.pass(self.times.write, work).await
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        let work = self.store.delete(key, variant);
        self.writes.pass(self.times.write, work).await
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        let work = self.store.delete_matching(selection);
        self.writes.pass(self.times.owner, work).await
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        let work = self.store.list(selection, limit);
        self.reads.pass(self.times.owner, work).await
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        self.reads.pass(self.times.owner, self.store.size()).await
    }

    async fn flush(&self) {
        self.store.flush().await;
    }
}

/// Shows the store, and whether reads and writes are let through.
impl<S: fmt::Debug> fmt::Debug for Guarded<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded")
            .field("store", &self.store)
            .field("reads", &self.reads)
            .field("writes", &self.writes)
            .finish()
    }
}
