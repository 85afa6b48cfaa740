//! A store that may be slow or gone.

mod breaker;
mod builder;
mod gate;
mod lost;
mod owed;
mod peers;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use self::breaker::Limits;
pub use self::builder::GuardedBuilder;
use self::builder::Times;
use self::gate::Gate;
use self::lost::Lost;
use self::owed::{Owed, What};
use super::{Listed, Peers, Selection, Store, StoreError, StoreSize, Variants};
use crate::background::Background;
use crate::{Entry, Key, VariantId};

/// Limits how long a store takes, and leaves it alone for a while when it fails: calls neither fail
/// with it nor wait for it again and again.
///
/// What takes longer than its time is given up, and has failed. After some failures in a row nobody
/// asks the store for a while, and gets an error at once; then one asks, and with its success
/// everybody does again. Reading and writing are told apart: a disk that is full can be read.
///
/// What could not be forgotten meanwhile is not served later: keys that it may be of are not read
/// until the store has forgotten it. (Only another process could: it does not know.) Nor does anybody
/// wait for a lease that was not heard of, or could not be given back. Outside a runtime of tokio
/// there is no limit on the time. A clone is the same store.
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
pub struct Guarded<S>(Arc<Guard<S>>);

/// A store and what guards it.
struct Guard<S> {
    store: S,
    times: Times,
    reads: Gate,
    writes: Gate,
    owed: Owed,
    lost: Lost,
    is_settling: AtomicBool,
    background: Background,
}

/// Something is still to be forgotten of what was asked for.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("not read before it has forgotten what it was asked to")]
struct NotForgotten;

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
        &self.0.store
    }

    fn with(store: S, times: Times, limits: Limits) -> Self {
        Self(Arc::new(Guard {
            store,
            times,
            reads: Gate::new("read", limits),
            writes: Gate::new("write", limits),
            owed: Owed::default(),
            lost: Lost::default(),
            is_settling: AtomicBool::new(false),
            background: Background::default(),
        }))
    }
}

impl<S: Store> Guard<S> {
    /// Refuses a key that may have what is to be forgotten, and sees to that in the background.
    fn check(self: &Arc<Self>, key: &Key) -> Result<(), StoreError> {
        if !self.owed.is_due(key) {
            return Ok(());
        }
        if !self.is_settling.swap(true, SeqCst) {
            let guard = Arc::clone(self);
            self.background.soon(Box::pin(async move {
                let settling = Settling(&guard.is_settling);
                guard.settle().await;
                drop(settling);
            }));
        }
        Err(StoreError::new(NotForgotten))
    }

    /// Forgets what is owed, until that fails again.
    async fn settle(&self) {
        for debt in self.owed.all() {
            let forgotten = match &debt.what {
                What::Key(key) => self.delete(key, None).await,
                What::Matching(selection) => self.delete_matching(selection).await,
            };
            if forgotten.is_err() {
                return;
            }
            self.owed.settle(&debt);
        }
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        let work = self.store.delete(key, variant);
        self.writes.pass(self.times.write, work).await
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        let work = self.store.delete_matching(selection);
        self.writes.pass(self.times.owner, work).await
    }
}

/// Lets others settle when it is dropped.
struct Settling<'a>(&'a AtomicBool);

impl Drop for Settling<'_> {
    fn drop(&mut self) {
        self.0.store(false, SeqCst);
    }
}

impl<S: Store> Store for Guarded<S> {
    fn peek(&self, key: &Key) -> Option<Variants> {
        if self.0.owed.is_due(key) {
            return None;
        }
        self.0.store.peek(key)
    }

    fn peeks_all(&self) -> bool {
        self.0.store.peeks_all()
    }

    fn peers(&self) -> Option<&dyn Peers> {
        self.0.store.peers().is_some().then_some(self)
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        self.0.check(key)?;
        let work = self.0.store.get(key);
        self.0.reads.pass(self.0.times.read, work).await
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let work = self.0.store.put(key, entry);
        self.0.writes.pass(self.0.times.write, work).await
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let work = self.0.store.update_headers(key, entry);
        self.0.writes.pass(self.0.times.write, work).await
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        let forgetting = self.0.owed.forgetting(What::Key(key.clone()));
        let forgotten = self.0.delete(key, variant).await?;
        forgetting.done();
        Ok(forgotten)
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        let what = What::Matching(selection.clone());
        let forgetting = self.0.owed.forgetting(what);
        let forgotten = self.0.delete_matching(selection).await?;
        forgetting.done();
        Ok(forgotten)
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        let work = self.0.store.list(selection, limit);
        self.0.reads.pass(self.0.times.owner, work).await
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        self.0
            .reads
            .pass(self.0.times.owner, self.0.store.size())
            .await
    }

    async fn flush(&self) {
        self.0.background.idle().await;
        self.0.store.flush().await;
    }
}

impl<S> Clone for Guarded<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Shows the store, and whether reads and writes are let through.
impl<S: fmt::Debug> fmt::Debug for Guarded<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded")
            .field("store", &self.0.store)
            .field("reads", &self.0.reads)
            .field("writes", &self.0.writes)
            .finish()
    }
}
