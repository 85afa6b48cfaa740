//! Instruments are made once for each set of labels, or more often where many make haste, and
//! nothing is lost then.

use std::sync::Barrier;
use std::thread;

use tower::Service;
use tower_client_call::{CallRecord, Operation, RetryReason};

use crate::book::{ACTIVE, BODIES, Book, CALLS, DURATION};
use crate::kit::{Always, Call, get, measured, now};

const THREADS: usize = 8;
const ROUNDS: usize = 5;

#[test]
fn instruments_are_made_once() {
    let book = Book::default();
    let service = measured(&book, Always(503));

    for _ in 0..3 {
        send_all(service.clone());
    }

    assert_made_once(&book);
}

#[test]
fn nothing_is_lost_where_many_threads_make_instruments() {
    for round in 0..ROUNDS {
        let book = Book::default();
        let service = measured(&book, Always(503));
        let barrier = Barrier::new(THREADS);

        thread::scope(|scope| {
            for _ in 0..THREADS {
                let service = service.clone();
                scope.spawn(|| {
                    barrier.wait();
                    send_all(service);
                });
            }
        });

        for (instrument, times) in book.makings() {
            assert!(times <= THREADS, "{instrument:?} was made {times} times");
        }
        let calls = THREADS * requests().count();
        for metric in [CALLS, DURATION, BODIES, "http_call_attempts_total"] {
            assert_eq!(book.times(metric), calls, "{metric} in round {round}");
        }
        assert_eq!(book.times(ACTIVE), 2 * calls);
        assert_eq!(book.under_way(), [0.0, 0.0]);
        // 200 hosts are told apart, whoever was first.
        assert_eq!(book.series(DURATION).len(), 201);
    }
}

fn send_all<S: Service<Call, Error: std::fmt::Debug>>(mut service: S) {
    for request in requests() {
        drop(now(service.call(request)).unwrap());
    }
}

fn requests() -> impl Iterator<Item = Call> {
    (0..300).map(|number: usize| {
        let mut request = get(&format!("https://host{number}.example/v1/trips"));
        let record = CallRecord::new();
        record.count_retry(RetryReason::Server);
        record.count_replay();
        let facts = request.extensions_mut();
        facts.insert(record);
        if number.is_multiple_of(2) {
            facts.insert(Operation::new("trips", "/v1/trips"));
        } else {
            facts.insert(Operation::new("cars", "/v1/trips"));
        }
        request
    })
}

fn assert_made_once(book: &Book) {
    let makings = book.makings();
    assert!(!makings.is_empty());
    for (instrument, times) in makings {
        assert_eq!(times, 1, "{instrument:?}");
    }
}
