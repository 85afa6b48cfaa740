//! What the layers below did for calls of one operation.

use std::sync::OnceLock;
use std::time::Duration;

use tower_client_call::{CacheOutcome, CallRecord, CallSnapshot, RetryReason, StopReason};

use super::names::Names;
use crate::bounded::Few;
use crate::{BodyEnding, Instruments, Label, Metric};

/// The series of what the layers below did. Those of what never happens are never made.
pub(super) struct History<I: Instruments> {
    attempts: OnceLock<I::Counter>,
    sends: OnceLock<I::Counter>,
    replays: OnceLock<I::Counter>,
    token_fetches: OnceLock<I::Counter>,
    backoff: OnceLock<I::Histogram>,
    credential_wait: OnceLock<I::Histogram>,
    retries: Few<RetryReason, I::Counter>,
    retry_stops: Few<StopReason, I::Counter>,
    cache: Few<CacheOutcome, I::Counter>,
    bodies: Few<BodyEnding, I::Counter>,
}

/// The most series that one of its metrics has for an operation: the words of `StopReason`.
pub(super) const MOST_WORDS: usize = 9;

/// What series are made with.
pub(super) struct Maker<'a, I> {
    pub(super) instruments: &'a I,
    pub(super) names: &'a Names,
    pub(super) operation: &'static str,
}

impl<I: Instruments> History<I> {
    pub(super) fn new() -> Self {
        Self {
            attempts: OnceLock::new(),
            sends: OnceLock::new(),
            replays: OnceLock::new(),
            token_fetches: OnceLock::new(),
            backoff: OnceLock::new(),
            credential_wait: OnceLock::new(),
            retries: Few::new(),
            retry_stops: Few::new(),
            cache: Few::new(),
            bodies: Few::new(),
        }
    }

    /// Counts what a call's record tells.
    pub(super) fn add(&self, record: &CallRecord, maker: &Maker<'_, I>) {
        let told = record.snapshot();
        let names = maker.names;
        maker.count(&self.attempts, &names.attempts, attempts(&told));
        maker.count(&self.sends, &names.sends, told.sends);
        maker.count(&self.replays, &names.replays, told.replays);
        maker.count(
            &self.token_fetches,
            &names.token_fetches,
            told.token_fetches,
        );
        maker.record(&self.backoff, &names.backoff, told.backoff);
        maker.record(
            &self.credential_wait,
            &names.credential_wait,
            told.credential_wait,
        );
        if told.attempts > 1 {
            for (reason, times) in record.retries() {
                let label = Label::new("reason", reason.as_str());
                maker.count_one_of(&self.retries, &names.retries, reason, label, times);
            }
        }
        if let Some(stop) = told.stop.filter(|stop| *stop != StopReason::Succeeded) {
            let label = Label::new("reason", stop.as_str());
            maker.count_one_of(&self.retry_stops, &names.retry_stops, stop, label, 1);
        }
        if let Some(outcome) = told.cache {
            let label = Label::new("outcome", outcome.as_str());
            maker.count_one_of(&self.cache, &names.cache, outcome, label, 1);
        }
    }

    /// Counts the end of a body.
    pub(super) fn add_body(&self, ending: BodyEnding, maker: &Maker<'_, I>) {
        let label = Label::new("ending", ending.as_str());
        maker.count_one_of(&self.bodies, &maker.names.bodies, ending, label, 1);
    }
}

impl<I: Instruments> Maker<'_, I> {
    fn count(&self, series: &OnceLock<I::Counter>, metric: &Metric, more: u32) {
        if more > 0 {
            let make = || self.instruments.counter(metric, &[self.label()]);
            let counter = series.get_or_init(make);
            self.instruments.count(counter, more.into());
        }
    }

    fn record(&self, series: &OnceLock<I::Histogram>, metric: &Metric, time: Duration) {
        if !time.is_zero() {
            let make = || self.instruments.histogram(metric, &[self.label()]);
            let histogram = series.get_or_init(make);
            self.instruments.record(histogram, time.as_secs_f64());
        }
    }

    fn count_one_of<W: Copy + PartialEq>(
        &self,
        series: &Few<W, I::Counter>,
        metric: &Metric,
        word: W,
        label: Label<'_>,
        more: u32,
    ) {
        let make = || self.instruments.counter(metric, &[self.label(), label]);
        let counter = series.always(word, make);
        self.instruments.count(&counter, more.into());
    }

    fn label(&self) -> Label<'static> {
        Label::new("operation", self.operation)
    }
}

/// A call that was answered from what another has fetched was not attempted at all. A stale answer
/// can also come after attempts that failed.
fn attempts(told: &CallSnapshot) -> u32 {
    use CacheOutcome::{Collapsed, Hit, Stale};
    let from_cache = matches!(told.cache, Some(Hit | Stale | Collapsed));
    if from_cache && told.sends == 0 && told.attempts == 1 {
        0
    } else {
        told.attempts
    }
}
