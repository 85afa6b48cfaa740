//! The layer around scripted services.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::response::Parts;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Full};
use proptest::prelude::*;
use tower::{BoxError, Layer, Service, ServiceExt, service_fn};
use tower_client_call::{
    CallRecord, Captured, Deadline, Delivery, Operation, ResponseError, RetryReason,
};
use tower_client_error::{ApiError, Call, ErrorLayer, Inspect, Kind, MapError};

/// Asks a service that gives this answer.
async fn answer<B>(response: Response<B>) -> Result<Response<Bytes>, ApiError>
where
    B: Body<Data = Bytes, Error: std::fmt::Debug> + Unpin + 'static,
{
    let mut response = Some(response);
    let service = service_fn(move |_: Request<()>| {
        let response = response.take().unwrap();
        async { Ok::<_, Infallible>(response) }
    });
    let response = ErrorLayer::default()
        .layer(service)
        .oneshot(Request::new(()))
        .await?;
    let (head, body) = response.into_parts();
    Ok(Response::from_parts(
        head,
        body.collect().await.unwrap().to_bytes(),
    ))
}

fn with_body(status: u16, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let response = Response::builder().status(status);
    response.body(Full::new(body.into())).unwrap()
}

async fn failure(error: impl Into<BoxError>) -> ApiError {
    let mut error = Some(error.into());
    let service = service_fn(move |_: Request<()>| {
        let error = error.take().unwrap();
        async { Err::<Response<Full<Bytes>>, BoxError>(error) }
    });
    let answer = ErrorLayer::default()
        .layer(service)
        .oneshot(Request::new(()))
        .await;
    answer.unwrap_err()
}

#[tokio::test]
async fn what_is_no_error_passes_untouched() {
    for status in [200, 202, 204, 206, 301, 304, 307] {
        let response = answer(with_body(status, "whole")).await.unwrap();

        assert_eq!(response.status(), status);
        assert_eq!(response.body(), "whole");
    }
}

