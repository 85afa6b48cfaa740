//! Calls as their caller sees them: names, labels and times.

use std::convert::Infallible;

use http::Method;
use http_body_util::BodyExt;
use tokio::time::sleep;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_client_call::{CallRecord, Operation, RetryReason, StopReason};
use tower_client_metrics::{Metric, MetricsLayer, SECONDS};

use crate::book::Kind::{Counter, Gauge, Histogram};
use crate::book::{BODIES, Book, CALLS, CALLS_ACTIVE};
use crate::frames::Frames;
use crate::frames::Step::Data;
use crate::kit::{Always, Call, SECOND, URI, answer, answer_with, get, trip};

#[tokio::test(start_paused = true)]
async fn metrics_are_those_that_are_documented() {
    let book = Book::default();
    let service = service_fn(|request: Call| async move {
        let record = CallRecord::find(request.extensions()).unwrap();
        let _before = record.count_send();
        record.count_retry(RetryReason::Server);
        record.count_replay();
        record.count_token_fetch();
        record.add_backoff(SECOND);
        record.add_credential_wait(SECOND);
        record.set_cache(tower_client_call::CacheOutcome::Miss);
        record.set_stop(StopReason::Attempts);
        Ok::<_, Infallible>(answer(503))
    });

    drop(
        MetricsLayer::call(book.clone())
            .layer(service)
            .oneshot(trip())
            .await,
    );

    let metrics = book.metrics();
    let listed: Vec<_> = metrics
        .iter()
        .map(|(name, (kind, metric))| (name.as_str(), *kind, metric.unit_name()))
        .collect();
    let expected = [
        ("http_call_active", Gauge, "{call}"),
        ("http_call_attempts_total", Counter, "{attempt}"),
        ("http_call_backoff", Histogram, "s"),
        ("http_call_bodies_total", Counter, "{body}"),
        ("http_call_cache_total", Counter, "{call}"),
        ("http_call_credential_wait", Histogram, "s"),
        ("http_call_duration", Histogram, "s"),
        ("http_call_replays_total", Counter, "{request}"),
        ("http_call_retries_total", Counter, "{attempt}"),
        ("http_call_retry_stops_total", Counter, "{call}"),
        ("http_call_sends_total", Counter, "{request}"),
        ("http_call_token_fetches_total", Counter, "{fetch}"),
        ("http_call_total", Counter, "{call}"),
    ];
    assert_eq!(listed, expected);
    for (_, metric) in metrics.into_values() {
        assert!(metric.description().ends_with('.'), "{metric:?}");
        assert_eq!(Metric::bucket_boundaries(&metric), SECONDS);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_a_success_or_an_error_of_a_kind() {
    for (status, verdict) in [
        (200, "status=success"),
        (204, "status=success"),
        (304, "status=success"),
        (399, "status=success"),
        (400, "status=error,kind=400"),
        (404, "status=error,kind=404"),
        (503, "status=error,kind=503"),
        (999, "status=error,kind=999"),
    ] {
        let book = Book::default();

        called(&book, Always(status), trip()).await;

        let expected = [format!("operation=trip,{verdict}")];
        assert_eq!(book.series(CALLS), expected);
        assert_eq!(book.series("http_call_duration"), expected);
        assert_eq!(book.values(CALLS, &expected[0]), [1.0]);
        assert_eq!(book.series(CALLS_ACTIVE), ["operation=trip"]);
        assert_eq!(book.series(BODIES), ["operation=trip,ending=complete"]);
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_successes_are_all_alike() {
    let book = Book::default();

    for status in [200, 201, 204, 302, 304] {
        called(&book, Always(status), trip()).await;
    }

    let success = "operation=trip,status=success";
    assert_eq!(book.series(CALLS), [success]);
    assert_eq!(book.values(CALLS, success), [1.0; 5]);
}

#[tokio::test(start_paused = true)]
async fn a_call_without_an_operation_is_other() {
    let book = Book::default();

    called(&book, Always(200), get(URI)).await;

    assert_eq!(book.series(CALLS), ["operation=_OTHER,status=success"]);
    assert_eq!(book.series(CALLS_ACTIVE), ["operation=_OTHER"]);
}

#[tokio::test(start_paused = true)]
async fn operations_are_told_apart_and_nothing_else_of_a_request_is() {
    let book = Book::default();
    let put = Operation::new("put trip", "/v1/trips/{id}");
    let mut service = MetricsLayer::call(book.clone()).layer(Always(200));
    for (uri, method, operation) in [
        ("https://one.example/v1/trips/1", Method::PUT, put),
        ("https://two.example/v1/trips/2", Method::POST, put),
        (URI, Method::GET, Operation::new("car", "/v1/cars/{id}")),
    ] {
        let mut request = get(uri);
        *request.method_mut() = method;
        request.extensions_mut().insert(operation);
        drop(service.call(request).await.unwrap());
    }

    let expected = [
        "operation=car,status=success",
        "operation=put trip,status=success",
    ];
    assert_eq!(book.series(CALLS), expected);
    assert_eq!(book.values(CALLS, expected[1]), [1.0, 1.0]);
}

#[tokio::test(start_paused = true)]
async fn the_duration_is_from_the_call_to_the_head() {
    let book = Book::default();
    let service = service_fn(|_: Call| async move {
        sleep(2 * SECOND).await;
        Ok::<_, Infallible>(answer_with(200, Frames::of([Data("trips")])))
    });
    let mut service = MetricsLayer::call(book.clone()).layer(service);

    service.ready().await.unwrap();
    sleep(SECOND).await;
    let future = service.call(trip());
    sleep(SECOND / 4).await;
    let response = future.await.unwrap();
    let at_the_head = (book.times(CALLS), book.times("http_call_duration"));
    sleep(SECOND).await;
    response.into_body().collect().await.unwrap();

    assert_eq!(at_the_head, (1, 1));
    assert_eq!(
        (book.times(CALLS), book.times("http_call_duration")),
        (1, 1)
    );
    assert_eq!(book.sum("http_call_duration"), 2.25);
}

async fn called(book: &Book, service: Always, request: Call) {
    let layer = MetricsLayer::call(book.clone());
    drop(layer.layer(service).oneshot(request).await.unwrap());
}
