//! What a policy can say.

use std::fmt;
use std::time::Duration;

/// What is to be done after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It succeeded: this is the answer.
    Done,
    /// It failed, and is not to be repeated.
    Forbid,
    /// It failed, and can be repeated: as long as attempts, time and budget last.
    Retry {
        /// What it is repeated for.
        kind: RetryKind,
        /// How long to wait at least. A shorter backoff is stretched to it.
        after: Option<Duration>,
    },
}

/// What a call is repeated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryKind {
    /// It was not sent: no connection, a refused stream, no credential for now.
    NotSent,
    /// The connection, the protocol or the response's body broke.
    Interrupted,
    /// Not in time: connecting (which is safe to repeat), the answer, or (408, 504) what the server
    /// waited for.
    Timeout,
    /// The server asks for fewer calls: 429, or 503 with `Retry-After`.
    Throttled,
    /// The server failed: 500, 502, 503.
    ServerError,
}

impl RetryKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::NotSent,
        Self::Interrupted,
        Self::Timeout,
        Self::Throttled,
        Self::ServerError,
    ];

    /// Returns its name, for labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Interrupted => "interrupted",
            Self::Timeout => "timeout",
            Self::Throttled => "throttled",
            Self::ServerError => "server_error",
        }
    }
}

impl fmt::Display for RetryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
