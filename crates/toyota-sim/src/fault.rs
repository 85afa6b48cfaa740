//! What can be made to go wrong with one request.

mod plan;
#[cfg(test)]
mod tests;
mod word;

use std::{
    fmt,
    ops::RangeInclusive,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, TRANSFER_ENCODING},
};
use serde_json::Value;

pub(crate) use self::plan::FaultPlan;
use crate::{api::envelope, clock, random::Random, reply, reply::Reply};

const HTML: &str = include_str!("../data/cloudfront.html");

/// What happens to one request instead of the ordinary.
///
/// Made by a constructor and refined by consuming modifiers, as in
/// `Fault::status(StatusCode::SERVICE_UNAVAILABLE).retry_after_seconds(2)`. Headers and bodies
/// that the modifiers set apply to every fault that sends an answer.
///
/// Whether the request takes effect follows from where the fault is thought to happen:
///
/// | fault | where | effect |
/// | --- | --- | --- |
/// | [`pass`](Self::pass) | nowhere | yes |
/// | [`status`](Self::status), [`json`](Self::json), [`gateway`](Self::gateway), [`html`](Self::html) | in front of the service, whatever the status | no |
/// | [`reset_before_read`](Self::reset_before_read) | on the way there | no |
/// | [`reset_after_read`](Self::reset_after_read), [`truncated`](Self::truncated), [`slow`](Self::slow), [`endless`](Self::endless), [`garbage_body`](Self::garbage_body), [`garbage_wire`](Self::garbage_wire) | on the way back | yes |
///
/// Latency ([`after`](Self::after), [`after_between`](Self::after_between)) changes nothing about it. A request that the service refuses
/// takes none anyway.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    kind: Kind,
    latency: RangeInclusive<Duration>,
    headers: HeaderMap,
    body: Option<Bytes>,
    retry_after: Option<RetryAfter>,
}

