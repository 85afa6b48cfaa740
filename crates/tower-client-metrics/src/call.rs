//! Calls as their caller sees them.

mod builder;
mod end;
mod history;
mod names;
mod prefix;
mod series;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use http::{Request, Response};
use http_body::Body;
use tokio::time::Instant;
use tower_client_call::{CallRecord, Operation};
use tracing::Span;

pub use self::builder::CallRecorderBuilder;
use self::end::End;
pub use self::prefix::{InvalidPrefix, Prefix};
use self::series::{At, Series};
use crate::bounded::OTHER;
use crate::span::{self, OpenSpan};
use crate::under_way::UnderWay;
use crate::{BodyEnding, BodyMeter, Instruments, Meter, Recorder};

/// Measures calls as their caller sees them: one call, however often it was attempted.
///
/// What the layers below have done is read from the [`CallRecord`], which this puts among the
/// request's facts if nobody else did; one that a caller brings is for one call. With the prefix
/// `http_call`, the default:
///
/// | metric | instrument | labels besides `operation` | meaning |
/// | --- | --- | --- | --- |
/// | `http_call_duration` | histogram, s | `status`, `kind` | until the response's head or the error |
/// | `http_call_total` | counter | `status`, `kind` | calls that ended |
/// | `http_call_active` | gauge | | calls under way, until the response's body has ended |
/// | `http_call_attempts_total` | counter | | calls and their retries; calls answered by a cache have none |
/// | `http_call_sends_total` | counter | | requests that went out, as an [`AttemptRecorder`](crate::AttemptRecorder) below counts them |
/// | `http_call_retries_total` | counter | `reason` | attempts after the first |
/// | `http_call_retry_stops_total` | counter | `reason` | failed calls, by why there was no further attempt |
/// | `http_call_replays_total` | counter | | requests sent again with another credential |
/// | `http_call_token_fetches_total` | counter | | credentials fetched for a call |
/// | `http_call_cache_total` | counter | `outcome` | what a cache did |
/// | `http_call_backoff` | histogram, s | | time lost waiting between attempts, if any |
/// | `http_call_credential_wait` | histogram, s | | time lost waiting for a credential, if any |
/// | `http_call_bodies_total` | counter | `ending` | bodies: `complete`, `error`, `aborted` |
///
/// `operation` is the name of the [`Operation`], `_OTHER` without one. `status` is `success` or
/// `error`; an error has a `kind`: what the layer that types errors calls it
/// ([`CallRecord::error_kind`]), or else the status of a 4xx or 5xx, `timeout`, `connect`,
/// `transport`, `_OTHER`; and `cancelled` if the caller left.
pub struct CallRecorder<I: Instruments>(Arc<Series<I>>);

impl<I: Instruments> CallRecorder<I> {
    /// Creates a recorder with the defaults.
    pub fn new(instruments: I) -> Self {
        Self::builder(instruments).build()
    }

    /// Returns a builder.
    pub fn builder(instruments: I) -> CallRecorderBuilder<I> {
        CallRecorderBuilder::new(instruments)
    }
}

impl<I: Instruments> Clone for CallRecorder<I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<I: Instruments> fmt::Debug for CallRecorder<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallRecorder").finish_non_exhaustive()
    }
}

impl<I: Instruments> Recorder for CallRecorder<I> {
    type Meter = CallMeter<I>;

    fn start<B: Body>(&self, request: &mut Request<B>) -> CallMeter<I> {
        let series = Arc::clone(&self.0);
        let operation = Operation::of(request);
        let operation_name = operation.map_or(OTHER, Operation::name);
        let span = span::of_call(operation, request.method());
        let record = CallRecord::find_or_insert(request.extensions_mut());
        let operation = series.of_operation(operation_name);
        CallMeter {
            at: UnderWay::new(At { series, operation }),
            record,
            started: Instant::now(),
            span,
        }
    }
}

/// The meter of [`CallRecorder`], until there is a response.
pub struct CallMeter<I: Instruments> {
    at: UnderWay<At<I>>,
    record: CallRecord,
    started: Instant,
    span: OpenSpan,
}

/// The meter of [`CallRecorder`] for a response's body.
pub struct CallBodyMeter<I: Instruments>(UnderWay<At<I>>);

impl<I: Instruments> CallMeter<I> {
    fn end(&mut self, end: End) {
        let seconds = self.started.elapsed().as_secs_f64();
        let verdict = end.verdict();
        self.at.record(verdict, seconds, &self.record);
        span::end(&mut self.span, end.status(), verdict.kind());
    }
}

impl<I: Instruments> Meter for CallMeter<I> {
    type Body = CallBodyMeter<I>;

    fn response<B>(mut self, response: &Response<B>) -> CallBodyMeter<I> {
        self.end(End::of_status(response.status()));
        CallBodyMeter(self.at)
    }

    fn error(mut self, error: &(dyn Error + 'static)) {
        self.end(End::of_error(error, &self.record));
    }

    fn cancelled(mut self) {
        self.end(End::CANCELLED);
    }

    fn span(&self) -> Option<&Span> {
        self.span.as_deref()
    }
}

impl<I: Instruments> BodyMeter for CallBodyMeter<I> {
    fn ended(self, ending: BodyEnding, _: u64) {
        self.0.record_body(ending);
    }
}

impl<I: Instruments> fmt::Debug for CallMeter<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallMeter")
            .field("started", &self.started)
            .finish_non_exhaustive()
    }
}

impl<I: Instruments> fmt::Debug for CallBodyMeter<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallBodyMeter").finish_non_exhaustive()
    }
}
