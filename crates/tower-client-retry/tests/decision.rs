//! What the standard policy repeats: the table of its documentation, row by row.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use tower::BoxError;
use tower_client_call::{Delivery, Idempotency, Operation, ResponseError};
use tower_client_retry::{Attempted, Decision, Outcome, Policy, RetryKind, StandardPolicy};

use Expected::{Done, Forbidden, Repeated};

const WAIT: Duration = Duration::from_secs(7);
const METHODS: [&str; 9] = [
    "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "POST", "PATCH", "BREW",
];
const NEVER_REPEATED: [u16; 23] = [
    400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 421, 422, 425, 428, 431, 451, 418, 501, 505,
    507, 511, 499, 599,
];
const NO_FAILURES: [u16; 13] = [
    100, 101, 103, 200, 201, 202, 204, 206, 301, 302, 303, 304, 307,
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Expected {
    Done,
    Forbidden,
    Repeated(RetryKind, Option<Duration>),
}

/// What a request says of itself.
#[derive(Clone, Copy, Debug)]
struct Said {
    fact: Option<Idempotency>,
    key: bool,
}

/// How an answer arrives: as it came, or in an error that is wrapped so often.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Raw,
    InAnError { wrapped: usize },
}

/// RFC 9110 section 9.2.2, and what a caller says before it.
fn may_be_received_twice(method: &str, said: Said) -> bool {
    match (said.fact, said.key) {
        (Some(Idempotency::Once), _) => false,
        (Some(Idempotency::Repeatable | Idempotency::Keyed), _) | (None, true) => true,
        (None, false) => ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(&method),
    }
}

/// The rows. `named` is an operation of `throttled_operations`, `asks` an answer with
/// `Retry-After`.
fn of_an_answer(status: u16, form: Form, twice: bool, named: bool, asks: bool) -> Expected {
    use RetryKind::{ServerError, Throttled, Timeout};
    let after = asks.then_some(WAIT);
    let (repeated, kind, after) = match status {
        // An error is never the answer that was asked for, whatever status is in it.
        100..=399 if form == Form::Raw => return Done,
        408 | 504 => (twice, Timeout, None),
        429 => (twice || (named && asks), Throttled, after),
        500 | 502 => (twice, ServerError, None),
        503 if asks => (twice || named, Throttled, after),
        503 => (twice, ServerError, None),
        _ => return Forbidden,
    };
    if repeated {
        Repeated(kind, after)
    } else {
        Forbidden
    }
}

#[test]
fn an_answer_is_repeated_by_its_status_and_by_what_the_request_allows() {
    let policy = StandardPolicy::new().throttled_operations(["wake", "other"]);
    let statuses = [408, 429, 500, 502, 503, 504].into_iter();
    let statuses = statuses.chain(NEVER_REPEATED).chain(NO_FAILURES);
    let forms = [
        Form::Raw,
        Form::InAnError { wrapped: 0 },
        Form::InAnError { wrapped: 1 },
        Form::InAnError { wrapped: 2 },
    ];
    for status in statuses {
        for (method, said) in requests() {
            for operation in [None, Some("wake"), Some("unnamed")] {
                for (form, asks) in forms
                    .iter()
                    .flat_map(|form| [(*form, false), (*form, true)])
                {
                    let head = request(method, said, operation);

                    let decision = of(&policy, &head, status, form, asks);

                    let twice = may_be_received_twice(method, said);
                    let named = operation == Some("wake");
                    let expected = of_an_answer(status, form, twice, named, asks);
                    let case = format!("{status} {method} {said:?} {operation:?} {form:?} {asks}");
                    assert_eq!(decision, expected, "{case}");
                }
            }
        }
    }
}

#[test]
fn what_is_not_in_the_table_is_never_repeated() {
    let listed = [408, 429, 500, 502, 503, 504];
    for status in (400..600).filter(|status| !listed.contains(status)) {
        for (method, said) in requests() {
            let head = request(method, said, None);

            let decision = of(&StandardPolicy::new(), &head, status, Form::Raw, true);

            assert_eq!(decision, Forbidden, "{status} {method} {said:?}");
        }
    }
}

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
            (io(ErrorKind::HostUnreachable), RetryKind::NotSent),
            (io(ErrorKind::NetworkDown), RetryKind::NotSent),
            (io(ErrorKind::NetworkUnreachable), RetryKind::NotSent),
            (NotSent.because(late()).into(), Timeout),
        ],
        Repeats::Idempotent => vec![
            (MaybeSent.because("broken").into(), Interrupted),
            (Answered.because("half a body").into(), Interrupted),
            ("nobody knows".into(), Interrupted),
            (io(ErrorKind::BrokenPipe), Interrupted),
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

const NOTHING: Said = Said {
    fact: None,
    key: false,
};

/// Every method with everything that a request can say of itself.
fn requests() -> impl Iterator<Item = (&'static str, Said)> {
    use Idempotency::{Keyed, Once, Repeatable};
    METHODS.into_iter().flat_map(|method| {
        let facts = [None, Some(Repeatable), Some(Keyed), Some(Once)].into_iter();
        facts.flat_map(move |fact| [false, true].map(|key| (method, Said { fact, key })))
    })
}

fn request(method: &str, said: Said, operation: Option<&'static str>) -> Parts {
    let mut request = Request::builder()
        .method(method)
        .uri("https://api.example/v1/trips")
        .body(())
        .unwrap();
    if said.key {
        let key = HeaderValue::from_static("7f4c");
        request.headers_mut().insert("idempotency-key", key);
    }
    if let Some(fact) = said.fact {
        request.extensions_mut().insert(fact);
    }
    if let Some(name) = operation {
        let operation = Operation::new(name, "/v1/trips");
        request.extensions_mut().insert(operation);
    }
    request.into_parts().0
}

fn headers(asks: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if asks {
        headers.insert("retry-after", HeaderValue::from(WAIT.as_secs()));
    }
    headers
}

fn answer(status: u16, asks: bool) -> ResponseError {
    ResponseError::new(StatusCode::from_u16(status).unwrap(), headers(asks))
}

fn of(policy: &impl Policy, head: &Parts, status: u16, form: Form, asks: bool) -> Expected {
    let decision = match form {
        Form::Raw => {
            let headers = headers(asks);
            let outcome = Outcome::Response {
                status: StatusCode::from_u16(status).unwrap(),
                headers: &headers,
                peek: None,
            };
            policy.decide(&Attempted::new(head, outcome))
        }
        Form::InAnError { wrapped } => {
            let error = wrap(answer(status, asks).into(), wrapped);
            policy.decide(&failed(head, &*error))
        }
    };
    decided(decision)
}

fn failed<'a>(head: &'a Parts, error: &'a (dyn Error + 'static)) -> Attempted<'a> {
    Attempted::new(head, Outcome::Error(error))
}

fn decided(decision: Decision) -> Expected {
    match decision {
        Decision::Done => Done,
        Decision::Forbid => Forbidden,
        Decision::Retry { kind, after } => Repeated(kind, after),
    }
}

fn io(kind: io::ErrorKind) -> BoxError {
    io::Error::from(kind).into()
}

/// The typed error of a layer below.
#[derive(Debug)]
struct LayerError(BoxError);

impl fmt::Display for LayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a layer below failed")
    }
}

impl Error for LayerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

fn wrap(error: BoxError, times: usize) -> BoxError {
    (0..times).fold(error, |error, _| LayerError(error).into())
}
