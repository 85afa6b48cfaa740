//! The typed error.

use std::error::Error;
use std::fmt;
use std::time::{Duration, SystemTime};

use http::response::Parts;
use http::{HeaderMap, StatusCode};
use tower::BoxError;
use tower_client_call::{Captured, Delivery, Operation, ResponseError, retry_after};

use crate::{Call, Kind};

/// Names under which servers send the identifier of a request, the most telling first.
const REQUEST_IDS: [&str; 4] = [
    "x-request-id",
    "x-amzn-requestid",
    "request-id",
    "x-correlation-id",
];

/// A failed call.
///
/// One pointer wide, so that a `Result` with it is no larger than its `Ok`. `Display` and `Debug`
/// hold the operation's name, kind and status; no body, no header and no URL, which only the
/// accessors give.
///
/// `D` is what the API says about its errors, parsed: [`Problem`](crate::Problem) by default.
pub struct ApiError<D = crate::Problem>(Box<Inner<D>>);

struct Inner<D> {
    kind: Kind,
    operation: Option<Operation>,
    attempts: u32,
    elapsed: Duration,
    cause: Cause,
    detail: Option<D>,
}

enum Cause {
    Answered {
        response: ResponseError,
        body: Captured,
    },
    Failed(BoxError),
}

impl<D> ApiError<D> {
    /// Creates the error of a call that was answered.
    #[must_use]
    pub fn answered(call: &Call, kind: Kind, head: &Parts, body: Captured) -> Self {
        let response = ResponseError::new(head.status, head.headers.clone());
        Self::new(call, kind, Cause::Answered { response, body })
    }

    /// Creates the error of a call that was not.
    #[must_use]
    pub fn failed(call: &Call, kind: Kind, source: impl Into<BoxError>) -> Self {
        Self::new(call, kind, Cause::Failed(source.into()))
    }

    fn new(call: &Call, kind: Kind, cause: Cause) -> Self {
        call.note_kind(kind);
        Self(Box::new(Inner {
            kind,
            operation: call.operation(),
            attempts: call.attempts(),
            elapsed: call.elapsed(),
            cause,
            detail: None,
        }))
    }

    /// Adds what the API says about it.
    #[must_use]
    pub fn with_detail(mut self, detail: D) -> Self {
        self.0.detail = Some(detail);
        self
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Returns the kind's stable code, such as `RATE_LIMIT`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// Returns the status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(ResponseError::status)
    }

    /// Returns the headers, if there was an answer.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(ResponseError::headers)
    }

    /// Returns the server's identifier of the request, for its operators.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let headers = self.headers()?;
        let mut values = REQUEST_IDS.iter().filter_map(|name| headers.get(*name));
        values.find_map(|value| value.to_str().ok())
    }

    /// Returns the captured beginning of the body. It may hold anything: do not log it.
    #[must_use]
    pub fn body(&self) -> Option<&Captured> {
        match &self.0.cause {
            Cause::Answered { body, .. } => Some(body),
            Cause::Failed(_) => None,
        }
    }

    /// Returns what the API says about it.
    #[must_use]
    pub fn detail(&self) -> Option<&D> {
        self.0.detail.as_ref()
    }

    /// Returns how long the server asks to wait (RFC 9110 section 10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.headers()?, SystemTime::now())
    }

    /// Returns the operation, if the caller named one.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// Returns how often the call was attempted.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns how long the call took, from the error layer to the failure.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Returns whether the request can have reached the server.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        match &self.0.cause {
            Cause::Answered { .. } => Delivery::Answered,
            Cause::Failed(source) => Delivery::of(&**source),
        }
    }

    /// Tells whether the credentials were refused (401).
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.kind() == Kind::Authentication
    }

    /// Tells whether access was denied (403).
    #[must_use]
    pub fn is_access_denied(&self) -> bool {
        self.kind() == Kind::AccessDenied
    }

    /// Tells whether there is no such resource (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == Kind::NotFound
    }

    /// Tells whether it took too long, here or there.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == Kind::Timeout
    }

    /// Tells whether there were too many requests (429).
    #[must_use]
    pub fn is_rate_limit(&self) -> bool {
        self.kind() == Kind::RateLimit
    }

    /// Tells whether the server failed (5xx).
    #[must_use]
    pub fn is_server(&self) -> bool {
        self.kind() == Kind::Server
    }

    /// Tells whether no connection came up, or it broke.
    #[must_use]
    pub fn is_network(&self) -> bool {
        matches!(self.kind(), Kind::Connection | Kind::Network)
    }

    fn response(&self) -> Option<&ResponseError> {
        match &self.0.cause {
            Cause::Answered { response, .. } => Some(response),
            // A layer below has made an error of it already, or knows of one.
            Cause::Failed(source) => ResponseError::find(&**source),
        }
    }
}

impl<D> fmt::Display for ApiError<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{}: ", operation.name())?;
        }
        fmt::Display::fmt(&self.kind(), f)
    }
}

impl<D> fmt::Debug for ApiError<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("code", &self.code())
            .field("status", &self.status().map(|status| status.as_u16()))
            .field("operation", &self.operation().map(Operation::name))
            .field("attempts", &self.attempts())
            .field("elapsed", &self.elapsed())
            .field("delivery", &self.delivery())
            .finish_non_exhaustive()
    }
}

impl<D> Error for ApiError<D> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.cause {
            Cause::Answered { response, .. } => Some(response),
            Cause::Failed(source) => Some(&**source),
        }
    }
}
