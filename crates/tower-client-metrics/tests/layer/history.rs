//! What the layers below have done, as calls count it.

use std::convert::Infallible;
use std::time::Duration;

use tower::{Layer, Service, ServiceExt, service_fn};
use tower_client_call::{CacheOutcome, CallRecord, RetryReason, StopReason};
use tower_client_metrics::MetricsLayer;

use crate::book::{Book, CALLS};
use crate::kit::{Always, Call, SECOND, answer, measured, poll, trip};

const TRIP: &str = "operation=trip";

#[tokio::test(start_paused = true)]
async fn a_call_at_which_nothing_happened_is_one_attempt() {
    let book = happened(200, |_| ()).await;

    let metrics: Vec<_> = book.metrics().into_keys().collect();
    let expected = [
        "active",
        "attempts_total",
        "bodies_total",
        "duration",
        "total",
    ];
    assert_eq!(metrics, expected.map(|name| format!("http_call_{name}")));
    assert_eq!(book.values("http_call_attempts_total", TRIP), [1.0]);
}

#[tokio::test(start_paused = true)]
async fn numbers_are_counted_as_they_were_noted() {
    let book = happened(200, |record| {
        for _ in 0..2 {
            record.count_replay();
        }
        for _ in 0..3 {
            record.count_token_fetch();
        }
        for _ in 0..4 {
            let _before = record.count_send();
        }
        record.add_backoff(SECOND);
        record.add_backoff(SECOND / 2);
        record.add_credential_wait(SECOND / 4);
    })
    .await;

    for (metric, value) in [
        ("http_call_replays_total", 2.0),
        ("http_call_token_fetches_total", 3.0),
        ("http_call_sends_total", 4.0),
        ("http_call_attempts_total", 1.0),
        ("http_call_backoff", 1.5),
        ("http_call_credential_wait", 0.25),
    ] {
        assert_eq!(book.values(metric, TRIP), [value], "{metric}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_of_no_time_is_none() {
    let book = happened(200, |record| {
        record.add_backoff(Duration::ZERO);
        record.add_credential_wait(Duration::from_nanos(1));
    })
    .await;

    assert_eq!(book.series("http_call_backoff").len(), 0);
    assert_eq!(book.values("http_call_credential_wait", TRIP), [1e-9]);
}

#[tokio::test(start_paused = true)]
async fn retries_are_counted_by_their_reasons() {
    let book = happened(503, |record| {
        record.count_retry(RetryReason::Server);
        record.count_retry(RetryReason::Server);
        record.count_retry(RetryReason::Timeout);
    })
    .await;

    let retries = "http_call_retries_total";
    let expected = [
        "operation=trip,reason=server",
        "operation=trip,reason=timeout",
    ];
    assert_eq!(book.series(retries), expected);
    assert_eq!(book.values(retries, expected[0]), [2.0]);
    assert_eq!(book.values(retries, expected[1]), [1.0]);
    assert_eq!(book.values("http_call_attempts_total", TRIP), [4.0]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_is_counted_unless_it_was_a_success() {
    for (stop, word) in [
        (StopReason::Succeeded, None),
        (StopReason::NotRetryable, Some("not_retryable")),
        (StopReason::Attempts, Some("attempts")),
        (StopReason::Budget, Some("budget")),
        (StopReason::Deadline, Some("deadline")),
        (StopReason::RetryAfterTooLong, Some("retry_after_too_long")),
        (StopReason::BodyNotRepeatable, Some("body_not_repeatable")),
        (StopReason::Cancelled, Some("cancelled")),
        (StopReason::NotReady, Some("not_ready")),
    ] {
        let book = happened(503, |record| record.set_stop(stop)).await;

        let stops = "http_call_retry_stops_total";
        let expected = word.map(|word| format!("operation=trip,reason={word}"));
        assert_eq!(book.series(stops), Vec::from_iter(expected));
        assert_eq!(book.times(stops), usize::from(word.is_some()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_a_cache_answered_was_not_attempted() {
    for (outcome, word, attempts) in [
        (CacheOutcome::Hit, "hit", 0.0),
        (CacheOutcome::Stale, "stale", 0.0),
        (CacheOutcome::Collapsed, "collapsed", 0.0),
        (CacheOutcome::Revalidated, "revalidated", 1.0),
        (CacheOutcome::Miss, "miss", 1.0),
        (CacheOutcome::Bypass, "bypass", 1.0),
    ] {
        let book = happened(200, |record| record.set_cache(outcome)).await;

        let labels = format!("operation=trip,outcome={word}");
        assert_eq!(book.series("http_call_cache_total"), [labels.as_str()]);
        assert_eq!(book.values("http_call_cache_total", &labels), [1.0]);
        assert_eq!(book.sum("http_call_attempts_total"), attempts, "{word}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_there_is_used() {
    let book = Book::default();
    let record = CallRecord::new();
    let mut request = trip();
    request.extensions_mut().insert(record.clone());

    let service = measured(&book, Always(200));
    drop(service.oneshot(request).await.unwrap());

    assert_eq!(record.snapshot().sends, 1);
    assert_eq!(book.values("http_call_sends_total", TRIP), [1.0]);
}

#[tokio::test(start_paused = true)]
async fn every_call_without_a_record_gets_one_of_its_own() {
    let book = Book::default();
    let mut service = measured(&book, Always(200));

    for _ in 0..3 {
        drop(service.ready().await.unwrap().call(trip()).await.unwrap());
    }

    assert_eq!(book.values("http_call_sends_total", TRIP), [1.0; 3]);
    assert_eq!(book.values("http_call_attempts_total", TRIP), [1.0; 3]);
}

#[tokio::test(start_paused = true)]
async fn what_is_noted_while_a_call_is_dropped_is_counted() {
    for polls in 0..2 {
        let book = Book::default();
        let service = service_fn(move |request: Call| {
            let record = CallRecord::find(request.extensions()).unwrap().clone();
            let leaving = NotesWhenDropped(record);
            async move {
                let _leaving = leaving;
                std::future::pending::<()>().await;
                Ok::<_, Infallible>(answer(200))
            }
        });
        let mut future = Box::pin(MetricsLayer::call(book.clone()).layer(service).call(trip()));

        for _ in 0..polls {
            assert!(poll(future.as_mut()).is_pending());
        }
        drop(future);

        let stops = book.series("http_call_retry_stops_total");
        assert_eq!(stops, ["operation=trip,reason=cancelled"]);
        assert_eq!(book.values("http_call_attempts_total", TRIP), [2.0]);
        assert_eq!(book.sum("http_call_backoff"), 1.0);
        assert_eq!(book.label(CALLS, "kind").unwrap(), "cancelled");
    }
}

/// As a layer that retries does, when its caller leaves.
struct NotesWhenDropped(CallRecord);

impl Drop for NotesWhenDropped {
    fn drop(&mut self) {
        self.0.count_retry(RetryReason::Server);
        self.0.add_backoff(SECOND);
        self.0.set_stop(StopReason::Cancelled);
    }
}

/// A call that gets this answer, after a layer below has noted something.
async fn happened(status: u16, note: impl Fn(&CallRecord)) -> Book {
    let book = Book::default();
    let service = service_fn(|request: Call| {
        note(CallRecord::find(request.extensions()).expect("a record"));
        std::future::ready(Ok::<_, Infallible>(answer(status)))
    });
    let service = MetricsLayer::call(book.clone()).layer(service);
    drop(service.oneshot(trip()).await.unwrap());
    book
}
