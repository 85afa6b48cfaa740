//! Bounds on what is told apart: beyond them sums are still exact.

use std::convert::Infallible;

use http::{Response, StatusCode};
use tower::{Layer, Service, service_fn};
use tower_client_call::{CallRecord, Operation};
use tower_client_metrics::{AttemptRecorder, CallRecorder, Metrics, MetricsLayer};

use crate::book::{ACTIVE, BODIES, Book, CALLS, CALLS_ACTIVE, DURATION};
use crate::frames::Frames;
use crate::kit::{Always, Call, URI, answer, get, measured, trip};

const SIZES: [&str; 2] = [
    "http.client.request.body.size",
    "http.client.response.body.size",
];

#[tokio::test(start_paused = true)]
async fn paths_and_queries_make_no_series() {
    let book = Book::default();
    let mut service = measured(&book, Always(200));

    for id in 0..10_000 {
        let uri = format!("https://api.example/v1/trips/{id}?token={id}");
        drop(service.call(get(&uri)).await.unwrap());
    }

    for metric in [CALLS, DURATION, SIZES[0], SIZES[1]] {
        assert_eq!(book.series(metric).len(), 1, "{metric}");
        assert_eq!(book.times(metric), 10_000, "{metric}");
    }
    assert_eq!(book.under_way(), [0.0, 0.0]);
}

#[tokio::test(start_paused = true)]
async fn hosts_beyond_the_bound_are_other() {
    let hosts = (0..10_000).map(|number| get(&format!("https://host{number}.example/")));

    let book = sent(hosts, AttemptRecorder::builder).await;

    assert_bounded(&book, 10_000, 201);
    let host = "server.address=host199.example,server.port=443";
    assert_eq!(book.values(DURATION, &ok(host)).len(), 1);
    let other = "server.address=_OTHER,server.port=_OTHER";
    assert_eq!(book.values(DURATION, &ok(other)).len(), 9_800);
}

#[tokio::test(start_paused = true)]
async fn ports_beyond_the_bound_are_other() {
    let ports = (1..=10_000).map(|port| get(&format!("https://api.example:{port}/")));

    let book = sent(ports, AttemptRecorder::builder).await;

    assert_bounded(&book, 10_000, 201);
}

#[tokio::test(start_paused = true)]
async fn templates_beyond_the_bound_are_other() {
    let book = sent(operations(1000), AttemptRecorder::builder).await;

    assert_bounded(&book, 1000, 201);
    let other = "server.address=api.example,server.port=443,url.template=_OTHER";
    assert_eq!(book.values(DURATION, &ok(other)).len(), 800);
}

