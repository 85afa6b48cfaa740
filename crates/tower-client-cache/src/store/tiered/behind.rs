//! What is written to the lower tier when the upper one has it.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::tiers::{Change, Tiers, tolerate};
use crate::background::Work;
use crate::epochs::Epoch;
use crate::store::{Lease, Peers, Store};
use crate::{Entry, Key};

/// What is to be written.
pub(super) enum Write {
    Put(Arc<Entry>),
    Update(Arc<Entry>),
    /// An entry that was fetched under a lease of the lower tier's.
    Leased(Arc<Entry>, Lease),
}

impl<U: Store, L: Store> Tiers<U, L> {
    /// Writes when it is its turn, without waiting for that; or not at all, if too much is to be
    /// written already.
    pub(super) async fn write_behind(self: &Arc<Self>, key: &Key, write: Write, change: Change) {
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            self.count_dropped();
            tracing::debug!("too much is being written: a lower tier does not get an entry");
            drop(change);
            return self.leave(key, &write).await;
        };
        let (tiers, key) = (Arc::clone(self), key.clone());
        self.behind(Box::pin(async move {
            let Change { place, epoch } = change;
            let turn = place.turn().await;
            tiers.write(&key, write, epoch).await;
            drop((turn, room));
        }))
        .await;
    }

    async fn write(&self, key: &Key, write: Write, epoch: Epoch) {
        if self.is_forgotten(key, epoch) {
            return self.leave(key, &write).await;
        }
        match write {
            Write::Put(entry) => {
                let variant = entry.variant();
                tolerate(self.lower.put(key, entry).await);
                // By another process; here it would have waited for its turn.
                if self.is_forgotten(key, epoch) {
                    tolerate(self.lower.delete(key, Some(variant)).await);
                }
            }
            Write::Update(entry) => tolerate(self.lower.update_headers(key, entry).await),
            Write::Leased(entry, lease) => {
                if let Some(peers) = self.lower.peers() {
                    self.write_leased(key, entry, lease, peers).await;
                }
            }
        }
    }

    async fn write_leased(&self, key: &Key, entry: Arc<Entry>, lease: Lease, peers: &dyn Peers) {
        match peers.put(key, entry, Some(lease)).await {
            Ok(true) => {}
            // Another process forgot the key, or has what is newer.
            Ok(false) => {
                tolerate(self.forget_above(key, None).await);
            }
            Err(error) => {
                tolerate(Err::<(), _>(error));
                tolerate(peers.release(key, lease).await);
            }
        }
    }

    /// Does what can be done without waiting now, and the rest in a task of its own; outside a
    /// runtime that is waited for.
    async fn behind(&self, work: Work) {
        match Handle::try_current() {
            Ok(_) => self.background.soon(work),
            Err(_) => work.await,
        }
    }

    /// Gives back what was meant for a write that is not done.
    async fn leave(&self, key: &Key, write: &Write) {
        if let Write::Leased(_, lease) = write
            && let Some(peers) = self.lower.peers()
        {
            tolerate(peers.release(key, *lease).await);
        }
    }
}
