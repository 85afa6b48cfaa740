//! What happened to one call, written down by all its layers.

mod story;
mod words;

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Extensions;

use self::story::Story;
pub use self::story::{CallEvent, Told};
use self::words::variant;
pub use self::words::{CacheOutcome, RetryReason, StopReason};

/// What happened to one call.
///
/// Created by the outermost layer that wants to know, found by all inside, and kept by its creator:
/// so it survives errors and cancellation. Its numbers are independent atomics; a
/// [`snapshot`](Self::snapshot) taken while the call runs may be ahead in one and behind in another.
///
/// One that is [telling](Self::telling) also keeps what happened in order, for people to read.
#[derive(Clone, Debug, Default)]
pub struct CallRecord(Arc<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    /// By reason, the first variant first.
    retries: [AtomicU32; RetryReason::ALL.len()],
    sends: AtomicU32,
    replays: AtomicU32,
    token_fetches: AtomicU32,
    backoff_nanos: AtomicU64,
    credential_wait_nanos: AtomicU64,
    cache: AtomicU8,
    stop: AtomicU8,
    /// Locked when an attempt fails, and by nobody else.
    error_kind: Mutex<Option<&'static str>>,
    /// Kept if somebody wants to read it.
    story: Option<Box<Story>>,
}

/// The numbers of a [`CallRecord`] at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallSnapshot {
    /// How often the call was attempted, from 1; replays are not attempts.
    pub attempts: u32,
    /// How many requests went out for it, whatever for (attempts, replays, redirects), if a layer
    /// next to the transport counts them.
    pub sends: u32,
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

impl CallRecord {
    /// Creates an empty record.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates an empty record that keeps what happens in order, see [`story`](Self::story).
    #[must_use]
    pub fn telling() -> Self {
        Self(Arc::new(Numbers {
            story: Some(Box::new(Story::begin())),
            ..Numbers::default()
        }))
    }

    /// Tells whether the record keeps what happens in order.
    #[must_use]
    pub fn is_telling(&self) -> bool {
        self.0.story.is_some()
    }

    /// Adds to the story, if the record keeps one. The record's other methods do so too.
    #[inline] // mostly there is none
    pub fn tell(&self, event: CallEvent) {
        if let Some(story) = &self.0.story {
            story.tell(event);
        }
    }

