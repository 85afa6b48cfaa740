//! How long calls take while a store fails, and how long they may.

use std::time::Duration;

use tokio::time::Instant;

use crate::caches::{PAUSE, READ, WRITE};
use crate::load::{CALLERS, Call};

/// What a machine that does other things may add to a call and not to others.
const SLACK: Duration = Duration::from_millis(10);

/// What a read takes at most that waits for nothing but the store, and never for a lease (5 s) that
/// nobody has.
const LONGEST: Duration = Duration::from_secs(2);

/// How long calls took that began within some time, the shortest first.
#[derive(Debug)]
pub(crate) struct Times {
    reads: Vec<Duration>,
    changes: Vec<Duration>,
}

impl Times {
    pub(crate) fn between(calls: &[Call], from: Instant, to: Instant) -> Self {
        let of = |is_change| {
            let calls = calls.iter().filter(|call| call.is_change == is_change);
            let calls = calls.filter(|call| (from..to).contains(&call.begun));
            let mut times: Vec<_> = calls.map(|call| call.took).collect();
            times.sort_unstable();
            times
        };
        Self {
            reads: of(false),
            changes: of(true),
        }
    }

    /// Returns a quantile of reads.
    pub(crate) fn percent(&self, percent: usize) -> Duration {
        self.reads[(self.reads.len() - 1) * percent / 100]
    }

    /// Returns what a read takes at most that does not wait for the store: half as long again as one
    /// in a hundred takes without a store at the same time.
    fn bound(bare: &Self) -> Duration {
        bare.percent(99).mul_f64(1.5) + SLACK
    }

    /// Returns how many reads, or changes, took longer than [`bound`](Self::bound).
    fn slow(times: &[Duration], bare: &Self) -> usize {
        let bound = Self::bound(bare);
        times.iter().filter(|time| **time > bound).count()
    }

    /// Returns its figures.
    pub(crate) fn told(&self, bare: &Self) -> String {
        let [median, p99] = [50, 99].map(|percent| self.percent(percent));
        let kinds = [("reads", &self.reads), ("changes", &self.changes)];
        let [reads, changes] = kinds.map(|(kind, times)| {
            let (of, slow) = (times.len(), Self::slow(times, bare));
            let last = times.last().copied().unwrap_or_default();
            format!("{of} {kind}, {slow} slow, longest {last:.1?}")
        });
        format!("{reads}, median {median:.1?}, p99 {p99:.1?}; {changes}")
    }

    /// Holds each read to the time that it can have waited for the store.
    pub(crate) fn check_longest(&self, bare: &Self) {
        let [longest, without] = [self, bare].map(|times| times.reads.last().copied());
        let most = without.unwrap_or_default() + LONGEST;
        assert!(longest <= Some(most), "a read took {longest:?}");
    }

    /// Holds reads to what they may take while a store fails, and changes too where `is_whole`: where
    /// nothing goes well that is asked of the store.
    ///
    /// One in a hundred may be slow, as without a store; and those that waited for the store: all
    /// callers when it begins to fail, and one in each period of the breaker.
    pub(crate) fn check(&self, bare: &Self, outage: Duration, openings: usize, is_whole: bool) {
        let periods = usize::try_from(outage.as_millis() / PAUSE.as_millis()).unwrap() + 1;
        for (times, is_meant) in [(&self.reads, true), (&self.changes, is_whole)] {
            let (slow, of) = (Self::slow(times, bare), times.len());
            let allowed = of / 100 + CALLERS * openings + periods;
            let is_good = !is_meant || slow <= allowed;
            assert!(is_good, "{slow} of {of} are slow, {allowed} may be");
        }
        let (p99, longest) = (self.percent(99), Self::bound(bare) + READ);
        assert!(p99 <= longest, "{p99:?}, not {longest:?}");
        // A change waits until what it changes is forgotten, or that has failed: behind a write that
        // fails too, and the lease of that.
        let longest = Self::bound(bare) + 4 * WRITE;
        let last = self.changes.last().copied().unwrap_or_default();
        assert!(last <= longest, "a change took {last:?}, not {longest:?}");
    }
}
