//! Metrics further in, or further out.

use tower_client_call::CallRecord;
use tower_client_metrics::Registry;

use super::{Order, Recommended, Swapped};
use super::{cache, calls, counted, errors, request, retry, sends, values};
use crate::origin::{Origin, answer};
use crate::stack::{ask, stack};

#[tokio::test(start_paused = true)]
async fn each_attempt_is_a_call_of_its_own_only_below_retries() {
    let counts = async |order: Order, own: Option<CallRecord>| {
        let (origin, registry) = (Origin::answering([503; 2].map(answer)), Registry::new());
        let stack = stack([order.of(calls(&registry), retry())], origin.service());
        let mut request = request();
        if let Some(own) = own {
            request.extensions_mut().insert(own);
        }

        ask(&stack, request).await.unwrap();

        ["total", "attempts_total", "retries_total"]
            .map(|name| counted(&registry, &format!("http_call_{name}")))
    };

    assert_eq!(counts(Recommended, None).await, [1, 3, 2]);
    assert_eq!(counts(Swapped, None).await, [3, 3, 0]);
    // One record is for one call: what it tells is counted with each.
    let own = || Some(CallRecord::new());
    assert_eq!(counts(Recommended, own()).await, [1, 3, 2]);
    assert_eq!(counts(Swapped, own()).await, [3, 6, 3]);
}

#[tokio::test(start_paused = true)]
async fn hits_are_calls_only_above_the_cache() {
    let counts = async |order: Order| {
        let storable = answer(200).header("cache-control", "max-age=600");
        let (origin, registry) = (Origin::answering([storable]), Registry::new());
        let stack = stack([order.of(calls(&registry), cache())], origin.service());

        for _ in 0..3 {
            ask(&stack, request()).await.unwrap();
        }

        let outcomes = values(&registry, "http_call_cache_total", "outcome");
        (counted(&registry, "http_call_total"), outcomes.join(" "))
    };

    assert_eq!(counts(Recommended).await, (3, "hit miss".into()));
    assert_eq!(counts(Swapped).await, (1, String::new()));
}

#[tokio::test(start_paused = true)]
async fn attempts_are_requests_of_their_own_only_below_retries() {
    let counts = async |order: Order| {
        let (origin, registry) = (Origin::answering([503; 2].map(answer)), Registry::new());
        let layers = order.of(retry(), sends(&registry));
        let stack = stack([calls(&registry), layers], origin.service());

        ask(&stack, request()).await.unwrap();

        assert_eq!(origin.requests(), 3);
        [
            "http_call_attempts_total",
            "http_call_sends_total",
            "http.client.request.duration",
        ]
        .map(|name| counted(&registry, name))
    };

    assert_eq!(counts(Recommended).await, [3, 3, 3]);
    assert_eq!(counts(Swapped).await, [3, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn hits_are_requests_only_above_the_cache() {
    let counts = async |order: Order| {
        let storable = answer(200).header("cache-control", "max-age=600");
        let (origin, registry) = (Origin::answering([storable]), Registry::new());
        let layers = order.of(cache(), sends(&registry));
        let stack = stack([calls(&registry), layers], origin.service());

        for _ in 0..3 {
            ask(&stack, request()).await.unwrap();
        }

        assert_eq!(origin.requests(), 1);
        [
            "http_call_attempts_total",
            "http_call_sends_total",
            "http.client.request.duration",
        ]
        .map(|name| counted(&registry, name))
    };

    assert_eq!(counts(Recommended).await, [1, 1, 1]);
    // And each hit is an attempt, since something seems to have been sent for it.
    assert_eq!(counts(Swapped).await, [3, 3, 3]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_became_an_error_is_measured_by_its_status_alone_only_above_errors() {
    let measured = async |order: Order| {
        let (origin, registry) = (Origin::answering([answer(404)]), Registry::new());
        let stack = stack([order.of(errors(), sends(&registry))], origin.service());

        ask(&stack, request()).await.unwrap_err();

        let labels = [
            "http.response.status_code",
            "error.type",
            "network.protocol.version",
        ];
        let values = labels.map(|label| values(&registry, "http.client.request.duration", label));
        let bodies = counted(&registry, "http.client.response.body.size");
        (values.concat().join(" "), bodies)
    };

    assert_eq!(measured(Recommended).await, ("404 404 1.1".into(), 1));
    assert_eq!(measured(Swapped).await, ("404 404".into(), 0));
}
