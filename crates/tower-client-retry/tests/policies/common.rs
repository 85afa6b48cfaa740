//! Requests, attempts that were answered, and what was decided upon them.

use std::time::Duration;

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use tower_client_retry::{Attempted, Decision, Outcome, RetryKind};

pub(crate) const FORBID: Decision = Decision::Forbid;

pub(crate) fn get() -> Parts {
    Request::get("https://api.example/v1")
        .body(())
        .unwrap()
        .into_parts()
        .0
}

pub(crate) fn post() -> Parts {
    Request::post("https://api.example/v1")
        .body(())
        .unwrap()
        .into_parts()
        .0
}

pub(crate) fn headers(headers: &[(HeaderName, &'static str)]) -> HeaderMap {
    let headers = headers.iter().cloned();
    headers
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect()
}

pub(crate) fn answered<'a>(head: &'a Parts, status: u16, headers: &'a HeaderMap) -> Attempted<'a> {
    let outcome = Outcome::Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers,
        peek: None,
    };
    Attempted::new(head, outcome)
}

/// The kind of a decision to repeat.
pub(crate) fn kind_of(decision: Decision) -> Option<RetryKind> {
    match decision {
        Decision::Retry { kind, .. } => Some(kind),
        Decision::Done | Decision::Forbid => None,
    }
}

/// What a decision to repeat waits for.
pub(crate) fn after_of(decision: Decision) -> Option<Option<Duration>> {
    match decision {
        Decision::Retry { after, .. } => Some(after),
        Decision::Done | Decision::Forbid => None,
    }
}
