//! Sizes of bodies.

use std::io;
use std::pin::pin;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Request, Response};
use http_body::Body;
use http_body_util::BodyExt;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_client_metrics::MetricsLayer;

use crate::book::{Book, DURATION};
use crate::frames::Frames;
use crate::frames::Step::{Data, Fails, Trailers, Waits};
use crate::kit::{Always, Call, URI, answer, get, giving, now, poll};

const SENT: &str = "http.client.request.body.size";
const RECEIVED: &str = "http.client.response.body.size";

#[tokio::test(start_paused = true)]
async fn content_is_as_long_as_the_body_or_the_headers_of_a_request_say() {
    let full = || Frames::of([Data("trips")]).telling_size();
    let empty = || Frames::of([]).telling_size();
    let unknown = || Frames::of([Data("trips")]);
    for (body, length, size) in [
        (full(), None, Some(5.0)),
        (empty(), None, None),
        (full(), Some("17"), Some(5.0)),
        (unknown(), Some("17"), Some(17.0)),
        (unknown(), Some("0"), None),
        (unknown(), None, None),
        (unknown(), Some(""), None),
        (unknown(), Some("many"), None),
        (unknown(), Some("-1"), None),
        (unknown(), Some("1.5"), None),
        (unknown(), Some("99999999999999999999"), None),
    ] {
        let book = Book::default();
        let mut request = Request::post(URI).body(body).unwrap();
        if let Some(length) = length {
            let length = HeaderValue::from_static(length);
            request.headers_mut().insert(CONTENT_LENGTH, length);
        }

        let service = MetricsLayer::attempt(book.clone()).layer(service_fn(any));
        drop(service.oneshot(request).await.unwrap());

        assert_eq!(book.times(SENT), usize::from(size.is_some()), "{length:?}");
        assert_eq!(book.sum(SENT), size.unwrap_or(0.0), "{length:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_has_no_sizes() {
    let book = Book::default();
    let layer = || MetricsLayer::attempt(book.clone());
    let failing = service_fn(|_: Call| async move {
        Err::<Response<Frames>, _>(io::Error::from(io::ErrorKind::ConnectionReset))
    });

    drop(layer().layer(failing).oneshot(get(URI)).await.unwrap_err());
    drop(layer().layer(Always(200)).call(get(URI)));

    assert_eq!(book.times(DURATION), 2);
    assert_eq!(book.times(SENT) + book.times(RECEIVED), 0);
}

#[tokio::test(start_paused = true)]
async fn the_size_of_a_request_is_recorded_with_the_head() {
    let book = Book::default();

    let _response = head(&book, Frames::of([Data("trips")])).await;

    assert_eq!(book.times(SENT), 1);
    assert_eq!(book.times(RECEIVED), 0);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_as_long_as_what_was_read_of_it() {
    for (steps, reads, size) in [
        (vec![], 1, 0.0),
        (vec![Data("trips")], 0, 0.0),
        (vec![Data("trips")], 1, 5.0),
        (vec![Data("trips"), Data("and cars")], 1, 5.0),
        (vec![Data("trips"), Data("and cars")], 2, 13.0),
        (vec![Data("trips"), Data("and cars"), Trailers], 4, 13.0),
        (vec![Data("trips"), Data(""), Fails, Data("more")], 3, 5.0),
        (vec![Data("trips"), Data(""), Fails, Data("more")], 4, 5.0),
    ] {
        let book = Book::default();
        let mut body = head(&book, Frames::of(steps.clone())).await.into_body();

        for _ in 0..reads {
            drop(body.frame().await);
        }
        drop(body);

        assert_eq!(book.times(RECEIVED), 1, "{steps:?} {reads}");
        assert_eq!(book.sum(RECEIVED), size, "{steps:?} {reads}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_known_to_be_empty_has_no_size_to_wait_for() {
    let book = Book::default();

    let _response = head(&book, Frames::of([]).telling_end()).await;

    assert_eq!((book.times(RECEIVED), book.sum(RECEIVED)), (1, 0.0));
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_frame_is_no_frame() {
    let book = Book::default();
    let frames = Frames::of([Waits, Data("trips")]);
    let mut body = head(&book, frames).await.into_body();

    let waits = poll(pin!(body.frame())).is_pending();
    drop(now(body.frame()).unwrap().unwrap());
    drop(body);

    assert!(waits);
    assert_eq!((book.times(RECEIVED), book.sum(RECEIVED)), (1, 5.0));
}

#[tokio::test(start_paused = true)]
async fn sizes_have_the_labels_of_the_duration() {
    let book = Book::default();

    drop(head(&book, Frames::of([Data("trips")])).await);

    assert_eq!(book.series(SENT), book.series(DURATION));
    assert_eq!(book.series(RECEIVED), book.series(DURATION));
}

async fn any(_: Request<Frames>) -> io::Result<Response<Frames>> {
    Ok(answer(200))
}

async fn head(
    book: &Book,
    frames: Frames,
) -> Response<impl Body<Data = Bytes, Error = io::Error> + Unpin> {
    let service = MetricsLayer::attempt(book.clone()).layer(giving(frames));
    service.oneshot(get(URI)).await.unwrap()
}
