//! Requests as they go out, measured by OpenTelemetry's conventions for HTTP clients.

mod names;
mod place;
mod reply;
mod series;
mod target;

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::{Method, Request, Response};
use http_body::Body;
use tokio::time::Instant;
use tower_client_call::{Attempt, CallEvent, CallRecord};
use tracing::Span;

use self::reply::Reply;
use self::series::{At, OfReply, Series};
use self::target::Target;
use crate::failure::CANCELLED;
use crate::limits::Limits;
use crate::span::{self, OpenSpan};
use crate::under_way::UnderWay;
use crate::{BodyEnding, BodyMeter, Instruments, Meter, Recorder};

/// Measures each request that goes out, by OpenTelemetry's conventions for HTTP clients.
///
/// | metric | instrument | unit | recorded |
/// | --- | --- | --- | --- |
/// | `http.client.request.duration` | histogram | s | when the response's head has come, or the request failed or was cancelled |
/// | `http.client.active_requests` | gauge | requests | until the response's body has ended |
/// | `http.client.request.body.size` | histogram | bytes | with the response's head, if there is content of known size |
/// | `http.client.response.body.size` | histogram | bytes | when the body has ended, however it did |
///
/// Their labels are `http.request.method` (`_OTHER` for those not
/// [known](AttemptRecorderBuilder::known_methods)), `server.address`, `server.port`,
/// `url.template` (of the [`Operation`](tower_client_call::Operation), if the caller named one)
/// and, but for the gauge, `http.response.status_code`, `network.protocol.version` and
/// `error.type`: the status of a 4xx or 5xx, `timeout`, `connect`, `transport`, `cancelled`, or
/// `_OTHER`. No label is ever a path.
pub struct AttemptRecorder<I: Instruments>(Arc<Series<I>>);

impl<I: Instruments> AttemptRecorder<I> {
    /// Creates a recorder with the defaults.
    pub fn new(instruments: I) -> Self {
        Self::builder(instruments).build()
    }

    /// Returns a builder.
    pub fn builder(instruments: I) -> AttemptRecorderBuilder<I> {
        AttemptRecorderBuilder {
            instruments,
            known_methods: known_methods(),
            limits: Limits::default(),
        }
    }
}

impl<I: Instruments> Clone for AttemptRecorder<I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<I: Instruments> fmt::Debug for AttemptRecorder<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptRecorder").finish_non_exhaustive()
    }
}

/// Builds an [`AttemptRecorder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct AttemptRecorderBuilder<I> {
    instruments: I,
    known_methods: Vec<Method>,
    limits: Limits,
}

impl<I: Instruments> AttemptRecorderBuilder<I> {
    /// Sets which methods are told apart, instead of those of RFC 9110, `PATCH` (RFC 5789) and
    /// `QUERY`; all others are `_OTHER`. For WebDAV and the like.
    pub fn known_methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.known_methods = methods.into_iter().collect();
        self
    }

    /// Sets how many values a label can have; all further ones are `_OTHER`. Default: 200.
    pub fn most_values(mut self, values: usize) -> Self {
        self.limits.values = values;
        self
    }

    /// Sets how many series a metric can have; all further ones are one for successes and one for
    /// errors, with every other label `_OTHER`. Default: 2,000.
    pub fn most_series(mut self, series: usize) -> Self {
        self.limits.series = series;
        self
    }

    /// Returns the recorder.
    pub fn build(self) -> AttemptRecorder<I> {
        let series = Series::new(self.instruments, self.known_methods, self.limits);
        AttemptRecorder(Arc::new(series))
    }
}

fn known_methods() -> Vec<Method> {
    let query = Method::from_bytes(b"QUERY").ok();
    let registered = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::HEAD,
        Method::OPTIONS,
        Method::CONNECT,
        Method::TRACE,
    ];
    registered.into_iter().chain(query).collect()
}

impl<I: Instruments> Recorder for AttemptRecorder<I> {
    type Meter = AttemptMeter<I>;

