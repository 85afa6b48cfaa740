//! The right to fetch, among processes that share a store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use crate::shared::Shared;
use crate::store::{Lease, Leased, Variants};
use crate::{Entry, Key, StoreError};

/// A lease that is given back when nobody needs it any more, unless something was put under it.
pub(crate) struct HeldLease {
    shared: Arc<Shared>,
    key: Key,
    lease: Lease,
    is_over: AtomicBool,
}

/// What comes of the wish to fetch what others may be fetching.
pub(crate) enum Leasing<T> {
    /// It is there already.
    Found(T),
    /// It is this process's turn; this is what is stored.
    Granted(Arc<HeldLease>, Variants),
    /// Somebody else is still at it.
    Held,
    /// Nobody knows: the store does not answer.
    Unknown,
}

/// How many looks in a row may fail while one waits.
const PATIENCE: u32 = 3;

/// What a store answers to who asks for a lease.
struct Asked {
    /// None if another process has it.
    held: Option<Arc<HeldLease>>,
    variants: Variants,
}

impl Shared {
    /// Tells whether other processes have the store too, so that fetches are leased.
    pub(crate) fn has_peers(&self) -> bool {
        self.store.peers().is_some()
    }

    /// Asks for a lease, again and again while another process has it, until what that one puts is
    /// what is wanted, or the time is up.
    pub(crate) async fn lease<T>(
        self: &Arc<Self>,
        key: &Key,
        flight: Option<u64>,
        until: Instant,
        mut wanted: impl FnMut(&Variants) -> Option<T>,
    ) -> Leasing<T> {
        let mut waits = Waits::new();
        // Who waits for another goes on after a look that failed: else one hiccup has all fetch.
        let mut looks_left = 0;
        loop {
            match self.ask(key, flight).await {
                Some(Asked { held, variants }) => {
                    if let Some(found) = wanted(&variants) {
                        return Leasing::Found(found);
                    }
                    if let Some(held) = held {
                        return Leasing::Granted(held, variants);
                    }
                    looks_left = PATIENCE;
                }
                None if looks_left == 0 => return Leasing::Unknown,
                None => looks_left -= 1,
            }
            let now = Instant::now();
            if now >= until {
                return Leasing::Held;
            }
            sleep_until(until.min(now + waits.next())).await;
        }
    }

    /// Asks for a lease once, also if its caller leaves meanwhile: a lease that is granted then is
    /// given back.
    async fn ask(self: &Arc<Self>, key: &Key, flight: Option<u64>) -> Option<Asked> {
        let (sender, asked) = oneshot::channel();
        let (shared, key) = (Arc::clone(self), key.clone());
        self.background.soon(Box::pin(async move {
            let leased = match shared.store.peers() {
                Some(peers) => peers.lease(&key, flight).await.map(Some),
                None => Ok(None),
            };
            let asked = shared.tolerate(leased).map(|leased| match leased {
                Leased::Granted(lease, variants) => Asked {
                    held: Some(shared.hold(&key, lease)),
                    variants,
                },
                Leased::Held(variants) => Asked {
                    held: None,
                    variants,
                },
            });
            drop(sender.send(asked));
        }));
        asked.await.ok().flatten()
    }

    fn hold(self: &Arc<Self>, key: &Key, lease: Lease) -> Arc<HeldLease> {
        Arc::new(HeldLease {
            shared: Arc::clone(self),
            key: key.clone(),
            lease,
            is_over: AtomicBool::new(false),
        })
    }

    /// Stores an entry, under a lease where the store is not this process's alone; says whether it
    /// is kept.
    pub(crate) async fn put(
        &self,
        key: &Key,
        entry: Arc<Entry>,
        held: Option<&HeldLease>,
    ) -> Result<bool, StoreError> {
        let Some(peers) = self.store.peers() else {
            let kept = Arc::clone(&self.store).put(key.clone(), entry).await;
            return kept.map(|()| true);
        };
        let kept = peers.put(key, entry, held.map(|held| held.lease)).await?;
        if let Some(held) = held {
            held.is_over.store(true, Relaxed);
        }
        Ok(kept)
    }
}

impl Drop for HeldLease {
    fn drop(&mut self) {
        if *self.is_over.get_mut() {
            return;
        }
        let (shared, key, lease) = (Arc::clone(&self.shared), self.key.clone(), self.lease);
        self.shared.background.soon(Box::pin(async move {
            if let Some(peers) = shared.store.peers() {
                let released = peers.release(&key, lease).await;
                shared.tolerate(released);
            }
        }));
    }
}

/// How long to wait between two looks at what another process is fetching: longer each time, as a
/// fetch that has taken long is likely to take as long again.
struct Waits(Duration);

impl Waits {
    const FIRST: Duration = Duration::from_millis(5);
    const LONGEST: Duration = Duration::from_millis(100);

    fn new() -> Self {
        Self(Self::FIRST)
    }

    /// Returns the next, spread by a quarter, so that processes do not ask all at once.
    fn next(&mut self) -> Duration {
        let wait = self.0;
        self.0 = (wait * 3 / 2).min(Self::LONGEST);
        wait.mul_f32(fastrand::f32().mul_add(0.25, 0.875))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_tenth_of_a_second() {
        let mut waits = Waits::new();
        let all: Vec<_> = std::iter::repeat_with(|| waits.next()).take(20).collect();

        let about =
            |wait: Duration, millis: f32| (wait.as_secs_f32() * 1000.0 / millis - 1.0).abs() < 0.13;
        assert!(about(all[0], 5.0), "{:?}", all[0]);
        assert!(about(all[1], 7.5), "{:?}", all[1]);
        assert!(about(all[19], 100.0), "{:?}", all[19]);
    }
}
