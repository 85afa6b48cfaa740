//! Defects that were found once.

use std::convert::Infallible;
use std::future::{pending, ready};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_client_call::{CallRecord, Operation, ResponseError, RetryReason};
use tower_client_metrics::{CallRecorder, MetricsLayer};

use crate::book::{ACTIVE, Book, CALLS, DURATION};
use crate::capture::Capture;
use crate::frames::Frames;
use crate::kit::{Always, Call, URI, answer, get, measured, poll, send, trip};

#[tokio::test(start_paused = true)]
async fn the_service_below_is_called_inside_the_span() {
    let capture = Capture::of_all();
    let service = measured(&Book::default(), Always(200));

    drop(service.oneshot(trip()).await.unwrap());

    assert_eq!(capture.spans("request")[0].inside, ["call"]);
}

#[tokio::test(start_paused = true)]
async fn a_future_below_is_dropped_inside_the_span() {
    struct Tells;
    impl Drop for Tells {
        fn drop(&mut self) {
            tracing::debug!("leaving");
        }
    }
    let capture = Capture::of_all();
    let service = service_fn(|_: Call| async move {
        let _tells = Tells;
        pending::<io::Result<Response<Frames>>>().await
    });
    let mut service = MetricsLayer::call(Book::default()).layer(service);

    let mut future = Box::pin(service.call(trip()));
    assert!(poll(future.as_mut()).is_pending());
    drop(future);

    let events = capture.heard();
    let event = events.iter().find(|it| it.name == "event").unwrap();
    assert_eq!(event.inside, ["call"]);
}

#[tokio::test(start_paused = true)]
async fn who_listens_for_spans_only_hears_of_requests() {
    let capture = Capture::of(|it| it.is_span());
    let service = measured(&Book::default(), Always(200));

    drop(service.oneshot(trip()).await.unwrap());

    assert_eq!(capture.spans("call").len(), 1);
    assert_eq!(capture.spans("request").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn successes_beyond_the_bounds_are_no_errors() {
    for (values, series) in [(0, 2000), (200, 0)] {
        let book = Book::default();
        let recorder = CallRecorder::builder(book.clone())
            .most_values(values)
            .most_series(series);
        let service = MetricsLayer::new(recorder.build()).layer(Always(200));

        drop(service.oneshot(trip()).await.unwrap());

        let status = book.label(CALLS, "status");
        assert_ne!(status.as_deref(), Some("error"), "{values} {series}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_after_many_kinds_of_errors_is_one() {
    let book = Book::default();
    let service = service_fn(|request: Call| {
        let status = request.extensions().get::<StatusCode>().unwrap().as_u16();
        ready(Ok::<_, Infallible>(answer(status)))
    });
    let mut service = MetricsLayer::call(book.clone()).layer(service);

    for status in (400..600).chain([200]) {
        let mut request = trip();
        let status = StatusCode::from_u16(status).unwrap();
        request.extensions_mut().insert(status);
        drop(service.call(request).await.unwrap());
    }

    assert_eq!(book.values(CALLS, "operation=trip,status=success"), [1.0]);
}

#[tokio::test(start_paused = true)]
async fn the_bound_of_series_holds_for_every_metric_of_a_call() {
    let book = Book::default();
    let recorder = CallRecorder::builder(book.clone()).most_series(10).build();
    let service = service_fn(|request: Call| {
        let record = CallRecord::find(request.extensions()).unwrap();
        record.count_retry(RetryReason::Server);
        record.count_retry(RetryReason::Timeout);
        ready(Ok::<_, Infallible>(answer(200)))
    });
    let mut service = MetricsLayer::new(recorder).layer(service);

    for number in 0..100 {
        drop(service.call(named(number)).await.unwrap());
    }

    for metric in book.metrics().into_keys() {
        assert!(book.series(&metric).len() <= 11, "{metric}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_header_that_is_no_authority_shows_nothing() {
    for host in [
        "api.example/s3cret",
        "api.example?token=s3cret",
        "api.example s3cret",
        "api.example:s3cret",
    ] {
        let book = Book::default();
        let mut request = get("/v1");
        let value = HeaderValue::from_static(host);
        request.headers_mut().insert(HOST, value);

        send(&book, Always(200), request).await;

        let shown = book.label(DURATION, "server.address").unwrap();
        assert!(!shown.contains("s3cret"), "{host}: {shown}");
    }
}

#[test]
fn a_request_whose_size_hint_panics_is_not_under_way() {
    let book = Book::default();
    let origin = service_fn(|_: Request<BadHint>| ready(Ok::<_, Infallible>(answer(200))));
    let mut service = MetricsLayer::attempt(book.clone()).layer(origin);
    let request = Request::get(URI).body(BadHint).unwrap();

    let result = catch_unwind(AssertUnwindSafe(|| drop(service.call(request))));

    assert!(result.is_err());
    assert_eq!(book.sum(ACTIVE), 0.0);
}

#[tokio::test(start_paused = true)]
async fn an_error_made_of_a_good_answer_has_a_type() {
    let book = Book::default();
    let service = service_fn(|_: Call| {
        let answer = ResponseError::new(StatusCode::OK, HeaderMap::new());
        ready(Err::<Response<Frames>, _>(io::Error::other(answer)))
    });
    let service = MetricsLayer::attempt(book.clone()).layer(service);

    service.oneshot(trip()).await.unwrap_err();

    let kind = book.label(DURATION, "error.type");
    assert_eq!(kind.as_deref(), Some("_OTHER"));
}

#[tokio::test(start_paused = true)]
async fn calls_without_an_operation_and_those_beyond_the_bound_share_their_instruments() {
    let book = Book::default();
    let recorder = CallRecorder::builder(book.clone()).most_values(3).build();
    let mut service = MetricsLayer::new(recorder).layer(Always(200));

    drop(service.call(get(URI)).await.unwrap());
    for number in 0..5 {
        drop(service.call(named(number)).await.unwrap());
    }

    for (key, made) in book.makings() {
        assert_eq!(made, 1, "{key:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn series_of_what_never_happened_are_never_made() {
    let book = Book::default();
    let recorder = CallRecorder::builder(book.clone()).most_values(1).build();
    let mut service = MetricsLayer::new(recorder).layer(Always(200));

    for number in 0..3 {
        drop(service.call(named(number)).await.unwrap());
    }

    for labels in book.series(CALLS) {
        assert!(!book.values(CALLS, &labels).is_empty(), "{labels}");
    }
}

fn named(number: usize) -> Call {
    let mut request = get(URI);
    let name = format!("name {number}").leak();
    request.extensions_mut().insert(Operation::new(name, "/"));
    request
}

struct BadHint;

impl Body for BadHint {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        panic!("a bad hint")
    }
}
