//! What a guarded store shares with other processes.

use std::sync::Arc;

use super::Guarded;
use super::gate::Gate;
use crate::store::peers::NoPeers;
use crate::store::{Forgotten, Lease, Leased, Peers, PeersFuture, Store, StoreError};
use crate::{Entry, Key};

/// A lease is held that may be this process's own, and nobody's in it.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("not waited for a lease that may be lost")]
struct LostLease;

/// Each is an error where the store has no [`peers`](Store::peers).
impl<S: Store> Peers for Guarded<S> {
    fn lease<'a>(&'a self, key: &'a Key, flight: Option<u64>) -> PeersFuture<'a, Leased> {
        Box::pin(async move {
            self.0.check(key)?;
            let asking = self.inner()?.lease(key, flight);
            let lost = &self.0.lost;
            let work = async {
                // Given up, it may be granted all the same.
                let losing = lost.losing(key);
                let leased = asking.await?;
                losing.known();
                Ok(leased)
            };
            // It is written, though it is waited for: where nothing can be, reads go on.
            let leased = self.0.writes.pass(self.0.times.read, work).await?;
            match &leased {
                Leased::Granted(..) => lost.found(key),
                Leased::Held(_) if lost.has(key) => return Err(StoreError::new(LostLease)),
                Leased::Held(_) => {}
            }
            Ok(leased)
        })
    }

    fn put<'a>(
        &'a self,
        key: &'a Key,
        entry: Arc<Entry>,
        lease: Option<Lease>,
    ) -> PeersFuture<'a, bool> {
        Box::pin(async move {
            let work = self.inner()?.put(key, entry, lease);
            if lease.is_none() {
                // Nothing is shared by it: it may go well though nobody is there.
                return Gate::aside(self.0.times.write, work).await;
            }
            self.0.writes.pass(self.0.times.write, work).await
        })
    }

    fn release<'a>(&'a self, key: &'a Key, lease: Lease) -> PeersFuture<'a, ()> {
        Box::pin(async move {
            let losing = self.0.lost.losing(key);
            let work = self.inner()?.release(key, lease);
            self.0.writes.pass(self.0.times.write, work).await?;
            losing.known();
            Ok(())
        })
    }

    fn watch(&self, watcher: Arc<dyn Fn(Forgotten) + Send + Sync>) {
        if let Some(peers) = self.0.store.peers() {
            peers.watch(watcher);
        }
    }
}

impl<S: Store> Guarded<S> {
    fn inner(&self) -> Result<&dyn Peers, StoreError> {
        self.0.store.peers().ok_or_else(|| StoreError::new(NoPeers))
    }
}
