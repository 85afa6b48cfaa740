//! What an error says of the call it ended.

use std::time::Duration;

use http::{Extensions, Method, Request};
use tokio::time::Instant;
use tower_client_call::{CallRecord, Deadline, Operation};

use crate::Kind;

/// The call that an error ended, as far as it is known.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    operation: Option<Operation>,
    record: Option<CallRecord>,
    deadline: Option<Deadline>,
    started: Instant,
}

impl Call {
    /// Creates what is known of a request that is about to be sent.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Self {
        let facts: &Extensions = request.extensions();
        Self {
            method: request.method().clone(),
            operation: Operation::find(facts),
            record: CallRecord::find(facts).cloned(),
            deadline: facts.get().copied(),
            started: Instant::now(),
        }
    }

    /// Returns the request's method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the operation, if the caller named one.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.operation
    }

    /// Returns the attempts so far; 1 where nobody keeps a [`CallRecord`].
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.record
            .as_ref()
            .map_or(1, |record| record.snapshot().attempts)
    }

    /// Returns the time there is to read the words of an error: this, or until the deadline.
    pub(crate) fn time_to_read(&self, limit: Duration) -> Duration {
        self.deadline
            .map_or(limit, |deadline| limit.min(deadline.remaining()))
    }

    /// Lets whoever keeps a record know what the failed call is called.
    pub(crate) fn note_kind(&self, kind: Kind) {
        if let Some(record) = &self.record {
            record.set_error_kind(kind.label());
        }
    }

    /// Returns the time since the layer was called.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}
