//! Panics, wherever they come from: nothing stays under way.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use http::Response;
use http_body_util::BodyExt;
use tower::{Service, ServiceExt, service_fn};

use crate::book::{BODIES, Book, CALLS, DURATION};
use crate::frames::Frames;
use crate::frames::Step::{Data, Panics};
use crate::kit::{Always, Call, giving, measured, now, pause, poll, trip};

type Answer = Result<Response<Frames>, io::Error>;

#[test]
fn a_service_that_panics_when_it_is_called_cancels() {
    let book = Book::default();
    let service = service_fn(|_: Call| -> std::future::Ready<Answer> { panic!("called") });
    let mut service = measured(&book, service);

    assert_panics(|| drop(service.call(trip())));

    assert_cancelled(&book);
}

#[test]
fn a_future_that_panics_cancels() {
    for waits in [0, 1] {
        let book = Book::default();
        let service = service_fn(|_: Call| panicking_after(waits));
        let mut service = measured(&book, service);

        assert_panics(|| {
            let mut future = Box::pin(service.call(trip()));
            while poll(future.as_mut()).is_pending() {}
        });

        assert_cancelled(&book);
    }
}

#[tokio::test]
async fn a_future_that_panics_in_a_task_cancels() {
    let book = Book::default();
    let service = service_fn(|_: Call| panicking_after(0));

    let task = tokio::spawn(measured(&book, service).oneshot(trip()));

    assert!(task.await.unwrap_err().is_panic());
    assert_cancelled(&book);
}

#[test]
fn a_caller_that_panics_with_a_future_in_its_hands_cancels() {
    let book = Book::default();
    let mut service = measured(&book, Always(200));

    assert_panics(|| {
        let _future = service.call(trip());
        panic!("the caller");
    });

    assert_cancelled(&book);
}

#[test]
fn a_caller_that_panics_with_a_body_in_its_hands_aborts_it() {
    let book = Book::default();
    let mut service = measured(&book, giving(Frames::of([Data("trips")])));

    assert_panics(|| {
        let _response = now(service.call(trip()));
        panic!("the caller");
    });

    assert_aborted(&book);
}

#[test]
fn a_body_that_panics_is_aborted() {
    let book = Book::default();
    let steps = [Data("trips"), Panics];
    let mut service = measured(&book, giving(Frames::of(steps)));

    assert_panics(|| {
        let body = now(service.call(trip())).unwrap().into_body();
        drop(now(body.collect()));
    });

    assert_aborted(&book);
}

async fn panicking_after(waits: usize) -> Answer {
    for _ in 0..waits {
        pause().await;
    }
    panic!("polled")
}

fn assert_panics(act: impl FnOnce()) {
    assert!(catch_unwind(AssertUnwindSafe(act)).is_err());
}

fn assert_cancelled(book: &Book) {
    assert_eq!(book.under_way(), [0.0, 0.0]);
    let kind = [
        book.label(DURATION, "error.type"),
        book.label(CALLS, "kind"),
    ];
    assert_eq!(kind, [Some("cancelled".into()), Some("cancelled".into())]);
    assert_eq!((book.times(DURATION), book.times(CALLS)), (1, 1));
}

fn assert_aborted(book: &Book) {
    assert_eq!(book.under_way(), [0.0, 0.0]);
    assert_eq!(book.label(CALLS, "status").unwrap(), "success");
    assert_eq!(book.label(BODIES, "ending").unwrap(), "aborted");
    assert_eq!((book.times(DURATION), book.times(BODIES)), (1, 1));
}