    /// Returns what has happened so far, the first first: 255 events and the last; nothing if the
    /// record keeps no story.
    #[must_use]
    pub fn story(&self) -> Vec<Told> {
        let story = self.0.story.as_ref();
        story.map_or_else(Vec::new, |story| story.told())
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

    /// Counts an attempt after the first: what the error before it was called counts no more.
    pub fn count_retry(&self, reason: RetryReason) {
        self.tell(CallEvent::Retrying(reason));
        self.note_error_kind(None);
        if let Some(retries) = self.0.retries.get(reason as usize - 1) {
            retries.fetch_add(1, Relaxed);
        }
    }

    /// Counts a request that goes out, and returns how many went before it.
    #[must_use]
    pub fn count_send(&self) -> u32 {
        self.0.sends.fetch_add(1, Relaxed)
    }

    /// Counts a replay with another credential.
    pub fn count_replay(&self) {
        self.tell(CallEvent::Replaying);
        self.0.replays.fetch_add(1, Relaxed);
    }

    /// Counts a credential that was fetched for this call.
    pub fn count_token_fetch(&self) {
        self.tell(CallEvent::FetchingToken);
        self.0.token_fetches.fetch_add(1, Relaxed);
    }

    /// Adds time spent waiting between attempts.
    pub fn add_backoff(&self, time: Duration) {
        self.tell(CallEvent::Waited(time));
        add(&self.0.backoff_nanos, time);
    }

    /// Adds time spent waiting for a credential.
    pub fn add_credential_wait(&self, time: Duration) {
        add(&self.0.credential_wait_nanos, time);
    }

    /// Notes what a cache did.
    pub fn set_cache(&self, outcome: CacheOutcome) {
        self.tell(CallEvent::Cache(outcome));
        self.0.cache.store(outcome as u8, Relaxed);
    }

    /// Notes why no further attempt was made.
    pub fn set_stop(&self, reason: StopReason) {
        self.tell(CallEvent::Stopped(reason));
        self.0.stop.store(reason as u8, Relaxed);
    }

    /// Notes what a failed call is called by the layer that gives errors their types. The word is
    /// a label: one of few.
    pub fn set_error_kind(&self, kind: &'static str) {
        self.note_error_kind(Some(kind));
    }

    fn note_error_kind(&self, kind: Option<&'static str>) {
        let noted = self.0.error_kind.lock();
        *noted.unwrap_or_else(PoisonError::into_inner) = kind;
    }

    /// Returns what the error of the last attempt was called, if there was one and a layer said
    /// so.
    #[must_use]
    pub fn error_kind(&self) -> Option<&'static str> {
        *self
            .0
            .error_kind
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the attempts after the first, by their reasons; reasons that did not occur are left
    /// out.
    pub fn retries(&self) -> impl Iterator<Item = (RetryReason, u32)> {
        let counts = self.0.retries.iter().map(|count| count.load(Relaxed));
        RetryReason::ALL
            .iter()
            .copied()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
    }

    /// Returns all numbers as they are now.
    #[must_use]
    pub fn snapshot(&self) -> CallSnapshot {
        let numbers = &*self.0;
        let retries = numbers.retries.iter().map(|count| count.load(Relaxed));
        CallSnapshot {
            attempts: retries.fold(1, u32::saturating_add),
            sends: numbers.sends.load(Relaxed),
            replays: numbers.replays.load(Relaxed),
            token_fetches: numbers.token_fetches.load(Relaxed),
            backoff: Duration::from_nanos(numbers.backoff_nanos.load(Relaxed)),
            credential_wait: Duration::from_nanos(numbers.credential_wait_nanos.load(Relaxed)),
            cache: variant(CacheOutcome::ALL, numbers.cache.load(Relaxed)),
            stop: variant(StopReason::ALL, numbers.stop.load(Relaxed)),
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
        inner.count_retry(RetryReason::Server);
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
        for &outcome in CacheOutcome::ALL {
            record.set_cache(outcome);
            assert_eq!(record.snapshot().cache, Some(outcome));
        }
        for &reason in StopReason::ALL {
            record.set_stop(reason);
            assert_eq!(record.snapshot().stop, Some(reason));
        }
    }

    #[test]
    fn attempts_are_told_apart_by_their_reasons() {
        let record = CallRecord::new();
        for &reason in RetryReason::ALL {
            record.count_retry(reason);
        }
        record.count_retry(RetryReason::Timeout);

        let retries: Vec<_> = record.retries().collect();

        assert_eq!(retries.len(), RetryReason::ALL.len());
        assert!(retries.contains(&(RetryReason::Timeout, 2)));
        assert!(retries.contains(&(RetryReason::Connect, 1)));
        assert_eq!(record.snapshot().attempts, 9);
    }

    #[test]
    fn a_send_is_told_how_many_went_before_it() {
        let record = CallRecord::new();

        let before = [record.count_send(), record.count_send()];

        assert_eq!(before, [0, 1]);
        assert_eq!(record.snapshot().sends, 2);
    }

    #[test]
    fn the_last_error_gives_its_name() {
        let record = CallRecord::new();
        assert_eq!(record.error_kind(), None);

        record.set_error_kind("server");
        record.set_error_kind("timeout");

        assert_eq!(record.error_kind(), Some("timeout"));

        record.count_retry(RetryReason::Timeout);
        assert_eq!(record.error_kind(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_telling_record_keeps_the_order_and_the_times() {
        let record = CallRecord::telling();
        let events = [
            CallEvent::Noted("over the limit"),
            CallEvent::Retrying(RetryReason::Server),
            CallEvent::Waited(Duration::from_millis(300)),
            CallEvent::Stopped(StopReason::Succeeded),
        ];

        record.tell(events[0]);
        record.count_retry(RetryReason::Server);
        tokio::time::advance(Duration::from_millis(300)).await;
        record.add_backoff(Duration::from_millis(300));
        record.clone().set_stop(StopReason::Succeeded);

        let story = record.story();
        assert_eq!(
            story.iter().map(|told| told.event).collect::<Vec<_>>(),
            events
        );
        let times: Vec<_> = story.iter().map(|told| told.at.as_millis()).collect();
        assert_eq!(times, [0, 0, 300, 300]);
    }

    #[test]
    fn a_story_has_an_end_and_others_have_none() {
        let (telling, silent) = (CallRecord::telling(), CallRecord::new());
        for record in [&telling, &silent] {
            for _ in 0..1_000 {
                record.count_replay();
            }
        }

        telling.set_stop(StopReason::Attempts);

        assert_eq!((telling.story().len(), silent.story().len()), (256, 0));
        let last = telling.story().pop().map(|told| told.event);
        assert_eq!(last, Some(CallEvent::Stopped(StopReason::Attempts)));
        assert!(telling.is_telling() && !silent.is_telling());
        assert_eq!(telling.snapshot().replays, 1_000);
    }

    #[test]
    fn absurd_waits_do_not_overflow() {
        let record = CallRecord::new();

        record.add_backoff(Duration::MAX);
        record.add_backoff(Duration::MAX);

        assert_eq!(record.snapshot().backoff, Duration::from_nanos(u64::MAX));
    }
}
