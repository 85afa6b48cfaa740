//! The rows of answers: by status, by what the request allows, and by the form they arrive in.

use http::request::Parts;
use tower_client_retry::{Policy, RetryKind, StandardPolicy};

use super::Expected::{self, Done, Forbidden, Repeated};
use super::{
    WAIT, answer, decided, failed, headers, may_be_received_twice, request, requests, wrap,
};
use crate::common::answered;

const NEVER_REPEATED: [u16; 23] = [
    400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 421, 422, 425, 428, 431, 451, 418, 501, 505,
    507, 511, 499, 599,
];
const NO_FAILURES: [u16; 13] = [
    100, 101, 103, 200, 201, 202, 204, 206, 301, 302, 303, 304, 307,
];

/// How an answer arrives: as it came, or in an error that is wrapped so often.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Raw,
    InAnError { wrapped: usize },
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

fn of(policy: &impl Policy, head: &Parts, status: u16, form: Form, asks: bool) -> Expected {
    let decision = match form {
        Form::Raw => policy.decide(&answered(head, status, &headers(asks))),
        Form::InAnError { wrapped } => {
            let error = wrap(answer(status, asks).into(), wrapped);
            policy.decide(&failed(head, &*error))
        }
    };
    decided(decision)
}
