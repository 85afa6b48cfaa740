//! What calls are made of, each beside the word by which it is to be counted.
//!
//! Written down once more, so that no word comes from what is under test.

use std::error::Error;
use std::io::{self, ErrorKind};

use http::{HeaderMap, StatusCode, Version};
use tower_client_call::{CacheOutcome, Operation, ResponseError, RetryReason, StopReason};

pub(crate) const OTHER: &str = "_OTHER";
pub(crate) const CANCELLED: &str = "cancelled";

/// Two of them have one template.
pub(crate) const OPERATIONS: [Operation; 6] = [
    Operation::new("trip", "/v1/trips/{id}"),
    Operation::new("change_trip", "/v1/trips/{id}"),
    Operation::new("trips", "/v1/trips"),
    Operation::new("status", "/v1/vehicles/{vin}/status"),
    Operation::new("lock", "/v1/vehicles/{vin}/lock"),
    Operation::new("ping", "/"),
];

/// A method, and its word. Each is the usual one of an operation, as are the first places.
pub(crate) const METHODS: [(&str, &str); 6] = [
    ("GET", "GET"),
    ("POST", "POST"),
    ("DELETE", "DELETE"),
    ("QUERY", "QUERY"),
    ("PROPFIND", OTHER),
    ("get", OTHER),
];

/// Where a request goes: what its target begins with, its `Host`, and the words for them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) origin: &'static str,
    pub(crate) host: Option<&'static str>,
    pub(crate) address: &'static str,
    pub(crate) port: &'static str,
}

pub(crate) const PLACES: [Place; 7] = [
    Place::new("https://api.example", None, "api.example", "443"),
    Place::new("http://api.example", None, "api.example", "80"),
    Place::new("http://api.example:8080", None, "api.example", "8080"),
    Place::new("https://[::1]:8443", Some("api.example"), "::1", "8443"),
    Place::new("", Some("files.example"), "files.example", OTHER),
    Place::new("", None, OTHER, OTHER),
    Place::new("https://user:pw@api.example", None, "api.example", "443"),
];

impl Place {
    const fn new(
        origin: &'static str,
        host: Option<&'static str>,
        address: &'static str,
        port: &'static str,
    ) -> Self {
        Self {
            origin,
            host,
            address,
            port,
        }
    }
}

/// The statuses of most answers, the most frequent first.
pub(crate) const STATUSES: [u16; 8] = [200, 503, 204, 400, 404, 399, 304, 429];

pub(crate) const VERSIONS: [(Version, &str); 4] = [
    (Version::HTTP_11, "1.1"),
    (Version::HTTP_2, "2"),
    (Version::HTTP_10, "1.0"),
    (Version::HTTP_3, "3"),
];

/// What a layer that types errors may call them.
pub(crate) const KINDS: [&str; 3] = ["unauthorized", "server", "timeout"];

pub(crate) const RETRIES: [(RetryReason, &str); 7] = [
    (RetryReason::RateLimited, "rate_limited"),
    (RetryReason::Server, "server"),
    (RetryReason::Answer, "answer"),
    (RetryReason::Timeout, "timeout"),
    (RetryReason::Connect, "connect"),
    (RetryReason::Transport, "transport"),
    (RetryReason::Unknown, "unknown"),
];

/// Why a call that failed was not attempted again; that it succeeded is none.
pub(crate) const STOPS: [(StopReason, &str); 8] = [
    (StopReason::NotRetryable, "not_retryable"),
    (StopReason::Attempts, "attempts"),
    (StopReason::Budget, "budget"),
    (StopReason::Deadline, "deadline"),
    (StopReason::RetryAfterTooLong, "retry_after_too_long"),
    (StopReason::BodyNotRepeatable, "body_not_repeatable"),
    (StopReason::Cancelled, CANCELLED),
    (StopReason::NotReady, "not_ready"),
];

/// What a cache did that answered without an attempt.
pub(crate) const KEPT: [(CacheOutcome, &str); 3] = [
    (CacheOutcome::Hit, "hit"),
    (CacheOutcome::Stale, "stale"),
    (CacheOutcome::Collapsed, "collapsed"),
];

/// What a cache did that did not.
pub(crate) const FETCHED: [(CacheOutcome, &str); 3] = [
    (CacheOutcome::Revalidated, "revalidated"),
    (CacheOutcome::Miss, "miss"),
    (CacheOutcome::Bypass, "bypass"),
];

/// How a request fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Io(ErrorKind),
    /// An io error around one of this kind.
    Wrapped(ErrorKind),
    /// By an answer that a layer made an error of.
    Answered(u16),
    Odd,
}

/// A fault, and its word; for an answer it is the status.
pub(crate) const FAULTS: [(Fault, &str); 10] = [
    (Fault::Io(ErrorKind::TimedOut), "timeout"),
    (Fault::Io(ErrorKind::ConnectionRefused), "connect"),
    (Fault::Io(ErrorKind::HostUnreachable), "connect"),
    (Fault::Io(ErrorKind::ConnectionReset), "transport"),
    (Fault::Io(ErrorKind::UnexpectedEof), "transport"),
    (Fault::Wrapped(ErrorKind::TimedOut), "timeout"),
    (Fault::Wrapped(ErrorKind::BrokenPipe), "transport"),
    (Fault::Answered(429), "429"),
    (Fault::Answered(502), "502"),
    (Fault::Odd, OTHER),
];

/// What [`Fault`]s look like to layers.
#[derive(Debug, thiserror::Error)]
#[error("the request failed")]
pub(crate) struct TransportError(#[source] Option<Box<dyn Error + Send + Sync>>);

impl Fault {
    pub(crate) fn error(self) -> TransportError {
        TransportError(match self {
            Self::Io(kind) => Some(io::Error::from(kind).into()),
            Self::Wrapped(kind) => Some(io::Error::other(io::Error::from(kind)).into()),
            Self::Answered(status) => Some(answered(status).into()),
            Self::Odd => None,
        })
    }
}

pub(crate) fn answered(status: u16) -> ResponseError {
    ResponseError::new(StatusCode::from_u16(status).unwrap(), HeaderMap::new())
}
