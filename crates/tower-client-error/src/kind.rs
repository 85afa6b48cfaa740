//! The kinds of failed calls.

use std::fmt;

use http::StatusCode;
use tower_client_call::{Failure, ResponseError};

/// What kind of failure a call had. Each has a stable [`code`](Self::code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// 401. A repeat does not help without another credential.
    Authentication,
    /// 403. A repeat does not help.
    AccessDenied,
    /// 404. A repeat does not help.
    NotFound,
    /// 408, or nobody waited longer. An idempotent call may be repeated.
    Timeout,
    /// 409 or 412. Read again, then decide.
    Conflict,
    /// 400 or 422. A repeat does not help.
    InvalidRequest,
    /// 429. Repeat later.
    RateLimit,
    /// 5xx. An idempotent call may be repeated.
    Server,
    /// Any other response that is an error.
    Api,
    /// No connection came up. Nothing was sent: any call may be repeated.
    Connection,
    /// The connection broke. An idempotent call may be repeated.
    Network,
    /// Something that no network brings forth: a layer's own error, or a defect.
    Internal,
}

impl Kind {
    /// Returns the kind of a response that is an error.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Authentication,
            403 => Self::AccessDenied,
            404 => Self::NotFound,
            408 => Self::Timeout,
            409 | 412 => Self::Conflict,
            400 | 422 => Self::InvalidRequest,
            429 => Self::RateLimit,
            500..=599 => Self::Server,
            _ => Self::Api,
        }
    }

    /// Returns the kind of a failure that brought no answer, and logs one that nobody expects.
    #[must_use]
    pub fn of_failure(error: &(dyn std::error::Error + 'static)) -> Self {
        if let Some(answer) = ResponseError::find(error) {
            return Self::of_status(answer.status());
        }
        match Failure::of(error) {
            Failure::Timeout => Self::Timeout,
            Failure::Connect => Self::Connection,
            Failure::Transport => Self::Network,
            _ => {
                tracing::error!(error, "a call failed in an unexpected way");
                Self::Internal
            }
        }
    }

    /// Returns the code: the same in every version, for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Authentication => "AUTH_FAILED",
            Self::AccessDenied => "ACCESS_DENIED",
            Self::NotFound => "NOT_FOUND",
            Self::Timeout => "TIMEOUT",
            Self::Conflict => "CONFLICT",
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::RateLimit => "RATE_LIMIT",
            Self::Server => "SERVER_ERROR",
            Self::Api => "API_ERROR",
            Self::Connection => "CONNECTION_ERROR",
            Self::Network => "NETWORK_ERROR",
            Self::Internal => "INTERNAL_ERROR",
        }
    }

    /// Returns the word for it in metrics.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::AccessDenied => "access_denied",
            Self::NotFound => "not_found",
            Self::Timeout => "timeout",
            Self::Conflict => "conflict",
            Self::InvalidRequest => "invalid_request",
            Self::RateLimit => "rate_limit",
            Self::Server => "server",
            Self::Api => "api",
            Self::Connection => "connection",
            Self::Network => "network",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Authentication => "the credentials were refused",
            Self::AccessDenied => "access was denied",
            Self::NotFound => "there is no such resource",
            Self::Timeout => "the call took too long",
            Self::Conflict => "the call conflicts with the state of the resource",
            Self::InvalidRequest => "the request is invalid",
            Self::RateLimit => "too many requests",
            Self::Server => "the server failed",
            Self::Api => "the call was refused",
            Self::Connection => "no connection to the server",
            Self::Network => "the connection to the server broke",
            Self::Internal => "an unexpected failure",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_code() {
        for (status, code) in [
            (400, "INVALID_REQUEST"),
            (401, "AUTH_FAILED"),
            (402, "API_ERROR"),
            (403, "ACCESS_DENIED"),
            (404, "NOT_FOUND"),
            (408, "TIMEOUT"),
            (409, "CONFLICT"),
            (412, "CONFLICT"),
            (418, "API_ERROR"),
            (422, "INVALID_REQUEST"),
            (429, "RATE_LIMIT"),
            (500, "SERVER_ERROR"),
            (503, "SERVER_ERROR"),
            (599, "SERVER_ERROR"),
            (200, "API_ERROR"),
        ] {
            let status = StatusCode::from_u16(status).unwrap();

            assert_eq!(Kind::of_status(status).code(), code, "{status}");
        }
    }
}
