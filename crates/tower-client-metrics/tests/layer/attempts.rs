//! Requests as they go out: names, labels and times.

use std::convert::Infallible;
use std::future::ready;

use http::{Method, Response, Version};
use http_body_util::BodyExt;
use tokio::time::sleep;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_client_call::{Attempt, CallRecord};
use tower_client_metrics::{AttemptRecorder, BYTES, Metric, MetricsLayer, SECONDS};

use crate::book::{ACTIVE, Book, DURATION, Kind};
use crate::frames::{Frames, Step};
use crate::kit::{Always, Call, SECOND, URI, answer_with, get, send, trip};

const METHOD: &str = "http.request.method";

#[tokio::test(start_paused = true)]
async fn metrics_are_those_of_the_conventions() {
    let book = Book::default();

    send(&book, Always(200), trip()).await;

    let size = |name, description| Metric::new(name, description).unit("By").boundaries(BYTES);
    let duration = "Duration of HTTP client requests.";
    let active = "Number of active HTTP requests.";
    let expected = [
        (Kind::Gauge, Metric::new(ACTIVE, active).unit("{request}")),
        (
            Kind::Histogram,
            size(
                "http.client.request.body.size",
                "Size of HTTP client request bodies.",
            ),
        ),
        (
            Kind::Histogram,
            Metric::new(DURATION, duration)
                .unit("s")
                .boundaries(SECONDS),
        ),
        (
            Kind::Histogram,
            size(
                "http.client.response.body.size",
                "Size of HTTP client response bodies.",
            ),
        ),
    ];
    let metrics: Vec<_> = book.metrics().into_values().collect();
    assert_eq!(metrics, expected);
}