    fn start<B: Body>(&self, request: &mut Request<B>) -> AttemptMeter<I> {
        let series = &self.0;
        let target = series.of_target(Target::of(request, &series.known_methods));
        let resend_count = resend_count(request);
        let telling = Telling::of(request);
        let span = span::of_attempt(|| span::Attempt {
            method: &target.place.method,
            original_method: request.method(),
            server: (&target.place.server.address, target.place.server.port),
            template: target.place.template,
            resend_count,
        });
        let request_size = size(request);
        let series = Arc::clone(series);
        AttemptMeter {
            at: UnderWay::new(At { series, target }),
            started: Instant::now(),
            request_size,
            span,
            telling,
        }
    }
}

/// How many requests went out for the same call before this one.
fn resend_count<B>(request: &Request<B>) -> u32 {
    let record = CallRecord::find(request.extensions());
    let before = record.map(CallRecord::count_send);
    before.unwrap_or_else(|| Attempt::of(request).number() - 1)
}

/// The size of a body, as far as it is known before it is sent; 0 if it is not, or there is none.
fn size<B: Body>(request: &Request<B>) -> u64 {
    let exact = request.body().size_hint().exact();
    exact.or_else(|| content_length(request)).unwrap_or(0)
}

fn content_length<B>(request: &Request<B>) -> Option<u64> {
    let length = request.headers().get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// The meter of [`AttemptRecorder`], until there is a response.
pub struct AttemptMeter<I: Instruments> {
    at: UnderWay<At<I>>,
    started: Instant,
    request_size: u64,
    span: OpenSpan,
    telling: Option<Telling>,
}

/// Where the story of the call is told, if it is.
struct Telling {
    record: CallRecord,
    attempt: u32,
}

/// The meter of [`AttemptRecorder`] for a response's body.
pub struct AttemptBodyMeter<I: Instruments> {
    at: UnderWay<At<I>>,
    of: Arc<OfReply<I>>,
}

impl<I: Instruments> AttemptMeter<I> {
    fn end(&mut self, reply: Reply) -> Arc<OfReply<I>> {
        let series = &self.at.series;
        let of = series.of_reply(&self.at.target, reply);
        let took = self.started.elapsed();
        series.instruments.record(&of.duration, took.as_secs_f64());
        if let Some(telling) = &self.telling {
            telling.tell(reply, took);
        }
        span::end(&mut self.span, reply.status(), reply.error_type());
        of
    }
}

impl Telling {
    fn of<B>(request: &Request<B>) -> Option<Self> {
        let record = CallRecord::find(request.extensions());
        let record = record.filter(|record| record.is_telling())?.clone();
        let attempt = Attempt::of(request).number();
        Some(Self { record, attempt })
    }

    fn tell(&self, reply: Reply, took: Duration) {
        let attempt = self.attempt;
        self.record.tell(match (reply.status(), reply) {
            (Some(status), _) => CallEvent::Answered {
                attempt,
                status,
                took,
            },
            (None, Reply::Failure(error_type)) => CallEvent::Unanswered {
                attempt,
                error_type,
                took,
            },
            (None, _) => return,
        });
    }
}

impl<I: Instruments> Meter for AttemptMeter<I> {
    type Body = AttemptBodyMeter<I>;

    fn response<B>(mut self, response: &Response<B>) -> AttemptBodyMeter<I> {
        let of = self.end(Reply::of(response));
        if self.request_size > 0 {
            self.at.series.record_request_size(&of, self.request_size);
        }
        AttemptBodyMeter { at: self.at, of }
    }

    fn error(mut self, error: &(dyn Error + 'static)) {
        self.end(Reply::of_error(error));
    }

    fn cancelled(mut self) {
        self.end(Reply::Failure(CANCELLED));
    }

    fn span(&self) -> Option<&Span> {
        self.span.as_deref()
    }
}

impl<I: Instruments> BodyMeter for AttemptBodyMeter<I> {
    fn ended(self, _: BodyEnding, bytes: u64) {
        self.at.series.record_response_size(&self.of, bytes);
    }
}

impl<I: Instruments> fmt::Debug for AttemptMeter<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptMeter")
            .field("started", &self.started)
            .finish_non_exhaustive()
    }
}

impl<I: Instruments> fmt::Debug for AttemptBodyMeter<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptBodyMeter").finish_non_exhaustive()
    }
}
