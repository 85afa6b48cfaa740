//! What a call is told about the cache's part in it.

use std::sync::Arc;

use http::{Extensions, Response};
use tower_client_call::{CacheOutcome, CallRecord};

use crate::shared::Shared;
use crate::status::Told;

/// Tells the caller, the call's record and the owner what a cache did with a call.
#[derive(Clone)]
pub(crate) struct Report {
    shared: Arc<Shared>,
    record: Option<CallRecord>,
    is_counted: bool,
}

impl Report {
    pub(crate) fn new(shared: Arc<Shared>, extensions: &Extensions) -> Self {
        let record = CallRecord::find(extensions).cloned();
        Self {
            shared,
            record,
            is_counted: true,
        }
    }

    /// Creates the report of a fetch that no caller waits for.
    pub(crate) fn to_nobody(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            record: None,
            is_counted: false,
        }
    }

    /// Tells it of an answer, in its `Cache-Status` and its extensions too.
    pub(crate) fn answered<B>(
        &self,
        response: &mut Response<B>,
        outcome: CacheOutcome,
        told: &Told<'_>,
    ) {
        if let Some(status) = &self.shared.settings.cache_status {
            status.append(response.headers_mut(), told);
        }
        response.extensions_mut().insert(outcome);
        self.noted(outcome);
    }

    pub(crate) fn record(&self) -> Option<&CallRecord> {
        self.record.as_ref()
    }

    /// Tells it of a call that failed, too.
    pub(crate) fn noted(&self, outcome: CacheOutcome) {
        if self.is_counted {
            note(&self.shared, self.record.as_ref(), outcome);
        }
    }
}

/// Tells the call's record and the owner.
pub(crate) fn note(shared: &Shared, record: Option<&CallRecord>, outcome: CacheOutcome) {
    if let Some(record) = record {
        record.set_cache(outcome);
    }
    shared.counters.count(outcome);
}