#[tokio::test(start_paused = true)]
async fn labels_are_those_of_the_conventions() {
    let target = "http.request.method=GET,server.address=api.example,server.port=443";
    let status = "http.response.status_code";
    let version = "network.protocol.version=1.1";
    for (status, request, labels) in [
        (200, get(URI), format!("{target},{status}=200,{version}")),
        (302, get(URI), format!("{target},{status}=302,{version}")),
        (
            404,
            get(URI),
            format!("{target},{status}=404,{version},error.type=404"),
        ),
        (
            200,
            trip(),
            format!("{target},url.template=/v1/trips/{{id}},{status}=200,{version}"),
        ),
    ] {
        let book = Book::default();

        send(&book, Always(status), request).await;

        for metric in [
            DURATION,
            "http.client.request.body.size",
            "http.client.response.body.size",
        ] {
            assert_eq!(book.series(metric), [labels.as_str()], "{metric}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_gauge_is_labelled_by_what_is_known_before_an_answer() {
    let book = Book::default();

    send(&book, Always(404), get(URI)).await;
    send(&book, Always(200), trip()).await;

    let target = "http.request.method=GET,server.address=api.example,server.port=443";
    let template = "url.template=/v1/trips/{id}";
    let expected = [target.to_owned(), format!("{target},{template}")];
    assert_eq!(book.series(ACTIVE), expected);
    for labels in expected {
        assert_eq!(book.values(ACTIVE, &labels), [1.0, -1.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn ports_and_statuses_are_numbers_and_all_else_is_text() {
    let book = Book::default();

    send(&book, Always(503), trip()).await;

    let expected = ["http.response.status_code", "server.port"];
    assert_eq!(book.number_labels(), expected);
}

#[tokio::test(start_paused = true)]
async fn methods_that_are_not_known_are_other() {
    for (method, label) in [
        ("GET", "GET"),
        ("POST", "POST"),
        ("PUT", "PUT"),
        ("DELETE", "DELETE"),
        ("PATCH", "PATCH"),
        ("HEAD", "HEAD"),
        ("OPTIONS", "OPTIONS"),
        ("CONNECT", "CONNECT"),
        ("TRACE", "TRACE"),
        ("QUERY", "QUERY"),
        ("PROPFIND", "_OTHER"),
        ("get", "_OTHER"),
        ("S3CRET", "_OTHER"),
    ] {
        let book = Book::default();

        send(&book, Always(200), with_method(method)).await;

        assert_eq!(book.label(DURATION, METHOD).unwrap(), label);
        assert_eq!(book.label(ACTIVE, METHOD).unwrap(), label);
    }
}

#[tokio::test(start_paused = true)]
async fn known_methods_are_instead_of_the_usual_ones() {
    let propfind = Method::from_bytes(b"PROPFIND").unwrap();
    for (known, method, label) in [
        (vec![propfind.clone(), Method::GET], "PROPFIND", "PROPFIND"),
        (vec![propfind.clone(), Method::GET], "GET", "GET"),
        (vec![propfind, Method::GET], "POST", "_OTHER"),
        (vec![], "GET", "_OTHER"),
    ] {
        let book = Book::default();
        let recorder = AttemptRecorder::builder(book.clone()).known_methods(known);
        let layer = MetricsLayer::new(recorder.build());

        drop(layer.layer(Always(200)).oneshot(with_method(method)).await);

        assert_eq!(book.label(DURATION, METHOD).unwrap(), label);
    }
}

#[tokio::test(start_paused = true)]
async fn the_version_is_that_of_the_answer() {
    for (version, label) in [
        (Version::HTTP_09, "0.9"),
        (Version::HTTP_10, "1.0"),
        (Version::HTTP_11, "1.1"),
        (Version::HTTP_2, "2"),
        (Version::HTTP_3, "3"),
    ] {
        let book = Book::default();
        let service = service_fn(move |_: Call| {
            let mut response = answer_with(200, Frames::default());
            *response.version_mut() = version;
            ready(Ok::<_, Infallible>(response))
        });

        send(&book, service, get(URI)).await;

        let labelled = book.label(DURATION, "network.protocol.version");
        assert_eq!(labelled.unwrap(), label);
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_from_400_on_is_an_error() {
    for (status, error) in [
        (200, None),
        (304, None),
        (399, None),
        (400, Some("400")),
        (429, Some("429")),
        (500, Some("500")),
        (999, Some("999")),
    ] {
        let book = Book::default();

        send(&book, Always(status), get(URI)).await;

        assert_eq!(book.label(DURATION, "error.type").as_deref(), error);
        let labelled = book.label(DURATION, "http.response.status_code");
        assert_eq!(labelled.unwrap(), status.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn the_duration_is_from_the_call_to_the_head() {
    let book = Book::default();
    let mut service = MetricsLayer::attempt(book.clone()).layer(service_fn(slow));

    service.ready().await.unwrap();
    sleep(SECOND).await;
    let future = service.call(get(URI));
    sleep(SECOND / 4).await;
    let response = future.await.unwrap();
    let at_the_head = book.times(DURATION);
    sleep(SECOND).await;
    response.into_body().collect().await.unwrap();

    assert_eq!(at_the_head, 1);
    assert_eq!(book.times(DURATION), 1);
    assert_eq!(book.sum(DURATION), 2.25);
}

#[tokio::test(start_paused = true)]
async fn sends_are_counted_for_a_call_that_has_a_record() {
    let book = Book::default();
    let record = CallRecord::new();
    for _ in 0..3 {
        let mut request = get(URI);
        request.extensions_mut().insert(record.clone());
        // Says nothing of sends: replays are no attempts.
        request.extensions_mut().insert(Attempt::FIRST);
        send(&book, Always(200), request).await;
    }
    send(&book, Always(200), get(URI)).await;

    assert_eq!(record.snapshot().sends, 3);
}

#[tokio::test(start_paused = true)]
async fn a_request_without_a_record_gets_none() {
    let book = Book::default();
    let service = service_fn(|request: Call| async move {
        assert!(CallRecord::find(request.extensions()).is_none());
        Ok::<_, Infallible>(answer_with(200, Frames::default()))
    });

    send(&book, service, get(URI)).await;

    assert_eq!(book.times(DURATION), 1);
}

/// Answers after two seconds.
async fn slow(_: Call) -> Result<Response<Frames>, Infallible> {
    sleep(2 * SECOND).await;
    Ok(answer_with(200, Frames::of([Step::Data("trips")])))
}

fn with_method(method: &str) -> Call {
    let mut request = get(URI);
    *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
    request
}
