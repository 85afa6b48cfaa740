//! Two stores and what is under way between them.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, Once};

use tokio::sync::Semaphore;

use super::peers::Watcher;
use super::turns::{Place, Turns};
use crate::background::Background;
use crate::clock::Clock;
use crate::epochs::{Epoch, Epochs};
use crate::store::{Selection, Store, StoreError, Variants};
use crate::{Entry, Key, VariantId};

/// Two stores and what is under way between them.
///
/// What changes a key says so [`below`](Self::below) first, then changes the upper tier when it is
/// its turn `above`, and the lower one when it is its turn `below`. Who reads meanwhile takes the upper
/// tier's word, and promotes nothing. What is forgotten is so in the lower tier first, is noted in
/// `changed` then, and is forgotten in the upper tier last: what was read below before is not found
/// above after.
pub(super) struct Tiers<U, L> {
    pub(super) upper: U,
    pub(super) lower: L,
    /// Who changes a key in the upper tier.
    pub(super) above: Turns,
    /// Who changes a key in the lower tier.
    pub(super) below: Turns,
    /// What is forgotten, all of a key: writes that began before are not finished.
    pub(super) forgotten: Epochs,
    /// What is changed: what was read below before is not promoted.
    pub(super) changed: Epochs,
    /// For writes that are under way.
    pub(super) room: Arc<Semaphore>,
    pub(super) dropped: AtomicU64,
    pub(super) watches: Once,
    /// Who is told, by this store, of what other processes forget.
    pub(super) watchers: Mutex<Vec<Watcher>>,
    /// What is done while nobody waits for it.
    pub(super) background: Background,
    clock: Clock,
}

/// A change of a key that has begun.
pub(super) struct Change {
    pub(super) place: Place,
    pub(super) epoch: Epoch,
}

/// What was known of a key before it was read.
#[derive(Clone, Copy)]
pub(super) struct Before {
    epoch: Epoch,
    is_changing: bool,
}

impl<U: Store, L: Store> Tiers<U, L> {
    pub(super) fn new(upper: U, lower: L, max_pending: usize) -> Self {
        Self {
            upper,
            lower,
            above: Turns::default(),
            below: Turns::default(),
            forgotten: Epochs::new(),
            changed: Epochs::new(),
            room: Arc::new(Semaphore::new(max_pending)),
            dropped: AtomicU64::new(0),
            watches: Once::new(),
            watchers: Mutex::default(),
            background: Background::default(),
            clock: Clock::start(),
        }
    }

    /// Begins to change a key. To be called before the upper tier is changed.
    pub(super) fn change(&self, key: &Key) -> Change {
        let place = self.below.join(key);
        self.changed.forget(key);
        let epoch = self.forgotten.of(key);
        Change { place, epoch }
    }

    /// Tells whether a key was forgotten since a change of it began.
    pub(super) fn is_forgotten(&self, key: &Key, since: Epoch) -> bool {
        self.forgotten.of(key) != since
    }

    /// Returns what is known of a key. To be called before either tier is read.
    pub(super) fn before(&self, key: &Key) -> Before {
        // In this order: a change that is not seen is noted in `changed` after this.
        let epoch = self.changed.of(key);
        let is_changing = self.below.is_taken(key);
        Before { epoch, is_changing }
    }

    /// Returns all that the upper tier has at once; `None` if it cannot tell.
    pub(super) fn peek_all(&self, key: &Key) -> Option<Variants> {
        if !self.upper.peeks_all() {
            return None;
        }
        self.upper.peek(key)
    }

    /// Tells whether these are an answer for which no lower tier has to be asked.
    pub(super) fn are_fresh(&self, found: &Variants) -> bool {
        let now = self.clock.now();
        let mut entries = found.as_slice().iter();
        !found.is_empty() && entries.all(|entry| entry.stored().is_fresh(now))
    }

