//! The metrics of calls, and errors.

use std::io::ErrorKind;
use std::time::Duration;

use tower_client_call::CallRecord;
use tower_client_error::ErrorLayer;
use tower_client_metrics::Registry;
use toyota_client::ToyotaErrors;

use super::{Order, Recommended, Swapped};
use super::{calls, counted, errors, measured, request, retry, sends, typed, values};
use crate::origin::{Answer, Origin, answer, failure};
use crate::stack::{ask, over, stack};

#[tokio::test(start_paused = true)]
async fn the_kind_of_an_error_is_the_typed_one_only_above_errors() {
    let kind = async |order: Order, fault: Answer| {
        let (origin, registry) = (Origin::answering([fault]), Registry::new());
        let stack = stack([order.of(calls(&registry), errors())], origin.service());

        ask(&stack, request()).await.unwrap_err();

        values(&registry, "http_call_total", "kind")
    };

    for (fault, above, below) in [
        (answer(404), "not_found", "404"),
        (answer(503), "server", "503"),
        (
            failure(ErrorKind::ConnectionRefused),
            "connection",
            "connect",
        ),
        (failure(ErrorKind::ConnectionReset), "network", "transport"),
    ] {
        assert_eq!(kind(Recommended, fault.clone()).await, [above]);
        assert_eq!(kind(Swapped, fault).await, [below]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_a_good_status_that_is_an_error_counts_as_one_only_above_errors() {
    // To Toyota's mapping a 204 is one, and a 302.
    let verdict = async |order: Order, status: u16| {
        let (origin, registry) = (Origin::answering([answer(status)]), Registry::new());
        let errors = over(ErrorLayer::new(ToyotaErrors::default()));
        let stack = stack([order.of(calls(&registry), errors)], origin.service());

        ask(&stack, request()).await.unwrap_err();

        values(&registry, "http_call_total", "status")
    };

    for status in [204, 302] {
        assert_eq!(verdict(Recommended, status).await, ["error"]);
        assert_eq!(verdict(Swapped, status).await, ["success"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_knows_its_attempts_only_where_the_record_was_made_above_it() {
    let attempts = async |order: Order, own: Option<CallRecord>| {
        let (origin, registry) = (Origin::answering([503; 3].map(answer)), Registry::new());
        let layers = [order.of(calls(&registry), errors()), retry()];
        let stack = stack(layers, origin.service());
        let mut request = request();
        if let Some(own) = own {
            request.extensions_mut().insert(own);
        }

        let error = ask(&stack, request).await.unwrap_err();

        assert_eq!(origin.requests(), 3);
        typed(&error).unwrap().attempts()
    };

    assert_eq!(attempts(Recommended, None).await, 3);
    assert_eq!(attempts(Swapped, None).await, 1);
    assert_eq!(attempts(Swapped, Some(CallRecord::new())).await, 3);
}

#[tokio::test(start_paused = true)]
async fn reading_an_error_takes_the_call_s_time_only_above_errors() {
    let duration = async |order: Order| {
        let (origin, registry) = (Origin::answering([answer(502).endless()]), Registry::new());
        let stack = stack([order.of(calls(&registry), errors())], origin.service());

        ask(&stack, request()).await.unwrap_err();

        measured(&registry, "http_call_duration")
    };

    assert_eq!(duration(Recommended).await, Duration::from_secs(5));
    assert_eq!(duration(Swapped).await, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn the_body_of_an_error_is_counted_only_below_errors() {
    let endings = async |order: Order, fault: Answer| {
        let (origin, registry) = (Origin::answering([fault]), Registry::new());
        let stack = stack([order.of(calls(&registry), errors())], origin.service());

        ask(&stack, request()).await.unwrap_err();

        values(&registry, "http_call_bodies_total", "ending")
    };

    for (fault, ending) in [
        (answer(404), "complete"),
        // No longer is read than an explanation takes.
        (answer(404).endless(), "aborted"),
    ] {
        assert!(endings(Recommended, fault.clone()).await.is_empty());
        assert_eq!(endings(Swapped, fault).await, [ending]);
    }
}

#[tokio::test(start_paused = true)]
async fn calls_attempts_and_requests_are_counted_either_way() {
    for order in [Recommended, Swapped] {
        let (origin, registry) = (
            Origin::answering([503, 503, 404].map(answer)),
            Registry::new(),
        );
        let layers = [
            order.of(calls(&registry), errors()),
            retry(),
            sends(&registry),
        ];
        let stack = stack(layers, origin.service());

        ask(&stack, request()).await.unwrap_err();
        ask(&stack, request()).await.unwrap();

        for (name, expected) in [
            ("http_call_total", 2),
            ("http_call_attempts_total", 4),
            ("http_call_sends_total", 4),
            ("http_call_retries_total", 2),
            ("http_call_retry_stops_total", 1),
        ] {
            assert_eq!(counted(&registry, name), expected, "{order:?}: {name}");
        }
    }
}
