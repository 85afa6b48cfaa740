//! What a policy decides upon: one attempt and what came of it.

use std::cell::OnceCell;
use std::error::Error;
use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, request};
use tokio::time::Instant;
use tower_client_call::{
    Attempt, Captured, Delivery, DeliveryError, Idempotency, Operation, RequestHead, ResponseError,
    retry_after,
};

/// One attempt and what came of it.
///
/// A status or a header can come with a response or with an error that a layer below made of one:
/// [`status`](Self::status), [`headers`](Self::headers) and [`retry_after`](Self::retry_after) are
/// the same for both.
pub struct Attempted<'a> {
    request: Sent<'a>,
    outcome: Outcome<'a>,
    attempt: Attempt,
    times: Times,
}

/// A copy of the request is made when somebody asks for it: most policies do not.
enum Sent<'a> {
    Whole(&'a request::Parts),
    Kept(&'a RequestHead, OnceCell<Box<request::Parts>>),
}

/// Given, or looked at when asked for: most policies do not ask.
#[derive(Clone, Copy)]
enum Times {
    Given(Duration, Option<Duration>),
    Since(Option<Instant>, Option<Instant>),
}

/// What came of an attempt.
#[derive(Clone, Copy)]
pub enum Outcome<'a> {
    /// A response.
    Response {
        /// Its status.
        status: StatusCode,
        /// Its headers.
        headers: &'a HeaderMap,
        /// The beginning of its body, if the policy asked for it ([`Policy::peek`]).
        ///
        /// [`Policy::peek`]: crate::Policy::peek
        peek: Option<&'a Captured>,
    },
    /// No response, or one that a layer below turned into an error.
    Error(&'a (dyn Error + 'static)),
}

impl<'a> Attempted<'a> {
    /// Creates the first attempt at a request, with what came of it at once.
    #[must_use]
    pub fn new(request: &'a request::Parts, outcome: Outcome<'a>) -> Self {
        Self {
            request: Sent::Whole(request),
            outcome,
            attempt: Attempt::FIRST,
            times: Times::Given(Duration::ZERO, None),
        }
    }

    /// Creates an attempt at a call that began and ends at these instants.
    #[inline]
    pub(crate) fn since(
        request: &'a RequestHead,
        outcome: Outcome<'a>,
        attempt: Attempt,
        started: Option<Instant>,
        deadline: Option<Instant>,
    ) -> Self {
        Self {
            request: Sent::Kept(request, OnceCell::new()),
            outcome,
            attempt,
            times: Times::Since(started, deadline),
        }
    }

    /// Sets the number of the attempt.
    #[must_use]
    pub fn attempt_number(self, attempt: Attempt) -> Self {
        Self { attempt, ..self }
    }

    /// Sets the time since the call began, and the time that is left to it if it has a deadline.
    #[must_use]
    pub fn times(self, elapsed: Duration, remaining: Option<Duration>) -> Self {
        let times = Times::Given(elapsed, remaining);
        Self { times, ..self }
    }

    /// Returns the request without its body.
    #[must_use]
    pub fn request(&self) -> &request::Parts {
        match &self.request {
            Sent::Whole(head) => head,
            Sent::Kept(kept, head) => head.get_or_init(|| Box::new(kept.with(()).into_parts().0)),
        }
    }

    /// Returns what came of it.
    #[must_use]
    pub fn outcome(&self) -> Outcome<'a> {
        self.outcome
    }

    /// Returns the number of the attempt, from 1.
    #[must_use]
    pub fn attempt(&self) -> Attempt {
        self.attempt
    }

    /// Returns the time since the call began; none if it was answered at once.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        match self.times {
            Times::Given(elapsed, _) => elapsed,
            Times::Since(started, _) => started.map_or(Duration::ZERO, |started| started.elapsed()),
        }
    }

    /// Returns the time that is left to the call; `None` if it has no deadline.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        match self.times {
            Times::Given(_, remaining) => remaining,
            Times::Since(_, deadline) => {
                deadline.map(|end| end.saturating_duration_since(Instant::now()))
            }
        }
    }

    /// Returns the operation, if the caller named one.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        match &self.request {
            Sent::Whole(head) => Operation::find(&head.extensions),
            Sent::Kept(kept, _) => kept.get().copied(),
        }
    }

    /// Returns whether the request may be received twice.
    #[must_use]
    pub fn idempotency(&self) -> Idempotency {
        Idempotency::of_head(self.request())
    }

    /// Returns whether the request can have reached the server.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        match self.outcome {
            Outcome::Response { .. } => Delivery::Answered,
            Outcome::Error(error) => Delivery::of(error),
        }
    }

    /// Returns the status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|(status, _)| status)
    }

    /// Returns the headers of the answer, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&'a HeaderMap> {
        self.answer().map(|(_, headers)| headers)
    }

    /// Returns the beginning of the answer's body, as far as it was read.
    #[must_use]
    pub fn peek(&self) -> Option<&'a Captured> {
        match self.outcome {
            Outcome::Response { peek, .. } => peek,
            Outcome::Error(_) => None,
        }
    }

    /// Returns how long the answer asks to wait (RFC 9110 section 10.2.3), or the error of a layer
    /// below ([`DeliveryError::after`]). The local clock plays a
    /// part only where a date comes without the answer's own `Date`.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match (self.answer(), self.outcome) {
            (Some((_, headers)), _) => retry_after(headers, SystemTime::now()),
            (None, Outcome::Error(error)) => DeliveryError::wait_of(error),
            (None, Outcome::Response { .. }) => None,
        }
    }

    /// Returns how long the origin asks everyone like us to stay away: `Retry-After` with a 429 or
    /// a 503.
    pub(crate) fn throttle(&self) -> Option<Duration> {
        let throttled = self.status().is_some_and(is_throttle);
        throttled.then(|| self.retry_after()).flatten()
    }

    pub(crate) fn answer(&self) -> Option<(StatusCode, &'a HeaderMap)> {
        match self.outcome {
            Outcome::Response {
                status, headers, ..
            } => Some((status, headers)),
            Outcome::Error(error) => {
                ResponseError::find(error).map(|answer| (answer.status(), answer.headers()))
            }
        }
    }
}

/// Tells whether a status says "not now" of the origin, and not of the request.
pub(crate) fn is_throttle(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    )
}

/// Tells whether a status says that the call failed.
pub(crate) fn is_failure(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// Shows no header: not all that are secret are marked so.
impl fmt::Debug for Attempted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempted")
            .field("method", &self.request().method)
            .field("outcome", &self.outcome)
            .field("attempt", &self.attempt.number())
            .field("elapsed", &self.elapsed())
            .field("remaining", &self.remaining())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response { status, .. } => f.debug_tuple("Response").field(status).finish(),
            Self::Error(error) => f.debug_tuple("Error").field(error).finish(),
        }
    }
}
