//! The rows of failures: by delivery, by what the request allows, and by what caused them.

use std::io;

use tower::BoxError;
use tower_client_call::Delivery;
use tower_client_retry::{Policy, RetryKind, StandardPolicy};

use super::Expected::{Forbidden, Repeated};
use super::{Said, WAIT, answer, decided, failed, may_be_received_twice, request, requests, wrap};

const NOTHING: Said = Said {
    fact: None,
    key: false,
};

/// What is repeated after a failure that has no answer on its chain.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Repeats {
    Any,
    Idempotent,
    Nothing,
}

/// The failures of a row, and what a repeat is called.
fn failures(row: Repeats) -> Vec<(BoxError, RetryKind)> {
    use Delivery::{Answered, MaybeSent, NotSent};
    use RetryKind::{Interrupted, Timeout};
    use io::ErrorKind;
    let late = || io::Error::from(ErrorKind::TimedOut);
    let refused = || io::Error::from(ErrorKind::ConnectionRefused);
    match row {
        Repeats::Any => vec![
            (NotSent.because("no token").into(), RetryKind::NotSent),
            (refused().into(), RetryKind::NotSent),
            (io(ErrorKind::AddrNotAvailable), RetryKind::NotSent),
            (NotSent.because(late()).into(), Timeout),
        ],
        Repeats::Idempotent => vec![
            (MaybeSent.because("broken").into(), Interrupted),
            (Answered.because("half a body").into(), Interrupted),
            ("nobody knows".into(), Interrupted),
            (io(ErrorKind::BrokenPipe), Interrupted),
            // An established connection fails in these ways too.
            (io(ErrorKind::HostUnreachable), Interrupted),
            (io(ErrorKind::NetworkDown), Interrupted),
            (io(ErrorKind::NetworkUnreachable), Interrupted),
            (io(ErrorKind::ConnectionAborted), Interrupted),
            (io(ErrorKind::ConnectionReset), Interrupted),
            (io(ErrorKind::UnexpectedEof), Interrupted),
            // The outermost is believed.
            (MaybeSent.because(refused()).into(), Interrupted),
            (late().into(), Timeout),
            (Answered.because(late()).into(), Timeout),
        ],
        Repeats::Nothing => [NotSent, MaybeSent, Answered]
            .into_iter()
            .flat_map(|delivery| {
                let inner = NotSent.because("no password").permanent();
                [
                    delivery.because("no password").permanent(),
                    delivery.because(inner),
                    delivery.because(answer(503, true)).permanent(),
                ]
            })
            .map(|error| (error.into(), RetryKind::NotSent))
            .collect(),
    }
}

#[test]
fn a_failure_is_repeated_by_its_delivery_and_by_what_the_request_allows() {
    let policy = StandardPolicy::new().throttled_operations(["wake"]);
    for row in [Repeats::Any, Repeats::Idempotent, Repeats::Nothing] {
        for ((method, said), wrapped) in requests().flat_map(|it| [0, 1, 2].map(|n| (it, n))) {
            for (error, kind) in failures(row) {
                let head = request(method, said, Some("wake"));
                let error = wrap(error, wrapped);

                let decision = decided(policy.decide(&failed(&head, &*error)));

                let repeated = match row {
                    Repeats::Any => true,
                    Repeats::Idempotent => may_be_received_twice(method, said),
                    Repeats::Nothing => false,
                };
                let expected = repeated.then_some(Repeated(kind, None));
                let expected = expected.unwrap_or(Forbidden);
                assert_eq!(decision, expected, "{error:?} {method} {said:?}");
            }
        }
    }
}

#[test]
fn an_error_inside_an_io_error_is_decided_by_what_is_inside() {
    let post = request("POST", NOTHING, None);
    let get = request("GET", NOTHING, None);
    let not_sent = io::Error::other(Delivery::NotSent.because("no token"));
    let conflict = io::Error::other(answer(409, false));

    let repeated = StandardPolicy::new().decide(&failed(&post, &not_sent));
    let forbidden = StandardPolicy::new().decide(&failed(&get, &conflict));

    assert_eq!(decided(repeated), Repeated(RetryKind::NotSent, None));
    assert_eq!(decided(forbidden), Forbidden);
}

#[test]
fn what_was_not_sent_is_repeated_although_another_answer_caused_it() {
    let post = request("POST", NOTHING, None);
    for (status, asks, after) in [(403, false, None), (429, true, Some(WAIT))] {
        let error = Delivery::NotSent.because(answer(status, asks));

        let decision = StandardPolicy::new().decide(&failed(&post, &error));

        let expected = Repeated(RetryKind::NotSent, after);
        assert_eq!(decided(decision), expected, "{status}");
    }
}

#[test]
fn what_may_have_been_sent_is_decided_by_the_answer_on_the_chain() {
    let get = request("GET", NOTHING, None);
    for delivery in [Delivery::MaybeSent, Delivery::Answered] {
        for (status, expected) in [
            (403, Forbidden),
            (200, Forbidden),
            (502, Repeated(RetryKind::ServerError, None)),
            (504, Repeated(RetryKind::Timeout, None)),
        ] {
            let error = delivery.because(answer(status, false));

            let decision = StandardPolicy::new().decide(&failed(&get, &error));

            assert_eq!(decided(decision), expected, "{delivery:?} {status}");
        }
    }
}

fn io(kind: io::ErrorKind) -> BoxError {
    io::Error::from(kind).into()
}
