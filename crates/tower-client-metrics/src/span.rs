//! Spans by OpenTelemetry's conventions for HTTP clients.
//!
//! At the level `DEBUG`: who listens for `INFO` hears of no call, since errors are told to the
//! caller already. No URL is shown, as paths and queries hold identifiers.

use std::cell::LazyCell;

use http::{Method, StatusCode};
use tower_client_call::Operation;
use tracing::Span;
use tracing::field::Empty;
use tracing::level_filters::LevelFilter;

use crate::bounded::OTHER;

/// A span, if somebody listens. Boxed: mostly nobody does, and it would be moved with each future.
pub(crate) type OpenSpan = Option<Box<Span>>;

/// A call, in which requests are sent. Not itself a request of the conventions, which are for what
/// goes out.
pub(crate) fn of_call(operation: Option<Operation>, method: &Method) -> OpenSpan {
    if !somebody_may_listen() {
        return None;
    }
    open(tracing::debug_span!(
        "call",
        otel.kind = "internal",
        otel.name = operation.map(Operation::name),
        url.template = operation.map(Operation::template),
        http.request.method = method.as_str(),
        http.response.status_code = Empty,
        error.type = Empty,
        otel.status_code = Empty,
    ))
}

/// What a span tells of a request that goes out.
pub(crate) struct Attempt<'a> {
    pub(crate) method: &'a str,
    pub(crate) original_method: &'a Method,
    pub(crate) server: (&'a str, Option<u16>),
    pub(crate) template: Option<&'a str>,
    /// How many went out before it for the same call.
    pub(crate) resend_count: u32,
}

/// A request that goes out.
pub(crate) fn of_attempt<'a>(attempt: impl FnOnce() -> Attempt<'a>) -> OpenSpan {
    if !somebody_may_listen() {
        return None;
    }
    // Fields of a span that nobody wants are not asked for.
    let it = LazyCell::new(attempt);
    open(tracing::debug_span!(
        "request",
        otel.kind = "client",
        otel.name = name(it.method, it.template),
        http.request.method = it.method,
        http.request.method_original = (it.method == OTHER).then_some(it.original_method.as_str()),
        http.request.resend_count = (it.resend_count > 0).then_some(it.resend_count),
        http.response.status_code = Empty,
        server.address = it.server.0,
        server.port = it.server.1,
        url.template = it.template,
        error.type = Empty,
        otel.status_code = Empty,
    ))
}

/// Tells whether any subscriber looks at this level at all.
fn somebody_may_listen() -> bool {
    LevelFilter::current() >= LevelFilter::DEBUG
}

fn open(span: Span) -> OpenSpan {
    (!span.is_disabled()).then(|| Box::new(span))
}

/// `{method} {template}`, by the conventions' section "Name".
fn name(method: &str, template: Option<&str>) -> String {
    let method = if method == OTHER { "HTTP" } else { method };
    template.map_or_else(
        || method.to_owned(),
        |template| format!("{method} {template}"),
    )
}

/// The head of the response has come, or an error: the span ends here, as the duration does.
#[inline] // 23 instructions of a request's 1,300
pub(crate) fn end(span: &mut OpenSpan, status: Option<StatusCode>, error_type: Option<&str>) {
    let Some(span) = span.take() else {
        return;
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Some(error_type) = error_type {
        span.record("error.type", error_type);
        span.record("otel.status_code", "ERROR");
    }
}
