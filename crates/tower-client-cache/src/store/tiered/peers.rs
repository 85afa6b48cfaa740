//! What tiers share with other processes: what that one of them shares that has peers.

use std::sync::{Arc, PoisonError};

use tokio::runtime::Handle;

use super::Tiered;
use super::behind::Write;
use super::tiers::{Tiers, tolerate};
use crate::store::peers::NoPeers;
use crate::store::{
    Forgotten, Lease, Leased, Peers, PeersFuture, Selection, Store, StoreError, Variants,
};
use crate::{Entry, Key};

pub(super) type Watcher = Arc<dyn Fn(Forgotten) + Send + Sync>;

/// Which tier other processes have too, and what they have of it. The other is this one's own.
enum Shared<'a> {
    Lower(&'a dyn Peers),
    Upper(&'a dyn Peers),
}

impl<U: Store, L: Store> Tiers<U, L> {
    fn shared(&self) -> Option<Shared<'_>> {
        let lower = self.lower.peers().map(Shared::Lower);
        lower.or_else(|| self.upper.peers().map(Shared::Upper))
    }

    pub(super) fn has_peers(&self) -> bool {
        self.shared().is_some()
    }

    fn peers(&self) -> Result<Shared<'_>, StoreError> {
        self.shared().ok_or_else(|| StoreError::new(NoPeers))
    }

    /// Listens to what other processes forget, from the first use inside a runtime on.
    pub(super) fn watch(self: &Arc<Self>) {
        if self.watches.is_completed() {
            return;
        }
        let Some(Shared::Lower(peers) | Shared::Upper(peers)) = self.shared() else {
            return;
        };
        if Handle::try_current().is_err() {
            return;
        }
        self.watches.call_once(|| {
            let tiers = Arc::downgrade(self);
            peers.watch(Arc::new(move |forgotten| {
                if let Some(tiers) = tiers.upgrade() {
                    tiers.heard(forgotten);
                }
            }));
        });
    }

    /// Forgets what another process forgot, and passes it on when that is done: who is told may have
    /// a tier above this one.
    fn heard(self: Arc<Self>, forgotten: Forgotten) {
        match &forgotten {
            Forgotten::Key(key) => self.forgotten.forget(key),
            Forgotten::Matching(_) => self.forgotten.forget_some(),
            // What is being written under a lease is kept or not as the shared tier knows.
            Forgotten::Missed => {}
        }
        let tiers = Arc::clone(&self);
        self.background.soon(Box::pin(async move {
            let gone = match (tiers.shared(), &forgotten) {
                (Some(Shared::Upper(_)), _) => tiers.forget_below(&forgotten).await,
                (_, Forgotten::Key(key)) => tiers.forget_above(key, None).await,
                (_, Forgotten::Matching(selection)) => tiers.forget_matching_above(selection).await,
                (_, Forgotten::Missed) => tiers.forget_matching_above(&Selection::All).await,
            };
            tolerate(gone);
            let watchers = tiers.watchers.lock();
            let watchers = watchers.unwrap_or_else(PoisonError::into_inner).clone();
            for watcher in watchers {
                watcher(forgotten.clone());
            }
        }));
    }

    /// Forgets in the lower tier, after what is being written to it.
    async fn forget_below(&self, forgotten: &Forgotten) -> Result<u64, StoreError> {
        match forgotten {
            Forgotten::Key(key) => {
                let turn = self.below.join(key).turn().await;
                let gone = self.lower.delete(key, None).await;
                drop(turn);
                gone
            }
            Forgotten::Matching(selection) => {
                self.below.finish().await;
                self.lower.delete_matching(selection).await
            }
            Forgotten::Missed => {
                self.below.finish().await;
                self.lower.delete_matching(&Selection::All).await
            }
        }
    }

    async fn lease(
        &self,
        key: &Key,
        flight: Option<u64>,
    ) -> Result<(Leased, Variants), StoreError> {
        // The own tier first: a lease that was granted is not to be waited with.
        match self.peers()? {
            Shared::Lower(peers) => {
                let own = match self.peek_all(key) {
                    Some(found) => found,
                    None => tolerate(self.upper.get(key).await),
                };
                Ok((peers.lease(key, flight).await?, own))
            }
            Shared::Upper(peers) => {
                let own = tolerate(self.lower.get(key).await);
                Ok((peers.lease(key, flight).await?, own))
            }
        }
    }

    /// Keeps what was fetched without a lease in the tier that is this process's own.
    async fn put_own(self: &Arc<Self>, key: &Key, entry: Arc<Entry>) -> Result<bool, StoreError> {
        let change = self.change(key);
        match self.peers()? {
            Shared::Lower(_) => {
                self.put_above(key, entry, &change).await?;
            }
            Shared::Upper(_) => self.write_behind(key, Write::Put(entry), change).await,
        }
        Ok(true)
    }

    async fn put_leased(
        self: &Arc<Self>,
        key: &Key,
        entry: Arc<Entry>,
        lease: Lease,
    ) -> Result<bool, StoreError> {
        let change = self.change(key);
        match self.peers()? {
            Shared::Lower(_) => {
                let kept = self.put_above(key, Arc::clone(&entry), &change).await;
                let write = Write::Leased(entry, lease);
                self.write_behind(key, write, change).await;
                kept.map(|()| true)
            }
            Shared::Upper(peers) => {
                let is_kept = peers.put(key, Arc::clone(&entry), Some(lease)).await?;
                if is_kept {
                    self.write_behind(key, Write::Put(entry), change).await;
                }
                Ok(is_kept)
            }
        }
    }
}

/// Each is an error where neither tier has [`peers`](Store::peers).
impl<U: Store, L: Store> Peers for Tiered<U, L> {
    fn lease<'a>(&'a self, key: &'a Key, flight: Option<u64>) -> PeersFuture<'a, Leased> {
        Box::pin(async move {
            let tiers = &self.0;
            tiers.watch();
            let before = tiers.before(key);
            let (leased, own) = tiers.lease(key, flight).await?;
            let merge = |shared: Variants| match tiers.shared() {
                Some(Shared::Upper(_)) => tiers.merge(key, shared, &own, before),
                _ => tiers.merge(key, own.clone(), &shared, before),
            };
            Ok(match leased {
                Leased::Granted(lease, found) => Leased::Granted(lease, merge(found)),
                Leased::Held(found) => Leased::Held(merge(found)),
            })
        })
    }

    fn put<'a>(
        &'a self,
        key: &'a Key,
        entry: Arc<Entry>,
        lease: Option<Lease>,
    ) -> PeersFuture<'a, bool> {
        Box::pin(async move {
            self.0.watch();
            match lease {
                Some(lease) => self.0.put_leased(key, entry, lease).await,
                None => self.0.put_own(key, entry).await,
            }
        })
    }

    fn release<'a>(&'a self, key: &'a Key, lease: Lease) -> PeersFuture<'a, ()> {
        Box::pin(async move {
            let (Shared::Lower(peers) | Shared::Upper(peers)) = self.0.peers()?;
            peers.release(key, lease).await
        })
    }

    fn watch(&self, watcher: Watcher) {
        let watchers = self.0.watchers.lock();
        watchers
            .unwrap_or_else(PoisonError::into_inner)
            .push(watcher);
        self.0.watch();
    }
}
