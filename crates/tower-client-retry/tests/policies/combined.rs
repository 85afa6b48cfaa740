//! Policies made of policies and of functions, and how they show themselves.

use std::sync::Arc;
use std::time::Duration;

use http::header::RETRY_AFTER;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use tower_client_call::{Attempt, Operation};
use tower_client_retry::{
    Attempted, Decision, Policy, RetryKind, RetryLayer, StandardPolicy, from_fn,
};

use crate::common::{FORBID, after_of, answered, get, headers, kind_of, post};

#[test]
fn or_retry_adds_and_takes_nothing_away() {
    let policy = StandardPolicy::new().or_retry(|attempted| {
        let conflict = attempted.status() == Some(StatusCode::CONFLICT);
        conflict.then_some(RetryKind::Interrupted)
    });
    let none = HeaderMap::new();
    let asking = headers(&[(RETRY_AFTER, "9")]);
    for (head, status, headers, kind, after) in [
        (get(), 409, &none, Some(RetryKind::Interrupted), None),
        (post(), 409, &asking, Some(RetryKind::Interrupted), Some(9)),
        (get(), 503, &none, Some(RetryKind::ServerError), None),
        (post(), 503, &none, None, None),
        (get(), 404, &none, None, None),
    ] {
        let decision = policy.decide(&answered(&head, status, headers));

        assert_eq!(kind_of(decision), kind, "{status}");
        let after = kind.map(|_| after.map(Duration::from_secs));
        assert_eq!(after_of(decision), after, "{status}");
    }
    assert_eq!(policy.decide(&answered(&get(), 200, &none)), Decision::Done);
}

#[test]
fn or_retry_can_repeat_what_looks_like_a_success() {
    let policy = StandardPolicy::new().or_retry(|attempted| {
        let pending = attempted.status() == Some(StatusCode::ACCEPTED);
        pending.then_some(RetryKind::ServerError)
    });

    let decision = policy.decide(&answered(&get(), 202, &HeaderMap::new()));

    assert_eq!(kind_of(decision), Some(RetryKind::ServerError));
}

#[test]
fn unless_takes_away_and_adds_nothing() {
    let policy = StandardPolicy::new()
        .unless(|attempted| attempted.request().headers.contains_key("x-prefetch"));
    let plain = get();
    let mut prefetch = get();
    let value = HeaderValue::from_static("1");
    prefetch.headers.insert("x-prefetch", value);
    let none = HeaderMap::new();

    let decide = |head: &Parts, status| policy.decide(&answered(head, status, &none));

    assert_eq!(kind_of(decide(&plain, 503)), Some(RetryKind::ServerError));
    assert_eq!(decide(&prefetch, 503), FORBID);
    assert_eq!(decide(&prefetch, 404), FORBID);
    assert_eq!(decide(&prefetch, 200), Decision::Done);
}

#[test]
fn the_last_word_is_the_outermost_combinators() {
    let always = |_: &Attempted<'_>| Some(RetryKind::NotSent);
    let widened = StandardPolicy::new().unless(|_| true).or_retry(always);
    let narrowed = StandardPolicy::new().or_retry(always).unless(|_| true);
    let none = HeaderMap::new();
    let head = post();
    let attempted = answered(&head, 404, &none);

    let decisions = (widened.decide(&attempted), narrowed.decide(&attempted));

    assert_eq!(kind_of(decisions.0), Some(RetryKind::NotSent));
    assert_eq!(decisions.1, FORBID);
}

#[test]
fn for_operation_leaves_one_operation_to_another_policy() {
    let policy = StandardPolicy::new()
        .peeking(10, |_| true)
        .for_operation("wake", from_fn(|_| FORBID));
    let none = HeaderMap::new();

    for (name, kind, peek) in [
        (None, Some(RetryKind::ServerError), Some(10)),
        (Some("wake"), None, None),
        (Some("trips"), Some(RetryKind::ServerError), Some(10)),
    ] {
        let mut head = get();
        let operation = name.map(|name| Operation::new(name, "/v1/trips"));
        if let Some(operation) = operation {
            head.extensions.insert(operation);
        }

        let decision = policy.decide(&answered(&head, 503, &none));

        assert_eq!(kind_of(decision), kind, "{name:?}");
        assert_eq!(
            policy.peek(operation, StatusCode::BAD_GATEWAY),
            peek,
            "{name:?}"
        );
    }
}

#[test]
fn peeking_asks_for_the_most_that_anyone_wants() {
    let policy = StandardPolicy::new()
        .peeking(64, |status| status.is_client_error())
        .unless(|_| false)
        .peeking(16, |status| status == 403 || status == 500)
        .or_retry(|_| None);

    let peeks = [200, 404, 403, 500].map(|status| {
        let status = StatusCode::from_u16(status).unwrap();
        policy.peek(None, status)
    });

    assert_eq!(peeks, [None, Some(64), Some(64), Some(16)]);
    let head = get();
    let decision = policy.decide(&answered(&head, 404, &HeaderMap::new()));
    assert_eq!(decision, FORBID);
}

#[test]
fn a_function_is_a_policy() {
    let until_second = from_fn(|attempted| {
        if attempted.attempt().number() < 2 {
            Decision::Retry {
                kind: RetryKind::Timeout,
                after: attempted.remaining(),
            }
        } else {
            Decision::Done
        }
    });
    let (head, none) = (post(), HeaderMap::new());
    let elapsed = Duration::from_secs(3);
    let first = answered(&head, 200, &none).times(elapsed, Some(elapsed));
    let second = answered(&head, 200, &none).attempt_number(Attempt::FIRST.next());

    let decisions = (until_second.decide(&first), until_second.decide(&second));

    assert_eq!(after_of(decisions.0), Some(Some(elapsed)));
    assert_eq!(decisions.1, Decision::Done);
    assert_eq!(until_second.peek(None, StatusCode::OK), None);
}

#[test]
fn a_shared_policy_of_any_type_is_a_policy() {
    let policy: Arc<dyn Policy> = Arc::new(StandardPolicy::new().peeking(8, |_| true));
    let none = HeaderMap::new();

    let decision = policy.decide(&answered(&get(), 502, &none));

    assert_eq!(kind_of(decision), Some(RetryKind::ServerError));
    assert_eq!(policy.peek(None, StatusCode::OK), Some(8));
    assert_eq!(kind_of(policy.decide(&answered(&post(), 502, &none))), None);
}

#[test]
fn debug_of_a_policy_shows_its_closures_by_type() {
    let policy = StandardPolicy::new()
        .throttled_operations(["wake"])
        .or_retry(|_| None)
        .unless(|_| false)
        .peeking(64, |_| true)
        .for_operation("trips", from_fn(|_| FORBID));

    let shown = format!("{policy:?}");

    for part in [
        "StandardPolicy",
        "OrRetry",
        "Unless",
        "Peeking",
        "ForOperation",
        "PolicyFn",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    for setting in ["wake", "64", "trips"] {
        assert!(shown.contains(setting), "{setting}: {shown}");
    }
    let closures = shown.matches("debug_of_a_policy_shows_its_closures_by_type::{{closure}}");
    assert_eq!(closures.count(), 4, "{shown}");
    let layer = RetryLayer::builder().policy(policy).build().unwrap();
    assert!(format!("{layer:?}").contains(&shown));
}
