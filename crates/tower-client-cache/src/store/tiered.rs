//! A fast store above a large, lasting or shared one.

mod behind;
mod builder;
mod peers;
mod tiers;
mod turns;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use hashbrown::HashSet;

use self::behind::Write;
pub use self::builder::TieredBuilder;
use self::tiers::{Tiers, tolerate};
use super::{Listed, Peers, Selection, Store, StoreError, StoreSize, Variants};
use crate::{Entry, Key, VariantId};

/// Looks into its upper tier first, and into the lower one for what is missing or stale there: a
/// store in memory above one on disk, or above one that processes share. Either may be tiers itself.
///
/// What is found below is promoted. What is put is in the upper tier at once and is written to the
/// lower one behind, at most so many entries at a time: what is too much is left out there
/// ([`dropped`](Self::dropped)). What is forgotten is so in both before that is said, and what is
/// written or promoted meanwhile does not bring it back. Where other processes share the lower tier
/// the upper one forgets what these forget. (One that is shared above one that is not works too; what
/// is found below stays there then.)
///
/// A tier that can be slow or gone should be [`Guarded`](super::Guarded). Outside a runtime of tokio
/// the lower tier is waited for. A clone is the same store.
///
/// ```
/// use tower_client_cache::{Guarded, MemoryStore, Tiered};
///
/// # let remote_store = MemoryStore::new();
/// let store = Tiered::new(MemoryStore::new(), Guarded::new(remote_store));
/// ```
pub struct Tiered<U, L>(Arc<Tiers<U, L>>);

impl<U: Store, L: Store> Tiered<U, L> {
    /// Creates a store of two tiers, with up to 256 writes to the lower one under way.
    #[must_use]
    pub fn new(upper: U, lower: L) -> Self {
        TieredBuilder::new(upper, lower).build_as_is()
    }

    /// Returns a builder of tiers with another bound.
    pub fn builder(upper: U, lower: L) -> TieredBuilder<U, L> {
        TieredBuilder::new(upper, lower)
    }

    /// Returns the upper tier.
    #[must_use]
    pub fn upper(&self) -> &U {
        &self.0.upper
    }

    /// Returns the lower tier.
    #[must_use]
    pub fn lower(&self) -> &L {
        &self.0.lower
    }

    /// Returns how many writes to the lower tier were left out, as too many were under way.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.0.dropped.load(Relaxed)
    }

    fn with(upper: U, lower: L, max_pending: usize) -> Self {
        let tiers = Arc::new(Tiers::new(upper, lower, max_pending));
        tiers.watch();
        Self(tiers)
    }
}

impl<U: Store, L: Store> Store for Tiered<U, L> {
    fn peek(&self, key: &Key) -> Option<Variants> {
        let found = self.0.upper.peek(key)?;
        (!found.is_empty()).then_some(found)
    }

    /// What is stale or missing above may be better below.
    fn peeks_all(&self) -> bool {
        false
    }

    fn peers(&self) -> Option<&dyn Peers> {
        self.0.has_peers().then_some(self)
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        let tiers = &self.0;
        tiers.watch();
        let before = tiers.before(key);
        let upper = match tiers.peek_all(key) {
            // Who was content with these would not ask.
            Some(found) => Ok(found),
            None => match tiers.upper.get(key).await {
                Ok(found) if tiers.are_fresh(&found) => return Ok(found),
                other => other,
            },
        };
        match (upper, tiers.lower.get(key).await) {
            (Ok(upper), Ok(lower)) => Ok(tiers.merge(key, upper, &lower, before)),
            (Err(_), Ok(lower)) => Ok(lower),
            (Ok(upper), Err(error)) if !upper.is_empty() => {
                tolerate(Err::<(), _>(error));
                Ok(upper)
            }
            (_, Err(error)) => Err(error),
        }
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let tiers = &self.0;
        tiers.watch();
        let change = tiers.change(key);
        let kept = tiers.put_above(key, Arc::clone(&entry), &change).await;
        tiers.write_behind(key, Write::Put(entry), change).await;
        kept
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let tiers = &self.0;
        let change = tiers.change(key);
        let turn = tiers.above.join(key).turn().await;
        let updated = tiers.upper.update_headers(key, Arc::clone(&entry)).await;
        drop(turn);
        tiers.write_behind(key, Write::Update(entry), change).await;
        updated
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        self.0.forget(key, variant).await
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        self.0.forget_matching(selection).await
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        self.0.below.finish().await;
        let mut listed = self.0.upper.list(selection, limit).await?;
        let above: HashSet<_> = listed.iter().map(identity).collect();
        let mut below = self.0.lower.list(selection, limit).await?;
        below.retain(|item| !above.contains(&identity(item)));
        listed.append(&mut below);
        listed.truncate(limit);
        Ok(listed)
    }

    /// Returns the size of the tier that holds more entries: that of all, or nearly.
    async fn size(&self) -> Result<StoreSize, StoreError> {
        self.0.below.finish().await;
        let upper = self.0.upper.size().await?;
        let lower = self.0.lower.size().await?;
        let larger = if lower.entries > upper.entries {
            lower
        } else {
            upper
        };
        Ok(larger.with_evictions(upper.evictions.saturating_add(lower.evictions)))
    }

    async fn flush(&self) {
        self.0.background.idle().await;
        self.0.upper.flush().await;
        self.0.lower.flush().await;
    }
}

fn identity(item: &Listed) -> (Key, VariantId) {
    (item.key.clone(), item.variant)
}

impl<U, L> Clone for Tiered<U, L> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Shows the tiers.
impl<U: fmt::Debug, L: fmt::Debug> fmt::Debug for Tiered<U, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tiered")
            .field("upper", &self.0.upper)
            .field("lower", &self.0.lower)
            .field("dropped", &self.0.dropped.load(Relaxed))
            .finish()
    }
}
