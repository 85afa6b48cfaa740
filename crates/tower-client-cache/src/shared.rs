//! What all services of one layer have in common.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::Poll;
use std::time::Duration;

use http::Request;
use tokio::time::Instant;
use tower_client_call::Principal;

use crate::any_store::AnyStore;
use crate::background::{Background, Work};
use crate::clock::Clock;
use crate::counters::{CacheStats, Counters};
use crate::epochs::{Epoch, Epochs};
use crate::flight::Flights;
use crate::lease::HeldLease;
use crate::policy::Timestamp;
use crate::settings::Settings;
use crate::store::{Forgotten, Variants};
use crate::uncacheable::Uncacheable;
use crate::warm::Warm;
use crate::{ChooseRule, Entry, Key, Owner, StoreError, VariantId};

/// What is longer is no wait, and too long for a clock.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// What all services of one layer have in common.
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn AnyStore>,
    pub(crate) rules: Arc<dyn ChooseRule>,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) background: Background,
    pub(crate) flights: Flights,
    pub(crate) epochs: Epochs,
    pub(crate) uncacheable: Uncacheable,
    pub(crate) warm: Warm,
    pub(crate) counters: Counters,
    /// Whose the calls are that are nobody's.
    layer: u64,
    enabled: AtomicBool,
}

impl Shared {
    pub(crate) fn new(
        store: Arc<dyn AnyStore>,
        rules: Arc<dyn ChooseRule>,
        settings: Settings,
    ) -> Self {
        let seconds = settings.uncacheable_for.as_secs();
        Self {
            store,
            rules,
            clock: Clock::start(),
            background: Background::default(),
            flights: Flights::default(),
            epochs: Epochs::new(),
            uncacheable: Uncacheable::new(u32::try_from(seconds).unwrap_or(u32::MAX)),
            warm: Warm::new(),
            counters: Counters::default(),
            layer: fastrand::u64(..),
            enabled: AtomicBool::new(settings.enabled),
            settings,
        }
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.enabled.load(Relaxed)
    }

