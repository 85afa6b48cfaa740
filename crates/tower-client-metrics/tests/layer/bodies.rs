//! How bodies end, for the gauges and for the counts of calls.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use bytes::Bytes;
use http::Response;
use http_body::Body;
use http_body_util::BodyExt;
use tower::{ServiceExt, service_fn};

use crate::book::{BODIES, Book};
use crate::frames::Frames;
use crate::frames::Step::{Data, Fails, Trailers, Waits};
use crate::kit::{Call, answer_with, giving, measured, now, poll, trip};

const COMPLETE: &str = "complete";
const ERROR: &str = "error";
const ABORTED: &str = "aborted";

#[tokio::test(start_paused = true)]
async fn a_body_ends_as_far_as_it_was_read() {
    for (steps, reads, ending) in [
        (vec![], 1, COMPLETE),
        (vec![], 2, COMPLETE),
        (vec![], 0, ABORTED),
        (vec![Data("trips")], 0, ABORTED),
        (vec![Data("trips")], 1, ABORTED),
        (vec![Data("trips")], 2, COMPLETE),
        (vec![Data("trips")], 3, COMPLETE),
        (vec![Data(""), Data("trips")], 1, ABORTED),
        (vec![Data("trips"), Trailers], 1, ABORTED),
        (vec![Data("trips"), Trailers], 3, COMPLETE),
        (vec![Trailers], 2, COMPLETE),
        (vec![Fails], 0, ABORTED),
        (vec![Fails], 1, ERROR),
        (vec![Fails], 2, ERROR),
        (vec![Data("trips"), Fails, Data("more")], 1, ABORTED),
        (vec![Data("trips"), Fails, Data("more")], 2, ERROR),
        (vec![Data("trips"), Fails, Data("more")], 5, ERROR),
    ] {
        let ended = read(Frames::of(steps.clone()), reads).await;

        assert_eq!(ended, [ending], "{steps:?} {reads}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_tells_its_end_need_not_be_asked_again() {
    for (steps, reads, ending) in [
        (vec![], 0, COMPLETE),
        (vec![], 1, COMPLETE),
        (vec![Data("trips")], 0, ABORTED),
        (vec![Data("trips")], 1, COMPLETE),
        (vec![Data("trips")], 2, COMPLETE),
        (vec![Data("trips"), Trailers], 1, ABORTED),
        (vec![Data("trips"), Trailers], 2, COMPLETE),
        (vec![Data("trips"), Fails], 2, ERROR),
        (vec![Data("trips"), Fails], 3, ERROR),
    ] {
        let ended = read(Frames::of(steps.clone()).telling_end(), reads).await;

        assert_eq!(ended, [ending], "{steps:?} {reads}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_whose_end_comes_after_its_last_frame_need_not_be_asked_again() {
    for (end_comes, ending) in [(true, COMPLETE), (false, ABORTED)] {
        let book = Book::default();
        let come = Arc::new(AtomicBool::new(false));
        let frames = Frames::of([Data("trips")]).telling_end_when(&come);
        let mut body = head(&book, frames).await.into_body();

        drop(now(body.frame()));
        come.store(end_comes, Relaxed);
        drop(body);

        assert_eq!(endings(&book), [ending]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_tells_its_size_may_be_left_when_all_of_it_was_read() {
    for (steps, reads, ending) in [
        (vec![], 0, COMPLETE),
        (vec![Data("trips")], 0, ABORTED),
        (vec![Data("trips")], 1, COMPLETE),
        (vec![Data("trips"), Data("more")], 1, ABORTED),
        (vec![Data("trips"), Data("more")], 2, COMPLETE),
        (vec![Data("trips"), Data("more")], 3, COMPLETE),
        (vec![Data("trips"), Fails], 2, ERROR),
    ] {
        let ended = read(Frames::of(steps.clone()).telling_size(), reads).await;

        assert_eq!(ended, [ending], "{steps:?} {reads}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_empty_from_the_start_has_ended_with_its_head() {
    let book = Book::default();

    let response = head(&book, Frames::of([]).telling_end()).await;
    let under_way = book.under_way();
    let ended = endings(&book);
    drop(response);

    assert_eq!(under_way, [0.0, 0.0]);
    assert_eq!(ended, [COMPLETE]);
    assert_eq!(endings(&book), [COMPLETE]);
}

#[tokio::test(start_paused = true)]
async fn it_is_under_way_until_the_last_frame_and_no_longer() {
    let book = Book::default();
    let frames = Frames::of([Data("trips"), Waits, Trailers]).telling_end();
    let mut body = head(&book, frames).await.into_body();
    let mut under_way = vec![book.under_way()];

    drop(now(body.frame()));
    under_way.push(book.under_way());
    assert!(poll(pin!(body.frame())).is_pending());
    under_way.push(book.under_way());
    drop(now(body.frame()));
    under_way.push(book.under_way());

    assert_eq!(under_way, [[1.0; 2], [1.0; 2], [1.0; 2], [0.0; 2]]);
    drop(body);
    assert_eq!(endings(&book), [COMPLETE]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_fails_is_not_under_way_any_more() {
    let book = Book::default();
    let mut body = head(&book, Frames::of([Fails])).await.into_body();

    let error = now(body.frame()).unwrap().unwrap_err();

    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(book.under_way(), [0.0, 0.0]);
    assert_eq!(endings(&book), [ERROR]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_dropped_while_it_waits_is_aborted() {
    let book = Book::default();
    let frames = Frames::of([Data("trips"), Waits, Data("more")]);
    let mut body = head(&book, frames).await.into_body();

    drop(now(body.frame()));
    assert!(poll(pin!(body.frame())).is_pending());
    drop(body);

    assert_eq!(book.under_way(), [0.0, 0.0]);
    assert_eq!(endings(&book), [ABORTED]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_an_error_has_a_body_that_ends_like_any() {
    let book = Book::default();
    let service = service_fn(|_: Call| async move {
        Ok::<_, io::Error>(answer_with(503, Frames::of([Data("busy")])))
    });

    let response = measured(&book, service).oneshot(trip()).await.unwrap();
    let collected = response.into_body().collect().await.unwrap().to_bytes();

    assert_eq!(collected, "busy");
    assert_eq!(endings(&book), [COMPLETE]);
}

/// Reads so many frames of a body and drops it: how it has ended, as calls count it.
async fn read(frames: Frames, reads: usize) -> Vec<String> {
    let book = Book::default();
    let mut body = head(&book, frames).await.into_body();
    for _ in 0..reads {
        drop(now(body.frame()));
    }
    drop(body);
    assert_eq!(book.under_way(), [0.0, 0.0]);
    endings(&book)
}

async fn head(
    book: &Book,
    frames: Frames,
) -> Response<impl Body<Data = Bytes, Error = io::Error> + Unpin> {
    let service = measured(book, giving(frames));
    service.oneshot(trip()).await.unwrap()
}

/// The endings that were counted, each as often as it was.
fn endings(book: &Book) -> Vec<String> {
    let mut endings = Vec::new();
    for labels in book.series(BODIES) {
        let ending = labels.strip_prefix("operation=trip,ending=").unwrap();
        let times: f64 = book.values(BODIES, &labels).iter().sum();
        assert_eq!(times, 1.0, "{labels}");
        endings.push(ending.to_owned());
    }
    endings
}
