//! Stores that wait, fail and hang when a test says so.

use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::oneshot;
use tokio::task::yield_now;
use tower_client_cache::store::{Forgotten, Lease, Leased, Peers, PeersFuture};
use tower_client_cache::{
    Entry, Key, Listed, Selection, Store, StoreError, StoreSize, VariantId, Variants,
};

/// A store of which nothing is known without waiting.
#[derive(Clone, Debug)]
pub(crate) struct Stepped<S> {
    store: S,
    steps: Steps,
}

/// What happens before and after each access to the stores that have it.
#[derive(Clone, Default)]
pub(crate) struct Steps(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    mode: Mode,
    held: Vec<oneshot::Sender<()>>,
    asked: Vec<&'static str>,
}

#[derive(Clone, Debug, Default)]
pub(crate) enum Mode {
    /// Nothing.
    #[default]
    Free,
    /// It waits for other tasks now and then.
    Yields(fastrand::Rng),
    /// It waits until it is [let go](Steps::let_go).
    Held,
    /// It fails, and has done nothing.
    Fails,
    /// It waits for ever.
    Hangs,
}

impl<S: Store> Stepped<S> {
    pub(crate) fn new(store: S, steps: &Steps) -> Self {
        let steps = steps.clone();
        Self { store, steps }
    }

    async fn access<T>(
        &self,
        what: &'static str,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.steps.state().asked.push(what);
        self.steps.step().await?;
        let done = work.await?;
        self.steps.step().await?;
        Ok(done)
    }
}

impl Steps {
    pub(crate) fn set(&self, mode: Mode) {
        self.state().mode = mode;
    }

    /// Returns how many accesses are held.
    pub(crate) fn held(&self) -> usize {
        let mut state = self.state();
        state.held.retain(|held| !held.is_closed());
        state.held.len()
    }

    /// Lets one of those that are held go on.
    pub(crate) fn let_go(&self, number: usize) {
        let held = self.state().held.remove(number);
        held.send(()).unwrap();
    }

    /// Lets all go on that are held and will be.
    pub(crate) fn let_all_go(&self) {
        let mut state = self.state();
        state.mode = Mode::Free;
        // One that nobody waits for any more is gone.
        for held in state.held.drain(..) {
            let _: Result<(), ()> = held.send(());
        }
    }

    /// Returns what was asked for since this was called last.
    pub(crate) fn asked(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.state().asked)
    }

    async fn step(&self) -> Result<(), StoreError> {
        let mode = self.state().mode.clone();
        match mode {
            Mode::Free => Ok(()),
            Mode::Yields(_) => {
                for _ in 0..self.dice() {
                    yield_now().await;
                }
                Ok(())
            }
            Mode::Held => {
                let (sender, receiver) = oneshot::channel();
                self.state().held.push(sender);
                receiver.await.map_err(StoreError::new)
            }
            Mode::Fails => Err(StoreError::new("the network is gone")),
            Mode::Hangs => pending().await,
        }
    }

    fn dice(&self) -> u8 {
        match &mut self.state().mode {
            Mode::Yields(dice) => dice.u8(..4),
            _ => 0,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl<S: Store> Store for Stepped<S> {
    fn peers(&self) -> Option<&dyn Peers> {
        self.store.peers().is_some().then_some(self)
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        self.access("get", self.store.get(key)).await
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        self.access("put", self.store.put(key, entry)).await
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let work = self.store.update_headers(key, entry);
        self.access("update_headers", work).await
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        self.access("delete", self.store.delete(key, variant)).await
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        let work = self.store.delete_matching(selection);
        self.access("delete_matching", work).await
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        self.access("list", self.store.list(selection, limit)).await
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        self.access("size", self.store.size()).await
    }
}

impl<S: Store> Peers for Stepped<S> {
    fn lease<'a>(&'a self, key: &'a Key, flight: Option<u64>) -> PeersFuture<'a, Leased> {
        let work = self.store.peers().unwrap().lease(key, flight);
        Box::pin(self.access("lease", work))
    }

    fn put<'a>(
        &'a self,
        key: &'a Key,
        entry: Arc<Entry>,
        lease: Option<Lease>,
    ) -> PeersFuture<'a, bool> {
        let work = self.store.peers().unwrap().put(key, entry, lease);
        Box::pin(self.access("put leased", work))
    }

    fn release<'a>(&'a self, key: &'a Key, lease: Lease) -> PeersFuture<'a, ()> {
        let work = self.store.peers().unwrap().release(key, lease);
        Box::pin(self.access("release", work))
    }

    fn watch(&self, watcher: Arc<dyn Fn(Forgotten) + Send + Sync>) {
        self.store.peers().unwrap().watch(watcher);
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Steps")
            .field("mode", &state.mode)
            .field("held", &state.held.len())
            .finish_non_exhaustive()
    }
}
