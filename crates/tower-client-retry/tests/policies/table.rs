//! What the standard policy repeats: the table of its documentation, row by row.

mod answers;
mod failures;

use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use tower::BoxError;
use tower_client_call::{Idempotency, Operation, ResponseError};
use tower_client_retry::{Attempted, Decision, Outcome, RetryKind};

use Expected::{Done, Forbidden, Repeated};

const WAIT: Duration = Duration::from_secs(7);
const METHODS: [&str; 9] = [
    "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "POST", "PATCH", "BREW",
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

/// RFC 9110 section 9.2.2, and what a caller says before it.
fn may_be_received_twice(method: &str, said: Said) -> bool {
    match (said.fact, said.key) {
        (Some(Idempotency::Once), _) => false,
        (Some(Idempotency::Repeatable | Idempotency::Keyed), _) | (None, true) => true,
        (None, false) => ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(&method),
    }
}

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
