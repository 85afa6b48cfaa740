//! What happened to one call, written down by all its layers.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use http::Extensions;

/// What happened to one call.
///
/// Created by the outermost layer that wants to know, found by all inside, and kept by its creator:
/// so it survives errors and cancellation. Its numbers are independent atomics; a
/// [`snapshot`](Self::snapshot) taken while the call runs may be ahead in one and behind in another.
#[derive(Clone, Debug, Default)]
pub struct CallRecord(Arc<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    retries: AtomicU32,
    replays: AtomicU32,
    token_fetches: AtomicU32,
    backoff_nanos: AtomicU64,
    credential_wait_nanos: AtomicU64,
    cache: AtomicU8,
    stop: AtomicU8,
}

/// The numbers of a [`CallRecord`] at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallSnapshot {
    /// How often the call was attempted, from 1; replays are not attempts.
    pub attempts: u32,
    /// How often a request was replayed with another credential.
    pub replays: u32,
    /// How many credentials were fetched for it.
    pub token_fetches: u32,
    /// Time spent waiting between attempts.
    pub backoff: Duration,
    /// Time spent waiting for a credential.
    pub credential_wait: Duration,
    /// What a cache did, if there was one.
    pub cache: Option<CacheOutcome>,
    /// Why no further attempt was made, if a layer decided that.
    pub stop: Option<StopReason>,
}

/// What a cache did with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum CacheOutcome {
    /// Answered from the cache.
    Hit = 1,
    /// Answered from the cache although it was stale.
    Stale,
    /// Answered from the cache after the origin confirmed it.
    Revalidated,
    /// Answered with what another call was fetching.
    Collapsed,
    /// Fetched.
    Miss,
    /// Not a call for the cache.
    Bypass,
}

/// Why no further attempt was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum StopReason {
    /// It succeeded.
    Succeeded = 1,
    /// A repeat is not allowed, or would not help.
    NotRetryable,
    /// All attempts were used.
    Attempts,
    /// The shared budget was empty.
    Budget,
    /// The next attempt could not have ended in time.
    Deadline,
    /// The server asked to wait longer than is allowed.
    RetryAfterTooLong,
    /// The request's body cannot be sent again.
    BodyNotRepeatable,
    /// The caller left.
    Cancelled,
    /// The service below did not become ready.
    NotReady,
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Succeeded => "succeeded",
            Self::NotRetryable => "not retryable",
            Self::Attempts => "attempts used up",
            Self::Budget => "retry budget empty",
            Self::Deadline => "deadline too near",
            Self::RetryAfterTooLong => "retry-after too long",
            Self::BodyNotRepeatable => "body not repeatable",
            Self::Cancelled => "cancelled",
            Self::NotReady => "service not ready",
        })
    }
}

const CACHE_OUTCOMES: [CacheOutcome; 6] = [
    CacheOutcome::Hit,
    CacheOutcome::Stale,
    CacheOutcome::Revalidated,
    CacheOutcome::Collapsed,
    CacheOutcome::Miss,
    CacheOutcome::Bypass,
];

const STOP_REASONS: [StopReason; 9] = [
    StopReason::Succeeded,
    StopReason::NotRetryable,
    StopReason::Attempts,
    StopReason::Budget,
    StopReason::Deadline,
    StopReason::RetryAfterTooLong,
    StopReason::BodyNotRepeatable,
    StopReason::Cancelled,
    StopReason::NotReady,
];

/// The variant with this number; zero is none.
fn variant<T: Copy>(variants: &[T], number: u8) -> Option<T> {
    variants.get(usize::from(number).checked_sub(1)?).copied()
}

impl CallRecord {
    /// Creates an empty record.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the record of a request, if somebody wants one.
    #[must_use]
    #[inline] // see `Operation::find`
    pub fn find(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// Returns the record of a request, a new one if there was none.
    pub fn find_or_insert(extensions: &mut Extensions) -> Self {
        extensions.get_or_insert_with(Self::new).clone()
    }

    /// Counts an attempt after the first.
    pub fn count_retry(&self) {
        self.0.retries.fetch_add(1, Relaxed);
    }

    /// Counts a replay with another credential.
    pub fn count_replay(&self) {
        self.0.replays.fetch_add(1, Relaxed);
    }

    /// Counts a credential that was fetched for this call.
    pub fn count_token_fetch(&self) {
        self.0.token_fetches.fetch_add(1, Relaxed);
    }

    /// Adds time spent waiting between attempts.
    pub fn add_backoff(&self, time: Duration) {
        add(&self.0.backoff_nanos, time);
    }

    /// Adds time spent waiting for a credential.
    pub fn add_credential_wait(&self, time: Duration) {
        add(&self.0.credential_wait_nanos, time);
    }

    /// Notes what a cache did.
    pub fn set_cache(&self, outcome: CacheOutcome) {
        self.0.cache.store(outcome as u8, Relaxed);
    }

    /// Notes why no further attempt was made.
    pub fn set_stop(&self, reason: StopReason) {
        self.0.stop.store(reason as u8, Relaxed);
    }

    /// Returns all numbers as they are now.
    #[must_use]
    pub fn snapshot(&self) -> CallSnapshot {
        let numbers = &*self.0;
        CallSnapshot {
            attempts: numbers.retries.load(Relaxed).saturating_add(1),
            replays: numbers.replays.load(Relaxed),
            token_fetches: numbers.token_fetches.load(Relaxed),
            backoff: Duration::from_nanos(numbers.backoff_nanos.load(Relaxed)),
            credential_wait: Duration::from_nanos(numbers.credential_wait_nanos.load(Relaxed)),
            cache: variant(&CACHE_OUTCOMES, numbers.cache.load(Relaxed)),
            stop: variant(&STOP_REASONS, numbers.stop.load(Relaxed)),
        }
    }
}

fn add(nanos: &AtomicU64, time: Duration) {
    let more = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    // The closure always has a value: the update cannot fail.
    let _: Result<u64, u64> =
        nanos.fetch_update(Relaxed, Relaxed, |sum| Some(sum.saturating_add(more)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_finds_it_writes_to_the_same_one() {
        let mut extensions = Extensions::new();
        let outer = CallRecord::find_or_insert(&mut extensions);

        let inner = CallRecord::find_or_insert(&mut extensions);
        inner.count_retry();
        inner.count_replay();
        inner.add_backoff(Duration::from_millis(300));
        inner.set_stop(StopReason::Attempts);
        drop((extensions, inner));

        let snapshot = outer.snapshot();
        assert_eq!((snapshot.attempts, snapshot.replays), (2, 1));
        assert_eq!(snapshot.backoff, Duration::from_millis(300));
        assert_eq!(snapshot.stop, Some(StopReason::Attempts));
        assert_eq!(snapshot.cache, None);
    }

    #[test]
    fn every_outcome_and_reason_comes_back_as_it_was_set() {
        let record = CallRecord::new();
        for outcome in CACHE_OUTCOMES {
            record.set_cache(outcome);
            assert_eq!(record.snapshot().cache, Some(outcome));
        }
        for reason in STOP_REASONS {
            record.set_stop(reason);
            assert_eq!(record.snapshot().stop, Some(reason));
        }
    }

    #[test]
    fn absurd_waits_do_not_overflow() {
        let record = CallRecord::new();

        record.add_backoff(Duration::MAX);
        record.add_backoff(Duration::MAX);

        assert_eq!(record.snapshot().backoff, Duration::from_nanos(u64::MAX));
    }
}
