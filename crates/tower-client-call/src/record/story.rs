//! What happened to a call, in order.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;

use super::{CacheOutcome, RetryReason, StopReason};

/// More than happens to any call; beyond, only the last is kept.
const MOST: usize = 256;

/// One thing that happened to a call, as its [`CallRecord`](super::CallRecord) tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallEvent {
    /// What a cache did is known: of what had to be asked for, after the answer.
    Cache(CacheOutcome),
    /// A request was answered. Told where requests are measured, as [`Unanswered`](Self::Unanswered).
    Answered {
        /// The number of its attempt.
        attempt: u32,
        /// The answer's status.
        status: StatusCode,
        /// From when it went out to the answer's head.
        took: Duration,
    },
    /// A request brought no answer.
    Unanswered {
        /// The number of its attempt.
        attempt: u32,
        /// Why, in a word such as `timeout`.
        error_type: &'static str,
        /// From when it went out.
        took: Duration,
    },
    /// Another attempt was decided upon, for this reason.
    Retrying(RetryReason),
    /// The wait for another attempt is over.
    Waited(Duration),
    /// A credential is asked for at its source.
    FetchingToken,
    /// The request is sent again with another credential.
    Replaying,
    /// The answer has been read.
    Received {
        /// Its length in bytes.
        bytes: u64,
    },
    /// It was decided that there is no further attempt.
    Stopped(StopReason),
    /// What a layer of one's own says of itself.
    Noted(&'static str),
}

/// An event, and when it was since the record was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// When it happened.
    pub at: Duration,
    /// What happened.
    pub event: CallEvent,
}

#[derive(Debug)]
pub(super) struct Story {
    begun: Instant,
    told: Mutex<Vec<Told>>,
}

impl Story {
    pub(super) fn begin() -> Self {
        Self {
            begun: Instant::now(),
            told: Mutex::default(),
        }
    }

    pub(super) fn tell(&self, event: CallEvent) {
        let mut told = self.lock();
        let at = self.begun.elapsed();
        if told.len() == MOST {
            told.pop();
        }
        told.push(Told { at, event });
    }

    pub(super) fn told(&self) -> Vec<Told> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Told>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