    pub(crate) fn set_enabled(&self, enabled: bool) {
        self.enabled.store(enabled, Relaxed);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn stats(&self) -> CacheStats {
        self.counters.stats(self.flights.len())
    }

    /// Returns whose the answer to a request is; `None` if it has a credential, in its fields or in
    /// its URI, of which nobody knows whose it is.
    pub(crate) fn owner<B>(&self, request: &Request<B>, has_credentials: bool) -> Option<Owner> {
        if let Some(principal) = Principal::of(request) {
            return Some(Owner::Principal(principal.clone()));
        }
        let owner = self.owner_without_principal();
        if !matches!(owner, Owner::Layer(_)) {
            return Some(owner);
        }
        let authority = request.uri().authority();
        let has_user = authority.is_some_and(|authority| authority.as_str().contains('@'));
        (!has_credentials && !has_user).then_some(owner)
    }

    /// Returns whose calls without a principal are.
    pub(crate) fn owner_without_principal(&self) -> Owner {
        match &self.settings.principal {
            Some(principal) => Owner::Principal(principal.clone()),
            None if self.settings.shared => Owner::Everyone,
            None => Owner::Layer(self.layer),
        }
    }

    /// Returns until when a call waits for others, which has so much time of its own.
    pub(crate) fn patience(&self, own: Option<Duration>) -> Instant {
        let longest = self.settings.longest_wait.min(LONGEST_WAIT);
        Instant::now() + own.map_or(longest, |own| own.min(longest))
    }

    /// Listens to what other processes forget: what is on its way from before is not kept, nor
    /// shared with calls that come after.
    pub(crate) fn listen(self: &Arc<Self>) {
        let Some(peers) = self.store.peers() else {
            return;
        };
        let shared = Arc::downgrade(self);
        peers.watch(Arc::new(move |forgotten| {
            let Some(shared) = shared.upgrade() else {
                return;
            };
            match forgotten {
                Forgotten::Key(key) => shared.epochs.forget(&key),
                Forgotten::Matching(_) => shared.epochs.forget_some(),
                // Leases tell what may be kept; without this, one that begins would keep nothing of
                // what it asks for first.
                Forgotten::Missed => {}
            }
        }));
    }

    /// Returns what is stored under a key; what the store cannot tell is not there.
    pub(crate) async fn get(&self, key: &Key) -> Variants {
        let found = self.try_get(key).await;
        self.tolerate(found)
    }

    /// Returns all that is stored under a key.
    pub(crate) async fn try_get(&self, key: &Key) -> Result<Variants, StoreError> {
        match self.store.peek(key) {
            Some(found) if self.store.peeks_all() => Ok(found),
            Some(_) | None => self.store.get(key).await,
        }
    }

    /// Stores an answer that was asked for at `epoch`, and under a lease, unless what it may be was
    /// forgotten since, or a later one came first; drops `after` when that is done.
    pub(crate) fn keep(
        self: &Arc<Self>,
        key: Key,
        entry: Arc<Entry>,
        epoch: Epoch,
        lease: Option<Arc<HeldLease>>,
        after: impl Send + 'static,
    ) {
        let shared = Arc::clone(self);
        self.background.soon(Box::pin(async move {
            // Only where that costs nothing: others would send all of it to have two times compared.
            let found = shared.store.peek(&key).unwrap_or_default();
            let newer = found.find(entry.variant());
            let is_outdated =
                newer.is_some_and(|newer| entry.stored().is_older_than(newer.stored()));
            if shared.epochs.of(&key) == epoch && !is_outdated {
                let kept = shared.put(&key, entry, lease.as_deref()).await;
                if shared.tolerate(kept) {
                    shared.counters.stored.add_one();
                }
                shared.forget_outdated(key, epoch).await;
            }
            drop((lease, after));
        }));
    }

    /// Replaces the head of a stored answer, likewise.
    pub(crate) fn keep_head(
        self: &Arc<Self>,
        key: Key,
        entry: Arc<Entry>,
        epoch: Epoch,
        after: impl Send + 'static,
    ) {
        let shared = Arc::clone(self);
        self.background.soon(Box::pin(async move {
            if shared.epochs.of(&key) == epoch {
                let kept = Arc::clone(&shared.store)
                    .update_headers(key.clone(), entry)
                    .await;
                shared.tolerate(kept);
                shared.forget_outdated(key, epoch).await;
            }
            drop(after);
        }));
    }

    /// Forgets one of the answers of a key.
    pub(crate) fn drop_variant(self: &Arc<Self>, key: Key, variant: VariantId) {
        let shared = Arc::clone(self);
        self.background.soon(Box::pin(async move {
            let gone = Arc::clone(&shared.store).delete(key, Some(variant)).await;
            shared.tolerate(gone);
        }));
    }

    /// Forgets all answers of a key, and those that are on their way.
    pub(crate) async fn forget(&self, key: Key) -> Result<u64, StoreError> {
        self.epochs.forget(&key);
        Arc::clone(&self.store).delete(key, None).await
    }

    /// Forgets all answers of some keys, also if nobody waits for it any more.
    pub(crate) fn forget_all(self: &Arc<Self>, keys: Vec<Key>) -> Work {
        for key in &keys {
            self.epochs.forget(key);
        }
        let mut forgetting: Vec<_> = keys
            .into_iter()
            .map(|key| {
                let shared = Arc::clone(self);
                let forget: Work = Box::pin(async move {
                    let gone = shared.forget(key).await;
                    shared.tolerate(gone);
                });
                forget
            })
            .collect();
        // All at once: a store that hangs takes the time of one.
        Box::pin(poll_fn(move |cx| {
            forgetting.retain_mut(|forget| forget.as_mut().poll(cx).is_pending());
            if forgetting.is_empty() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }))
    }

    /// What was forgotten while it was being stored must not be found after all.
    async fn forget_outdated(&self, key: Key, epoch: Epoch) {
        if self.epochs.of(&key) != epoch {
            let gone = Arc::clone(&self.store).delete(key, None).await;
            self.tolerate(gone);
        }
    }

    /// Goes on without a store that failed.
    pub(crate) fn tolerate<T: Default>(&self, done: Result<T, StoreError>) -> T {
        done.unwrap_or_else(|error| {
            self.counters.store_errors.add_one();
            // Its causes may name what was asked for.
            tracing::debug!(%error, "a call goes on without the store");
            T::default()
        })
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("store", &self.store)
            .field("settings", &self.settings)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