#[tokio::test(start_paused = true)]
async fn the_first_values_are_told_apart_for_ever() {
    let hosts = || (0..500).map(|number| get(&format!("https://host{number}.example/")));

    let book = sent(hosts().chain(hosts()), AttemptRecorder::builder).await;

    assert_bounded(&book, 1000, 201);
    let first = "server.address=host0.example,server.port=443";
    assert_eq!(book.values(DURATION, &ok(first)).len(), 2);
    let last = "server.address=host199.example,server.port=443";
    assert_eq!(book.values(DURATION, &ok(last)).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn statuses_beyond_the_bound_are_other() {
    let book = Book::default();
    let mut service = measured(&book, service_fn(as_asked));

    for status in 100..1000 {
        drop(service.call(asking_for(status)).await.unwrap());
    }

    assert_bounded(&book, 900, 202);
    assert_eq!(book.series(ACTIVE).len(), 1);
    let target = "http.request.method=GET,server.address=api.example,server.port=443";
    let other = format!("{target},http.response.status_code=_OTHER");
    assert_eq!(book.values(DURATION, &other).len(), 100);
    let other = format!("{other},error.type=_OTHER");
    assert_eq!(book.values(DURATION, &other).len(), 600);
    // 300 successes are all alike, and no kind.
    assert_eq!(book.series(CALLS).len(), 202);
    assert_eq!(
        book.values(CALLS, "operation=_OTHER,status=success").len(),
        300
    );
    let other = "operation=_OTHER,status=error,kind=_OTHER";
    assert_eq!(book.values(CALLS, other).len(), 400);
    assert_eq!((book.sum(CALLS), book.sum(CALLS_ACTIVE)), (900.0, 0.0));
}

#[tokio::test(start_paused = true)]
async fn operations_beyond_the_bound_are_other() {
    let book = Book::default();
    let mut service = measured(&book, Always(200));

    for request in operations(1000).chain(operations(1000)) {
        drop(service.call(request).await.unwrap());
    }

    for metric in [BODIES, "http_call_attempts_total", "http_call_sends_total"] {
        assert_eq!(book.series(metric).len(), 201, "{metric}");
        assert_eq!(book.sum(metric), 2000.0, "{metric}");
    }
    assert_eq!(book.series(CALLS_ACTIVE).len(), 201);
    assert_eq!(book.under_way(), [0.0, 0.0]);
    let [first, last, other] = ["name 0", "name 199", "_OTHER"].map(|name| {
        let labels = format!("operation={name},status=success");
        book.values(CALLS, &labels).len()
    });
    assert_eq!((first, last, other), (2, 2, 1600));
    assert_eq!(book.sum(CALLS), 2000.0);
}

#[tokio::test(start_paused = true)]
async fn kinds_of_errors_beyond_the_bound_are_other() {
    let book = Book::default();
    let service = service_fn(|request: Call| async move {
        let operation = Operation::of(&request).unwrap();
        let record = CallRecord::find(request.extensions()).unwrap();
        record.set_error_kind(operation.template());
        Err::<Response<Frames>, _>(std::fmt::Error)
    });
    let mut service = MetricsLayer::call(book.clone()).layer(service);

    for (number, mut request) in operations(1000).enumerate() {
        let kind = Operation::of(&request).unwrap().template();
        let name = if number % 2 == 0 { "even" } else { "odd" };
        request.extensions_mut().insert(Operation::new(name, kind));
        service.call(request).await.unwrap_err();
    }

    // Each with a kind of its own for those beyond.
    assert_eq!(book.series(CALLS).len(), 202);
    assert_eq!((book.sum(CALLS), book.sum(CALLS_ACTIVE)), (1000.0, 0.0));
    let other = "operation=even,status=error,kind=_OTHER";
    assert_eq!(book.values(CALLS, other).len(), 400);
}

#[tokio::test(start_paused = true)]
async fn no_more_series_are_made_than_allowed_and_one() {
    for most in [0, 1, 2, 7] {
        let hosts = (0..100).map(|number| get(&format!("https://host{number}.example/")));

        let book = sent(hosts, |book| {
            AttemptRecorder::builder(book).most_series(most)
        })
        .await;

        assert_bounded(&book, 100, most + 1);
        let any = [
            "http.request.method",
            "server.address",
            "server.port",
            "url.template",
        ];
        let any = any.map(|label| format!("{label}=_OTHER")).join(",");
        assert_eq!(book.values(ACTIVE, &any).len(), 2 * (100 - most));
        let any = format!("{any},http.response.status_code=_OTHER");
        assert_eq!(book.values(DURATION, &any).len(), 100 - most);
    }
}

#[tokio::test(start_paused = true)]
async fn answers_beyond_the_series_allowed_are_one_also_for_targets_that_are_told_apart() {
    let book = Book::default();
    let recorder = AttemptRecorder::builder(book.clone())
        .most_series(5)
        .build();
    let mut service = MetricsLayer::new(recorder).layer(service_fn(as_asked));

    for status in 200..300 {
        drop(service.call(asking_for(status)).await.unwrap());
    }

    assert_bounded(&book, 100, 6);
    assert_eq!(book.sum(ACTIVE), 0.0);
}

#[tokio::test(start_paused = true)]
async fn without_room_for_any_value_everything_is_other() {
    let requests = operations(10).chain(std::iter::once(get(URI)));

    let book = sent(requests, |book| {
        AttemptRecorder::builder(book).most_values(0)
    })
    .await;

    let server = "http.request.method=GET,server.address=_OTHER,server.port=_OTHER";
    let expected = [server.to_owned(), format!("{server},url.template=_OTHER")];
    assert_eq!(book.series(ACTIVE), expected);
    let reply = "http.response.status_code=_OTHER";
    assert_eq!(
        book.series(DURATION),
        expected.map(|it| format!("{it},{reply}"))
    );
    assert_eq!((book.times(DURATION), book.sum(ACTIVE)), (11, 0.0));
}

#[tokio::test(start_paused = true)]
async fn calls_without_room_are_other_and_all_are_counted() {
    for (values, series) in [(0, 2000), (200, 0), (0, 0), (1, 1)] {
        let book = Book::default();
        let recorder = CallRecorder::builder(book.clone());
        let recorder = recorder.most_values(values).most_series(series).build();
        let mut service = MetricsLayer::new(recorder).layer(service_fn(as_asked));

        for (request, status) in operations(10).zip([200, 404, 503].into_iter().cycle()) {
            let mut asking = asking_for(status);
            *asking.extensions_mut() = request.extensions().clone();
            drop(service.call(asking).await.unwrap());
        }
        drop(service.call(trip()));

        assert!(book.series(CALLS).len() <= values.min(series) + 2);
        assert_eq!(book.sum(CALLS), 11.0);
        assert_eq!(book.times("http_call_duration"), 11);
        assert_eq!(book.sum(CALLS_ACTIVE), 0.0);
        assert_eq!(book.sum(BODIES), 10.0);
    }
}

/// Sends requests through one layer and leaves the answers.
async fn sent<F>(requests: impl Iterator<Item = Call>, builder: F) -> Book
where
    F: FnOnce(Book) -> tower_client_metrics::AttemptRecorderBuilder<Book>,
{
    let book = Book::default();
    let layer = MetricsLayer::new(builder(book.clone()).build());
    let mut service: Metrics<_, _, _> = layer.layer(Always(200));
    for request in requests {
        drop(service.call(request).await.unwrap());
    }
    book
}

/// So many requests were recorded, in so many series.
#[track_caller]
fn assert_bounded(book: &Book, requests: usize, series: usize) {
    for metric in [DURATION, SIZES[0], SIZES[1]] {
        assert_eq!(book.series(metric).len(), series, "{metric}");
        assert_eq!(book.times(metric), requests, "{metric}");
    }
    assert!(book.series(ACTIVE).len() <= series);
    assert_eq!(book.sum(ACTIVE), 0.0);
    for (instrument, times) in book.makings() {
        assert_eq!(times, 1, "{instrument:?}");
    }
}

/// The labels of a `GET` to this target that was answered well.
fn ok(target: &str) -> String {
    let reply = "http.response.status_code=200,network.protocol.version=1.1";
    format!("http.request.method=GET,{target},{reply}")
}

/// Requests of so many operations.
fn operations(number: usize) -> impl Iterator<Item = Call> {
    let text = |text: String| -> &'static str { text.leak() };
    (0..number).map(move |number| {
        let name = text(format!("name {number}"));
        let template = text(format!("/template/{number}"));
        let mut request = get(URI);
        request
            .extensions_mut()
            .insert(Operation::new(name, template));
        request
    })
}

fn asking_for(status: u16) -> Call {
    let mut request = get(URI);
    request
        .extensions_mut()
        .insert(StatusCode::from_u16(status).unwrap());
    request
}

/// Answers with the status that was asked for.
async fn as_asked(request: Call) -> Result<Response<Frames>, Infallible> {
    let status = request.extensions().get().copied();
    Ok(answer(status.unwrap_or(StatusCode::OK).as_u16()))
}
