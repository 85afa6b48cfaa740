//! Callers that leave, and errors: nothing stays under way.

use std::future::pending;
use std::io;
use std::pin::pin;

use http::Response;
use http_body_util::BodyExt;
use tokio::time::{sleep, timeout};
use tower::{Service, ServiceExt, service_fn};

use crate::book::{ACTIVE, BODIES, Book, CALLS, CALLS_ACTIVE, DURATION};
use crate::frames::Frames;
use crate::frames::Step::Data;
use crate::kit::{Always, Call, SECOND, answer, answer_with, measured, now, pause, poll, trip};

const CANCELLED: &str = "operation=trip,status=error,kind=cancelled";

#[tokio::test(start_paused = true)]
async fn a_request_is_under_way_from_the_call_on() {
    let book = Book::default();
    let mut service = measured(&book, Always(200));
    service.ready().await.unwrap();
    let ready = book.under_way();

    let future = service.call(trip());

    assert_eq!(ready, [0.0, 0.0]);
    assert_eq!(book.under_way(), [1.0, 1.0]);
    drop(future);
    assert_eq!(book.under_way(), [0.0, 0.0]);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_was_only_asked_whether_it_is_ready_has_no_call() {
    let book = Book::default();
    let mut service = measured(&book, Always(200));

    service.ready().await.unwrap();
    drop(service);

    assert!(book.makings().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_never_polled_is_cancelled() {
    let book = Book::default();

    drop(measured(&book, Always(200)).call(trip()));

    assert_cancelled(&book);
    assert_eq!(book.sum(DURATION), 0.0);
}

#[tokio::test(start_paused = true)]
async fn a_call_is_cancelled_wherever_it_waits() {
    for polls in 0..=5 {
        let book = Book::default();
        let service = service_fn(|_: Call| async move {
            for _ in 0..5 {
                pause().await;
            }
            Ok::<_, io::Error>(answer(200))
        });
        let mut future = Box::pin(measured(&book, service).call(trip()));

        for _ in 0..polls {
            assert!(poll(future.as_mut()).is_pending());
        }
        assert_eq!(book.under_way(), [1.0, 1.0]);
        drop(future);

        assert_cancelled(&book);
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_outside_cancels_and_the_time_until_then_counts() {
    let book = Book::default();
    let service = service_fn(|_: Call| pending::<Result<Response<Frames>, io::Error>>());

    let result = timeout(2 * SECOND, measured(&book, service).oneshot(trip())).await;

    assert!(result.is_err());
    assert_cancelled(&book);
    assert_eq!(book.sum(DURATION), 2.0);
    assert_eq!(book.sum("http_call_duration"), 2.0);
}

#[tokio::test(start_paused = true)]
async fn an_aborted_task_is_cancelled() {
    let book = Book::default();
    let service = service_fn(|_: Call| async move {
        sleep(SECOND).await;
        Ok::<_, io::Error>(answer(200))
    });
    let task = tokio::spawn(measured(&book, service).oneshot(trip()));
    tokio::task::yield_now().await;

    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());

    assert_cancelled(&book);
}

#[tokio::test(start_paused = true)]
async fn an_error_ends_it_once() {
    let book = Book::default();
    let service = service_fn(|_: Call| async move {
        pause().await;
        Err::<Response<Frames>, _>(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    let mut future = Box::pin(measured(&book, service).call(trip()));

    assert!(poll(future.as_mut()).is_pending());
    assert!(now(future.as_mut()).is_err());
    let under_way = book.under_way();
    drop(future);

    assert_eq!(under_way, [0.0, 0.0]);
    assert_eq!(book.under_way(), [0.0, 0.0]);
    assert_eq!((book.times(DURATION), book.times(CALLS)), (1, 1));
    assert_eq!(book.times(BODIES), 0);
}

#[tokio::test(start_paused = true)]
async fn a_head_ends_it_once_and_the_body_keeps_it_under_way() {
    let book = Book::default();
    let service = service_fn(|_: Call| async move {
        Ok::<_, io::Error>(answer_with(200, Frames::of([Data("trips")])))
    });
    let mut future = Box::pin(measured(&book, service).call(trip()));

    let response = now(future.as_mut()).unwrap();
    drop(future);
    let with_the_body = book.under_way();
    response.into_body().collect().await.unwrap();

    assert_eq!(with_the_body, [1.0, 1.0]);
    assert_eq!(book.under_way(), [0.0, 0.0]);
    assert_eq!((book.times(DURATION), book.times(CALLS)), (1, 1));
    assert_eq!(book.series(CALLS), ["operation=trip,status=success"]);
}

#[tokio::test(start_paused = true)]
async fn gauges_move_by_one_and_back() {
    let book = Book::default();
    let mut service = measured(&book, Always(200));

    let futures: Vec<_> = (0..3).map(|_| service.call(trip())).collect();
    let most = book.under_way();
    let [first, second, third] = futures.try_into().unwrap();
    drop(pin!(first).await.unwrap());
    drop(second);
    let later = book.under_way();
    drop(third);

    assert_eq!(most, [3.0, 3.0]);
    assert_eq!(later, [1.0, 1.0]);
    for gauge in [CALLS_ACTIVE, ACTIVE] {
        let labels = &book.series(gauge)[0];
        assert_eq!(
            book.values(gauge, labels),
            [1.0, 1.0, 1.0, -1.0, -1.0, -1.0]
        );
    }
}

fn assert_cancelled(book: &Book) {
    assert_eq!(book.under_way(), [0.0, 0.0]);
    assert_eq!(book.label(DURATION, "error.type").unwrap(), "cancelled");
    assert_eq!(book.label(DURATION, "http.response.status_code"), None);
    assert_eq!(book.times(DURATION), 1);
    assert_eq!(book.series(CALLS), [CANCELLED]);
    assert_eq!(book.values(CALLS, CANCELLED), [1.0]);
    assert_eq!(book.series("http_call_duration"), [CANCELLED]);
    assert_eq!(book.times("http_call_duration"), 1);
    assert_eq!(book.times(BODIES), 0);
}
