//! Errors, typed and boxed, and the words for them.

use std::future::{pending, ready};
use std::io;

use http::{HeaderMap, Response, StatusCode};
use thiserror::Error;
use tokio::time::timeout;
use tower::timeout::TimeoutLayer;
use tower::{BoxError, Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tower_client_call::{CallRecord, ResponseError};
use tower_client_metrics::{AsError, MetricsLayer};

use crate::book::{Book, CALLS, DURATION};
use crate::frames::Frames;
use crate::kit::{Call, SECOND, answer, measured, trip};

/// A user's own error.
#[derive(Debug, Error)]
#[error("no trips")]
struct NoTrips(#[source] BoxError);

/// A defect, or a layer's own error: nothing is known about it.
#[derive(Debug, Error)]
#[error("a bug")]
struct Bug;

#[tokio::test(start_paused = true)]
async fn an_error_is_named_by_its_causes() {
    for (make, word) in causes() {
        let names = [
            named(make()).await,
            named(NoTrips(make())).await,
            named(Box::new(NoTrips(make())) as BoxError).await,
            named(io::Error::other(make())).await,
            named(NoTrips(io::Error::other(NoTrips(make())).into())).await,
        ];

        for (at, name) in names.into_iter().enumerate() {
            assert_eq!(name, [word, word], "{at}");
        }
    }
}

/// Makes an error, as they cannot be cloned.
type Make = fn() -> BoxError;

fn causes() -> [(Make, &'static str); 10] {
    [
        (
            || io::Error::from(io::ErrorKind::TimedOut).into(),
            "timeout",
        ),
        (|| tower::timeout::error::Elapsed::new().into(), "timeout"),
        (
            || io::Error::from(io::ErrorKind::ConnectionRefused).into(),
            "connect",
        ),
        (
            || io::Error::from(io::ErrorKind::HostUnreachable).into(),
            "connect",
        ),
        (
            || io::Error::from(io::ErrorKind::ConnectionReset).into(),
            "transport",
        ),
        (
            || io::Error::from(io::ErrorKind::UnexpectedEof).into(),
            "transport",
        ),
        (|| io::Error::other("s3cret").into(), "_OTHER"),
        (|| Bug.into(), "_OTHER"),
        (|| "s3cret".into(), "_OTHER"),
        (
            || ResponseError::new(StatusCode::BAD_GATEWAY, HeaderMap::new()).into(),
            "502",
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_timeout_of_tokio_is_one() {
    let book = Book::default();
    let service = service_fn(|_: Call| async move {
        let never = pending::<Response<Frames>>();
        timeout(SECOND, never)
            .await
            .map_err(|error| NoTrips(error.into()))
    });

    drop(measured(&book, service).oneshot(trip()).await.unwrap_err());

    assert_eq!(words(&book), ["timeout", "timeout"]);
    assert_eq!(book.sum(DURATION), 1.0);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_layer_below_is_one_and_above_it_cancels() {
    let never = || service_fn(|_: Call| pending::<Result<Response<Frames>, Bug>>());
    let [below, above] = [Book::default(), Book::default()];

    let service = measured(&below, TimeoutLayer::new(SECOND).layer(never()));
    drop(service.oneshot(trip()).await.unwrap_err());
    let service = TimeoutLayer::new(SECOND).layer(measured(&above, never()));
    drop(service.oneshot(trip()).await.unwrap_err());

    assert_eq!(words(&below), ["timeout", "timeout"]);
    assert_eq!(words(&above), ["cancelled", "cancelled"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_became_an_error_has_its_status() {
    let book = Book::default();
    let service = service_fn(|_: Call| async move {
        let answer = ResponseError::new(StatusCode::NOT_FOUND, HeaderMap::new());
        Err::<Response<Frames>, _>(NoTrips(answer.into()))
    });

    drop(measured(&book, service).oneshot(trip()).await.unwrap_err());

    let status = book.label(DURATION, "http.response.status_code");
    assert_eq!(status.unwrap(), "404");
    assert_eq!(book.label(DURATION, "network.protocol.version"), None);
    assert_eq!(words(&book), ["404", "404"]);
}

#[tokio::test(start_paused = true)]
async fn a_good_answer_that_became_an_error_is_another_error() {
    let book = Book::default();
    let service = service_fn(|_: Call| async move {
        let answer = ResponseError::new(StatusCode::OK, HeaderMap::new());
        Err::<Response<Frames>, _>(NoTrips(answer.into()))
    });
    let service = MetricsLayer::call(book.clone()).layer(service);

    drop(service.oneshot(trip()).await.unwrap_err());

    let expected = ["operation=trip,status=error,kind=_OTHER"];
    assert_eq!(book.series(CALLS), expected);
}

#[tokio::test(start_paused = true)]
async fn what_the_layer_that_types_errors_says_wins() {
    for status in [None, Some(404)] {
        let book = Book::default();
        let service = service_fn(move |request: Call| {
            let record = CallRecord::find(request.extensions()).unwrap();
            record.set_error_kind("too_early");
            record.set_error_kind("no_trips");
            let status = status.map(|status| StatusCode::from_u16(status).unwrap());
            let cause: BoxError = match status {
                Some(status) => ResponseError::new(status, HeaderMap::new()).into(),
                None => io::Error::from(io::ErrorKind::TimedOut).into(),
            };
            ready(Err::<Response<Frames>, _>(NoTrips(cause)))
        });

        drop(measured(&book, service).oneshot(trip()).await.unwrap_err());

        assert_eq!(book.label(CALLS, "kind").unwrap(), "no_trips");
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_attempt_was_called_is_nothing_to_an_answer_or_a_cancelled_call() {
    for (status, verdict) in [
        (Some(200), "operation=trip,status=success"),
        (Some(404), "operation=trip,status=error,kind=404"),
        (None, "operation=trip,status=error,kind=cancelled"),
    ] {
        let book = Book::default();
        let service = service_fn(move |request: Call| {
            let record = CallRecord::find(request.extensions()).unwrap();
            record.set_error_kind("timeout");
            ready(Ok::<_, Bug>(answer(status.unwrap_or(200))))
        });

        let future = measured(&book, service).call(trip());
        if status.is_some() {
            drop(future.await.unwrap());
        } else {
            drop(future);
        }

        assert_eq!(book.series(CALLS), [verdict]);
    }
}

#[tokio::test(start_paused = true)]
async fn errors_pass_as_they_are() {
    let book = Book::default();
    let typed = service_fn(|_: Call| ready(Err::<Response<Frames>, _>(NoTrips("none".into()))));
    let boxed = service_fn(|_: Call| ready(Err::<Response<Frames>, BoxError>(Bug.into())));

    let typed: NoTrips = measured(&book, typed).oneshot(trip()).await.unwrap_err();
    let boxed: BoxError = measured(&book, boxed).oneshot(trip()).await.unwrap_err();

    assert_eq!(typed.0.to_string(), "none");
    assert!(boxed.is::<Bug>());
}

#[tokio::test(start_paused = true)]
async fn a_stack_with_either_kind_of_error_needs_no_annotation() {
    let book = Book::default();
    let mut typed = ServiceBuilder::new()
        .layer(MetricsLayer::call(book.clone()))
        .layer(MetricsLayer::attempt(book.clone()))
        .service_fn(|_: Call| ready(Ok::<_, NoTrips>(answer(200))));
    let mut boxed = ServiceBuilder::new()
        .layer(MetricsLayer::call(book.clone()))
        .layer(TimeoutLayer::new(SECOND))
        .layer(MetricsLayer::attempt(book.clone()))
        .service_fn(|_: Call| ready(Ok::<_, Bug>(answer(200))));

    drop(typed.ready().await.unwrap().call(trip()).await.unwrap());
    drop(boxed.ready().await.unwrap().call(trip()).await.unwrap());

    assert_eq!((book.times(CALLS), book.times(DURATION)), (2, 2));
}

/// What both recorders call an error.
async fn named<E: AsError<V> + 'static, V>(error: E) -> [String; 2] {
    let book = Book::default();
    let mut error = Some(error);
    let service =
        service_fn(move |_: Call| ready(Err::<Response<Frames>, _>(error.take().unwrap())));
    drop(measured(&book, service).oneshot(trip()).await);
    words(&book)
}

fn words(book: &Book) -> [String; 2] {
    [(DURATION, "error.type"), (CALLS, "kind")].map(|(it, label)| book.label(it, label).unwrap())
}