/// The ways to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Pass,
    Status(StatusCode),
    ResetBeforeRead,
    ResetAfterRead,
    Truncated,
    Slow { every: Duration },
    Endless { every: Duration },
    GarbageBody,
    GarbageWire,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RetryAfter {
    Seconds(u64),
    Date(Duration),
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            latency: Duration::ZERO..=Duration::ZERO,
            headers: HeaderMap::new(),
            body: None,
            retry_after: None,
        }
    }

    /// Creates no fault at all: the request is served.
    ///
    /// It stands before other faults in a script, and carries a latency, headers or another body.
    #[must_use]
    pub fn pass() -> Self {
        Self::new(Kind::Pass)
    }

    /// Creates an answer with this status and an empty body; the request takes no effect.
    #[must_use]
    pub fn status(status: StatusCode) -> Self {
        Self::new(Kind::Status(status))
    }

    /// Creates an answer with this status and a JSON body; the request takes no effect.
    #[must_use]
    pub fn json(status: StatusCode, body: &Value) -> Self {
        Self::status(status)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body.to_string())
    }

    /// Creates an error of the API's gateway, such as `APIGW-403` with `Unauthorized`; the request
    /// takes no effect.
    #[must_use]
    pub fn gateway(status: StatusCode, response_code: &str, detailed_description: &str) -> Self {
        Self::json(
            status,
            &envelope::error(response_code, detailed_description, detailed_description),
        )
    }

    /// What the gateway says to one request too many.
    pub(crate) fn throttled() -> Self {
        Self::gateway(StatusCode::TOO_MANY_REQUESTS, "APIGW-403", "Unauthorized")
    }

    /// Creates an HTML page as a content delivery network sends it; the request takes no effect.
    #[must_use]
    pub fn html(status: StatusCode) -> Self {
        Self::status(status)
            .header(CONTENT_TYPE, HeaderValue::from_static("text/html"))
            .body(HTML)
    }

    /// Creates a reset of the TCP connection once the request's head has been read.
    ///
    /// Its body is not read and it takes no effect.
    #[must_use]
    pub fn reset_before_read() -> Self {
        Self::new(Kind::ResetBeforeRead)
    }

    /// Creates a reset of the TCP connection once the request has been read and taken effect.
    #[must_use]
    pub fn reset_after_read() -> Self {
        Self::new(Kind::ResetAfterRead)
    }

    /// Creates an answer with its full `content-length` but only half its body, after which the
    /// connection is closed; the request takes effect.
    ///
    /// An answer without a body is sent whole. Over HTTP/2 less than half may arrive.
    #[must_use]
    pub fn truncated() -> Self {
        Self::new(Kind::Truncated)
    }

    /// Creates an answer that comes in ten pieces, one after each interval; the request takes effect.
    #[must_use]
    pub fn slow(every: Duration) -> Self {
        Self::new(Kind::Slow { every })
    }

    /// Creates a 200 whose JSON body begins and never ends: a kilobyte of blanks at each interval,
    /// or as fast as they are taken if the interval is zero; the request takes effect.
    #[must_use]
    pub fn endless(every: Duration) -> Self {
        Self::new(Kind::Endless { every })
    }

    /// Creates a 200 that claims to be JSON and is noise; the request takes effect.
    #[must_use]
    pub fn garbage_body() -> Self {
        Self::new(Kind::GarbageBody)
    }

    /// Creates noise where the answer's first byte should be, after which the connection is
    /// closed; the request takes effect.
    #[must_use]
    pub fn garbage_wire() -> Self {
        Self::new(Kind::GarbageWire)
    }

    /// Holds back what the client notices, be it an answer or a reset.
    ///
    /// What the request does has been done before the wait.
    #[must_use]
    pub fn after(self, latency: Duration) -> Self {
        self.after_between(latency..=latency)
    }

    /// Holds back what the client notices for a time of this range, drawn for each request by the
    /// simulator's seed.
    #[must_use]
    pub fn after_between(mut self, latency: RangeInclusive<Duration>) -> Self {
        self.latency = latency;
        self
    }

    /// Replaces the answer's body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Adds a header to the answer, in place of what the answer says under that name.
    ///
    /// `content-length` and `transfer-encoding` are the simulator's own and left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if name != CONTENT_LENGTH && name != TRANSFER_ENCODING {
            self.headers.append(name, value);
        }
        self
    }

    /// Adds a `retry-after` header that counts seconds.
    #[must_use]
    pub fn retry_after_seconds(mut self, seconds: u64) -> Self {
        self.retry_after = Some(RetryAfter::Seconds(seconds));
        self
    }

    /// Adds a `retry-after` header that names a date, counted from the simulator's time when the
    /// answer is made.
    #[must_use]
    pub fn retry_after_date(mut self, from_now: Duration) -> Self {
        self.retry_after = Some(RetryAfter::Date(from_now));
        self
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the latency, of a fault that has been [settled](Self::settled).
    pub(crate) fn latency(&self) -> Duration {
        *self.latency.start()
    }

    /// Draws what was left to chance.
    pub(crate) fn settled(self, dice: &mut Random) -> Self {
        if self.latency.start() >= self.latency.end() {
            return self;
        }
        let (shortest, longest) = (*self.latency.start(), *self.latency.end());
        let drawn = (longest - shortest).mul_f64(dice.unit());
        self.after(shortest.saturating_add(drawn))
    }

    /// Returns `reply` with this fault's body and headers.
    pub(crate) fn overlay(self, mut reply: Reply, now: SystemTime) -> Reply {
        if let Some(body) = self.body {
            *reply.body_mut() = body;
        }
        reply.headers_mut().extend(self.headers);
        match self.retry_after {
            None => {}
            Some(RetryAfter::Seconds(seconds)) => {
                reply
                    .headers_mut()
                    .insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            Some(RetryAfter::Date(from_now)) => {
                let date = httpdate::fmt_http_date(clock::later(now, from_now));
                reply::set_header(&mut reply, RETRY_AFTER, &date);
            }
        }
        reply
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("kind", &self.kind)
            .field("latency", &self.latency)
            .finish_non_exhaustive()
    }
}
