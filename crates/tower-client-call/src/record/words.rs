//! The words in which a record tells what happened.

use std::error::Error;
use std::fmt;

use http::StatusCode;

use crate::{Failure, ResponseError};

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

/// Why a call was attempted once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum RetryReason {
    /// The answer was 429: too many requests.
    RateLimited = 1,
    /// The answer was a 5xx: the server failed.
    Server,
    /// The answer was another one.
    Answer,
    /// Something took too long.
    Timeout,
    /// No connection came up.
    Connect,
    /// The connection or the protocol broke.
    Transport,
    /// None of these.
    Unknown,
}

impl RetryReason {
    /// Every reason, in the order of their numbers.
    pub const ALL: &[Self] = &[
        Self::RateLimited,
        Self::Server,
        Self::Answer,
        Self::Timeout,
        Self::Connect,
        Self::Transport,
        Self::Unknown,
    ];

    /// Returns the reason that an answer with this status is.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            429 => Self::RateLimited,
            500..=599 => Self::Server,
            _ => Self::Answer,
        }
    }

    /// Returns the reason that an error is, or the answer that it was made of.
    #[must_use]
    pub fn of_error(error: &(dyn Error + 'static)) -> Self {
        if let Some(answer) = ResponseError::find(error) {
            return Self::of_status(answer.status());
        }
        match Failure::of(error) {
            Failure::Timeout => Self::Timeout,
            Failure::Connect => Self::Connect,
            Failure::Transport => Self::Transport,
            Failure::Unknown => Self::Unknown,
        }
    }

    /// Returns the word for it in labels.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RateLimited => "rate_limited",
            Self::Server => "server",
            Self::Answer => "answer",
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Transport => "transport",
            Self::Unknown => "unknown",
        }
    }
}

impl CacheOutcome {
    /// Every outcome, in the order of their numbers.
    pub const ALL: &[Self] = &[
        Self::Hit,
        Self::Stale,
        Self::Revalidated,
        Self::Collapsed,
        Self::Miss,
        Self::Bypass,
    ];

    /// Returns the word for it in labels.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Stale => "stale",
            Self::Revalidated => "revalidated",
            Self::Collapsed => "collapsed",
            Self::Miss => "miss",
            Self::Bypass => "bypass",
        }
    }
}

impl StopReason {
    /// Every reason, in the order of their numbers.
    pub const ALL: &[Self] = &[
        Self::Succeeded,
        Self::NotRetryable,
        Self::Attempts,
        Self::Budget,
        Self::Deadline,
        Self::RetryAfterTooLong,
        Self::BodyNotRepeatable,
        Self::Cancelled,
        Self::NotReady,
    ];

    /// Returns the word for it in labels.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::NotRetryable => "not_retryable",
            Self::Attempts => "attempts",
            Self::Budget => "budget",
            Self::Deadline => "deadline",
            Self::RetryAfterTooLong => "retry_after_too_long",
            Self::BodyNotRepeatable => "body_not_repeatable",
            Self::Cancelled => "cancelled",
            Self::NotReady => "not_ready",
        }
    }
}

/// The variant with this number; zero is none.
pub(super) fn variant<T: Copy>(variants: &[T], number: u8) -> Option<T> {
    variants.get(usize::from(number).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use std::io;

    use http::HeaderMap;

    use super::*;

    #[test]
    fn an_answer_is_the_reason_also_when_it_became_an_error() {
        for (status, reason) in [
            (429, RetryReason::RateLimited),
            (500, RetryReason::Server),
            (503, RetryReason::Server),
            (408, RetryReason::Answer),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let error = io::Error::other(ResponseError::new(status, HeaderMap::new()));

            assert_eq!(RetryReason::of_status(status), reason);
            assert_eq!(RetryReason::of_error(&error), reason);
        }
    }

    #[test]
    fn a_failure_is_the_reason_where_there_was_no_answer() {
        for (kind, reason) in [
            (io::ErrorKind::TimedOut, RetryReason::Timeout),
            (io::ErrorKind::ConnectionRefused, RetryReason::Connect),
            (io::ErrorKind::ConnectionReset, RetryReason::Transport),
            (io::ErrorKind::Other, RetryReason::Unknown),
        ] {
            assert_eq!(RetryReason::of_error(&io::Error::from(kind)), reason);
        }
    }
}
