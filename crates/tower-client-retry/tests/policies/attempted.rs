//! What a policy is told of an attempt.

use std::time::Duration;

use bytes::Bytes;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tower_client_call::{Attempt, Captured, Delivery, Idempotency, Operation, ResponseError};
use tower_client_retry::{Attempted, Outcome};

use crate::common::{answered, get, headers, post};

#[test]
fn an_attempt_tells_what_was_sent_and_what_came_of_it() {
    let mut head = post();
    head.extensions.insert(Idempotency::Keyed);
    let headers = headers(&[(RETRY_AFTER, "9")]);
    let elapsed = Duration::from_secs(3);

    let attempted = answered(&head, 503, &headers).times(elapsed, None);

    assert_eq!(attempted.request().method, Method::POST);
    assert_eq!(attempted.idempotency(), Idempotency::Keyed);
    assert_eq!(attempted.delivery(), Delivery::Answered);
    assert_eq!(attempted.attempt(), Attempt::FIRST);
    assert_eq!(
        (attempted.elapsed(), attempted.remaining()),
        (elapsed, None)
    );
    assert_eq!(attempted.headers(), Some(&headers));
    assert_eq!(attempted.retry_after(), Some(Duration::from_secs(9)));
    assert!(attempted.operation().is_none() && attempted.peek().is_none());
}

#[test]
fn debug_of_an_attempt_shows_no_header() {
    let mut head = get();
    let secret = HeaderValue::from_static("s3cret");
    head.headers.insert("authorization", secret);
    let headers = headers(&[(RETRY_AFTER, "s3cret"), (DATE, "s3cret")]);
    let error = ResponseError::new(StatusCode::BAD_GATEWAY, headers.clone());

    let response = format!("{:?}", answered(&head, 503, &headers));
    let failure = format!("{:?}", Attempted::new(&head, Outcome::Error(&error)));

    for shown in [response, failure] {
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(!shown.contains("authorization"), "{shown}");
        assert!(shown.contains("GET") && shown.contains("50"), "{shown}");
    }
}

#[test]
fn an_error_with_an_answer_tells_what_the_answer_would() {
    let headers = headers(&[(RETRY_AFTER, "9")]);
    let error = ResponseError::new(StatusCode::BAD_GATEWAY, headers.clone());
    let wrapped = std::io::Error::other(error);
    let head = post();

    let attempted = Attempted::new(&head, Outcome::Error(&wrapped));

    assert_eq!(attempted.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!(attempted.headers(), Some(&headers));
    assert_eq!(attempted.retry_after(), Some(Duration::from_secs(9)));
    assert_eq!(attempted.delivery(), Delivery::Answered);
    assert!(matches!(attempted.outcome(), Outcome::Error(_)));
}

#[test]
fn an_error_without_an_answer_tells_of_none() {
    let error = Delivery::NotSent.because("no connection");
    let mut head = post();
    head.extensions.insert(Operation::new("trips", "/v1/trips"));

    let attempted = Attempted::new(&head, Outcome::Error(&error));

    assert!(attempted.status().is_none() && attempted.headers().is_none());
    assert!(attempted.retry_after().is_none() && attempted.peek().is_none());
    assert_eq!(attempted.delivery(), Delivery::NotSent);
    assert_eq!(attempted.idempotency(), Idempotency::Once);
    assert_eq!(attempted.operation().unwrap().name(), "trips");
}

#[test]
fn the_beginning_of_a_body_is_told_and_not_shown() {
    let peek = Captured {
        bytes: Bytes::from("s3cret"),
        truncated: true,
    };
    let (head, headers) = (get(), HeaderMap::new());
    let outcome = Outcome::Response {
        status: StatusCode::FORBIDDEN,
        headers: &headers,
        peek: Some(&peek),
    };

    let attempted = Attempted::new(&head, outcome);

    assert_eq!(attempted.peek(), Some(&peek));
    assert!(!format!("{attempted:?} {outcome:?}").contains("s3cret"));
}