    /// Returns the newer of each variant, and promotes what is newer in the lower tier.
    pub(super) fn merge(
        self: &Arc<Self>,
        key: &Key,
        upper: Variants,
        lower: &Variants,
        before: Before,
    ) -> Variants {
        let is_newer = |entry: &&Arc<Entry>| match upper.find(entry.variant()) {
            // What is on its way down is newer, whatever the times say.
            Some(own) => !before.is_changing && own.stored().is_older_than(entry.stored()),
            None => true,
        };
        let newer: Vec<_> = lower.as_slice().iter().filter(is_newer).cloned().collect();
        if newer.is_empty() {
            return upper;
        }
        let is_replaced = |own: &Arc<Entry>| {
            let variant = own.variant();
            newer.iter().any(|entry| entry.variant() == variant)
        };
        let kept = upper.as_slice().iter().filter(|own| !is_replaced(own));
        let merged = kept.chain(&newer).cloned().collect();
        if !before.is_changing {
            self.promote(key.clone(), newer, before.epoch);
        }
        merged
    }

    /// Puts into the upper tier what was read below, unless the key was changed since.
    fn promote(self: &Arc<Self>, key: Key, newer: Vec<Arc<Entry>>, epoch: Epoch) {
        // What other processes share is only written with their consent.
        if self.upper.peers().is_some() {
            return;
        }
        let tiers = Arc::clone(self);
        self.background.soon(Box::pin(async move {
            let turn = tiers.above.join(&key).turn().await;
            for entry in newer {
                if tiers.changed.of(&key) == epoch {
                    tiers.promote_one(&key, entry).await;
                }
            }
            drop(turn);
        }));
    }

    async fn promote_one(&self, key: &Key, entry: Arc<Entry>) {
        // Another who read the key may have been faster.
        let found = self.peek_all(key).unwrap_or_default();
        let is_late = |held: &Arc<Entry>| !held.stored().is_older_than(entry.stored());
        if !found.find(entry.variant()).is_some_and(is_late) {
            tolerate(self.upper.put(key, entry).await);
        }
    }

    /// Puts an entry into the upper tier, unless the key was forgotten since the change began.
    pub(super) async fn put_above(
        &self,
        key: &Key,
        entry: Arc<Entry>,
        change: &Change,
    ) -> Result<(), StoreError> {
        let turn = self.above.join(key).turn().await;
        if self.is_forgotten(key, change.epoch) {
            return Ok(());
        }
        let kept = self.upper.put(key, entry).await;
        drop(turn);
        kept
    }

    /// Forgets a key, or one variant of it, in the upper tier.
    pub(super) async fn forget_above(
        &self,
        key: &Key,
        variant: Option<VariantId>,
    ) -> Result<u64, StoreError> {
        self.changed.forget(key);
        let turn = self.above.join(key).turn().await;
        let gone = self.upper.delete(key, variant).await;
        drop(turn);
        gone
    }

    /// Forgets a selection in the upper tier.
    pub(super) async fn forget_matching_above(
        &self,
        selection: &Selection,
    ) -> Result<u64, StoreError> {
        self.changed.forget_some();
        self.above.finish().await;
        self.upper.delete_matching(selection).await
    }

    /// Forgets a key, or one variant of it, in both tiers.
    pub(super) async fn forget(
        &self,
        key: &Key,
        variant: Option<VariantId>,
    ) -> Result<u64, StoreError> {
        let place = self.below.join(key);
        if variant.is_none() {
            self.forgotten.forget(key);
        }
        let turn = place.turn().await;
        let lower = self.lower.delete(key, variant).await;
        let upper = self.forget_above(key, variant).await;
        drop(turn);
        Ok(lower?.max(upper?))
    }

    /// Forgets a selection in both tiers, after what is being written.
    pub(super) async fn forget_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        self.forgotten.forget_some();
        self.below.finish().await;
        let lower = self.lower.delete_matching(selection).await;
        let upper = self.forget_matching_above(selection).await;
        Ok(lower?.max(upper?))
    }

    pub(super) fn count_dropped(&self) {
        self.dropped.fetch_add(1, Relaxed);
    }
}

/// Goes on without a tier that failed.
pub(super) fn tolerate<T: Default>(done: Result<T, StoreError>) -> T {
    done.unwrap_or_else(|error| {
        // Its causes may name what was asked for.
        tracing::debug!(%error, "a tier failed");
        T::default()
    })
}
