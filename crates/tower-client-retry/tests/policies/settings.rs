//! What the standard policy heeds of `Retry-After`, and what it repeats of the kinds it is given.

use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use tower_client_call::Delivery;
use tower_client_retry::{Attempted, Decision, Outcome, Policy, RetryKind, StandardPolicy};

use crate::common::{FORBID, after_of, answered, get, headers, kind_of};

#[test]
fn retry_after_is_heeded_in_every_form_and_measured_by_the_answers_own_clock() {
    let date = (DATE, "Sun, 22 Nov 2026 21:00:00 GMT");
    for (value, seconds) in [
        ("0", Some(0)),
        ("120", Some(120)),
        ("Sun, 22 Nov 2026 21:00:30 GMT", Some(30)),
        ("Sunday, 22-Nov-26 21:00:30 GMT", Some(30)),
        ("Sun Nov 22 21:00:30 2026", Some(30)),
        ("Sun, 22 Nov 2026 20:00:00 GMT", Some(0)),
        ("soon", None),
        ("-1", None),
    ] {
        for status in [429, 503] {
            let headers = headers(&[(RETRY_AFTER, value), date.clone()]);

            let decision = StandardPolicy::new().decide(&answered(&get(), status, &headers));

            let after = seconds.map(Duration::from_secs);
            assert_eq!(after_of(decision), Some(after), "{status} {value}");
        }
    }
}

#[test]
fn retry_after_on_other_statuses_is_heeded_where_they_are_named() {
    let headers = headers(&[(RETRY_AFTER, "9")]);
    let named = StandardPolicy::new()
        .retry_after_on([StatusCode::BAD_GATEWAY])
        .retry_after_on([StatusCode::REQUEST_TIMEOUT, StatusCode::NOT_FOUND]);
    let nine = Some(Duration::from_secs(9));
    for (status, by_default, when_named) in [
        (408, Some(None), Some(nine)),
        (429, Some(nine), Some(nine)),
        (500, Some(None), Some(None)),
        (502, Some(None), Some(nine)),
        (503, Some(nine), Some(nine)),
        (504, Some(None), Some(None)),
        // Named, and still not repeated.
        (404, None, None),
    ] {
        let head = get();
        let attempted = answered(&head, status, &headers);

        let decisions = (
            StandardPolicy::new().decide(&attempted),
            named.decide(&attempted),
        );

        assert_eq!(after_of(decisions.0), by_default, "{status}");
        assert_eq!(after_of(decisions.1), when_named, "{status}");
    }
}

#[test]
fn only_the_kinds_that_are_named_are_repeated() {
    let asking = headers(&[(RETRY_AFTER, "9")]);
    let none = HeaderMap::new();
    let head = get();
    let [not_sent, interrupted] =
        [Delivery::NotSent, Delivery::MaybeSent].map(|delivery| delivery.because("x"));
    let late = std::io::Error::from(std::io::ErrorKind::TimedOut);
    let failed = |error| Attempted::new(&head, Outcome::Error(error));
    let attempts = [
        (RetryKind::NotSent, failed(&not_sent)),
        (RetryKind::Interrupted, failed(&interrupted)),
        (RetryKind::Timeout, failed(&late)),
        (RetryKind::Timeout, answered(&head, 504, &none)),
        (RetryKind::Throttled, answered(&head, 429, &none)),
        (RetryKind::Throttled, answered(&head, 503, &asking)),
        (RetryKind::ServerError, answered(&head, 503, &none)),
        (RetryKind::ServerError, answered(&head, 500, &none)),
    ];
    for (kind, attempted) in &attempts {
        for one in RetryKind::ALL {
            let decision = StandardPolicy::new().kinds([one]).decide(attempted);

            assert_eq!(
                kind_of(decision),
                (one == *kind).then_some(one),
                "{kind} {one}"
            );
        }
        let decision = StandardPolicy::new().kinds([]).decide(attempted);
        assert_eq!(decision, FORBID, "{kind}");
    }
    let success = StandardPolicy::new().kinds([]);
    assert_eq!(success.decide(&answered(&head, 200, &none)), Decision::Done);
}