#[tokio::test]
async fn an_error_has_status_headers_body_and_request_id() {
    let mut response = with_body(503, "<html>try later</html>");
    let headers = response.headers_mut();
    headers.insert("x-amzn-requestid", http::HeaderValue::from_static("r-7"));
    headers.insert("retry-after", http::HeaderValue::from_static("30"));

    let error = answer(response).await.unwrap_err();

    assert_eq!((error.kind(), error.code()), (Kind::Server, "SERVER_ERROR"));
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(error.request_id(), Some("r-7"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert_eq!(error.body().unwrap().bytes, "<html>try later</html>");
    assert_eq!(error.delivery(), Delivery::Answered);
    assert!(error.is_server() && error.detail().is_none());
}

#[tokio::test]
async fn a_problem_document_becomes_the_detail() {
    let mut response = with_body(403, r#"{"title": "out of credit", "balance": 30}"#);
    let media_type = http::HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert("content-type", media_type);

    let error = answer(response).await.unwrap_err();

    let problem = error.detail().unwrap();
    assert_eq!(problem.title.as_deref(), Some("out of credit"));
    assert_eq!(problem.extensions["balance"], 30);
}

#[tokio::test]
async fn the_facts_that_others_decide_by_stay_on_the_source_chain() {
    let error = answer(with_body(429, "")).await.unwrap_err();

    let response = ResponseError::find(&error).unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(Delivery::of(&error), Delivery::Answered);
}

/// A body that repeats one frame for ever, or stalls after it.
struct Endless {
    frame: Option<Bytes>,
    stalls: bool,
}

impl Body for Endless {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let frame = if self.stalls {
            self.frame.take()
        } else {
            self.frame.clone()
        };
        match frame {
            Some(frame) => Poll::Ready(Some(Ok(Frame::data(frame)))),
            None => Poll::Pending,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_body_is_bounded_in_size_and_time() {
    for (stalls, length) in [(false, 64 * 1024), (true, 10_000)] {
        let frame = Some(Bytes::from(vec![0xff; 10_000]));
        let start = tokio::time::Instant::now();

        let response = Response::builder()
            .status(500)
            .body(Endless { frame, stalls });
        let error = answer(response.unwrap()).await.unwrap_err();

        let body = error.body().unwrap();
        assert_eq!((body.bytes.len(), body.truncated), (length, true));
        assert!(start.elapsed() <= Duration::from_secs(5));
        assert_eq!(error.status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
        assert_eq!(error.elapsed(), start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_body_is_read_no_longer_than_the_call_has() {
    for (milliseconds, read) in [(1_000, 1_000), (0, 0), (60_000, 5_000)] {
        let stalling = service_fn(|_: Request<()>| async {
            let frame = Some(Bytes::from_static(b"so f"));
            let body = Endless {
                frame,
                stalls: true,
            };
            Response::builder().status(502).body(body)
        });
        let mut request = Request::new(());
        let deadline = Deadline::within(Duration::from_millis(milliseconds));
        request.extensions_mut().insert(deadline);
        let start = tokio::time::Instant::now();

        let answer = ErrorLayer::default().layer(stalling).oneshot(request).await;

        let error = answer.err().unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(read));
        assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
        assert_eq!(error.body().unwrap().bytes, "so f", "what was there");
    }
}

#[tokio::test]
async fn failures_without_an_answer_have_kinds_too() {
    let io = |kind| io::Error::from(kind);
    for (error, kind, delivery) in [
        (
            io(io::ErrorKind::ConnectionRefused),
            Kind::Connection,
            Delivery::NotSent,
        ),
        (
            io(io::ErrorKind::ConnectionReset),
            Kind::Network,
            Delivery::MaybeSent,
        ),
        (
            io(io::ErrorKind::TimedOut),
            Kind::Timeout,
            Delivery::MaybeSent,
        ),
    ] {
        let text = error.to_string();

        let error = failure(error).await;

        assert_eq!((error.kind(), error.delivery()), (kind, delivery));
        assert_eq!(error.source().unwrap().to_string(), text);
        assert!(error.status().is_none() && error.body().is_none());
    }
    assert_eq!(failure("a defect").await.code(), "INTERNAL_ERROR");
}

/// What is logged, as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn only_what_nobody_expects_is_logged_once_with_its_chain() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone());
    let guard = tracing::subscriber::set_default(subscriber.finish());

    failure(io::Error::from(io::ErrorKind::ConnectionReset)).await;
    failure(Delivery::MaybeSent.because("a defect")).await;
    drop(guard);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains("ERROR") && log.contains("a defect"), "{log}");
}

/// Never becomes ready.
struct Down;

impl Service<Request<()>> for Down {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = std::future::Pending<Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Err("down".into()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        panic!("called without being ready")
    }
}

#[tokio::test]
async fn a_service_that_is_not_ready_was_sent_nothing() {
    let error = ErrorLayer::default()
        .layer(Down)
        .oneshot(Request::new(()))
        .await
        .unwrap_err();

    assert_eq!(
        (error.kind(), error.delivery()),
        (Kind::Internal, Delivery::NotSent)
    );
    assert_eq!(Delivery::of(&error), Delivery::NotSent);
}

#[tokio::test]
async fn the_operation_and_the_attempts_are_told() {
    let service = service_fn(|_: Request<()>| async { Ok::<_, Infallible>(with_body(404, "")) });
    let mut request = Request::new(());
    request
        .extensions_mut()
        .insert(Operation::new("trip", "/v1/trips/{id}"));
    let record = CallRecord::find_or_insert(request.extensions_mut());
    record.count_retry(RetryReason::Server);

    let error = ErrorLayer::default()
        .layer(service)
        .oneshot(request)
        .await
        .unwrap_err();

    assert_eq!(error.to_string(), "trip: there is no such resource");
    assert_eq!(error.operation().unwrap().template(), "/v1/trips/{id}");
    assert_eq!(error.attempts(), 2);
}

/// Errors that an API hides in a 200: everything is looked at.
#[derive(Clone)]
struct Envelope;

impl MapError<Infallible> for Envelope {
    type Error = ApiError<()>;

    fn inspect(&self, _: &Call, _: &Parts) -> Inspect {
        Inspect::Capture {
            limit: 8,
            time_limit: Duration::from_secs(1),
        }
    }

    fn response(&self, call: &Call, head: &Parts, body: &Captured) -> Result<(), ApiError<()>> {
        if body.bytes.starts_with(b"error") {
            return Err(ApiError::answered(call, Kind::Api, head, body.clone()));
        }
        Ok(())
    }

    fn failure(&self, _: &Call, never: Infallible) -> ApiError<()> {
        match never {}
    }
}

#[tokio::test]
async fn an_error_inside_a_200_can_be_mapped_and_the_rest_is_whole() {
    for (body, error) in [
        ("error: out of fuel", true),
        ("a much longer answer", false),
    ] {
        let service =
            service_fn(
                move |_: Request<()>| async move { Ok::<_, Infallible>(with_body(200, body)) },
            );

        let answer = ErrorLayer::new(Envelope)
            .layer(service)
            .oneshot(Request::new(()))
            .await;

        assert_eq!(answer.is_err(), error, "{body}");
        if let Ok(answer) = answer {
            assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), body);
        }
    }
}

#[test]
fn an_error_is_one_pointer_wide_and_can_be_sent() {
    fn check<T: Error + Send + Sync + 'static>() {}
    check::<ApiError>();

    assert_eq!(size_of::<ApiError>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), ApiError>>(), size_of::<usize>());
}

proptest! {
    /// Secrets in every place where a server or a caller can put them are not shown.
    #[test]
    fn display_and_debug_hold_no_secret(
        status in 400_u16..600,
        secret in "[A-Z]{12,40}",
        as_problem in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let error = runtime.block_on(async {
            let body = format!(r#"{{"title": "{secret}", "detail": "{secret}", "x": "{secret}"}}"#);
            let media_type = if as_problem { "application/problem+json" } else { "text/html" };
            let response = Response::builder()
                .status(status)
                .header("content-type", media_type)
                .header("x-request-id", &secret)
                .header("set-cookie", &secret)
                .header("location", format!("/x?token={secret}"))
                .body(Full::new(Bytes::from(body)))
                .unwrap();
            answer(response).await.unwrap_err()
        });

        let mut shown = format!("{error} {error:?} {error:#?} {:?}", error.detail());
        let mut source = error.source();
        while let Some(error) = source {
            shown.push_str(&format!("{error} {error:?}"));
            source = error.source();
        }
        prop_assert!(!shown.contains(&secret), "{}", shown);
    }
}
