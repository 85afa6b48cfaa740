//! What a cache has done so far.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tower_client_call::CacheOutcome;

/// What a cache has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Calls answered with what was fresh.
    pub hits: u64,
    /// Calls answered with what was stale, as was allowed.
    pub stale: u64,
    /// Calls answered with what the origin had confirmed.
    pub revalidated: u64,
    /// Calls answered with what another call was fetching.
    pub collapsed: u64,
    /// Calls for which nothing was stored that could be served, or shared: those that the origin
    /// answered, those that failed, and those that forbade to ask it.
    pub misses: u64,
    /// Calls that were none for the cache.
    pub bypasses: u64,
    /// Answers stored, and values; an answer that is validated counts anew if it is selected
    /// otherwise from then on.
    pub stored: u64,
    /// Fetches in the background, for what was served stale.
    pub refreshes: u64,
    /// How many of these failed.
    pub failed_refreshes: u64,
    /// How often the store failed.
    pub store_errors: u64,
    /// Fetches that others can wait for, now.
    pub in_flight: u64,
}

/// Counts for [`CacheStats`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    outcomes: [AtomicU64; CacheOutcome::ALL.len()],
    pub(crate) stored: Count,
    pub(crate) refreshes: Count,
    pub(crate) failed_refreshes: Count,
    pub(crate) store_errors: Count,
}

#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Counters {
    pub(crate) fn count(&self, outcome: CacheOutcome) {
        // Outcomes are numbered from 1.
        if let Some(counter) = self.outcomes.get(outcome as usize - 1) {
            counter.fetch_add(1, Relaxed);
        }
    }

    pub(crate) fn stats(&self, in_flight: usize) -> CacheStats {
        let [hits, stale, revalidated, collapsed, misses, bypasses] =
            self.outcomes.each_ref().map(|count| count.load(Relaxed));
        CacheStats {
            hits,
            stale,
            revalidated,
            collapsed,
            misses,
            bypasses,
            stored: self.stored.get(),
            refreshes: self.refreshes.get(),
            failed_refreshes: self.failed_refreshes.get(),
            store_errors: self.store_errors.get(),
            in_flight: u64::try_from(in_flight).unwrap_or(u64::MAX),
        }
    }
}
