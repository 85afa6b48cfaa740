//! Writes down what happens to a call, also when its caller leaves.

use tokio::time::Instant;
use tower_client_call::{CallRecord, RetryReason, StopReason};

/// Writes to the call's [`CallRecord`], if there is one.
#[derive(Debug)]
pub(crate) struct Ledger {
    record: Option<CallRecord>,
    waiting_since: Option<Instant>,
    open: bool,
}

impl Ledger {
    #[inline]
    pub(crate) fn to(record: Option<CallRecord>) -> Self {
        Self {
            record,
            waiting_since: None,
            open: true,
        }
    }

    pub(crate) fn begin_wait(&mut self, now: Instant) {
        self.waiting_since = Some(now);
    }

    pub(crate) fn end_wait(&mut self) {
        if let (Some(record), Some(since)) = (&self.record, self.waiting_since.take()) {
            record.add_backoff(since.elapsed());
        }
    }

    pub(crate) fn count_retry(&self, reason: RetryReason) {
        if let Some(record) = &self.record {
            record.count_retry(reason);
        }
    }

    /// The call is over.
    #[inline] // mostly nobody listens
    pub(crate) fn close(&mut self, stop: StopReason) {
        self.end_wait();
        self.open = false;
        if let Some(record) = &self.record {
            record.set_stop(stop);
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        if self.open {
            self.close(StopReason::Cancelled);
        }
    }
}
