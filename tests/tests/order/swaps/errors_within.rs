//! Errors further in: below retries, and below credentials.

use std::time::Duration;

use http::Method;
use tokio::time::Instant;
use tower_client_call::Deadline;
use tower_client_error::ApiError;
use tower_client_metrics::Registry;
use tower_client_retry::{Policy, RetryError, RetryKind, StandardPolicy};

use super::{Order, Recommended, Swapped, Tokens};
use super::{calls, counted, errors, quick, request, retry, status, typed, values};
use crate::origin::{Origin, answer};
use crate::stack::{ask, over, stack};

#[tokio::test(start_paused = true)]
async fn retries_decide_by_the_status_that_an_error_keeps_either_way() {
    let attempts = async |order: Order, method: Method, code: u16| {
        let origin = Origin::answering([answer(code), answer(200)]);
        let stack = stack([order.of(errors(), retry())], origin.service());
        let mut request = request();
        *request.method_mut() = method;

        drop(ask(&stack, request).await);

        origin.requests()
    };

    for order in [Recommended, Swapped] {
        for code in [408, 429, 500, 502, 503, 504] {
            assert_eq!(
                attempts(order, Method::GET, code).await,
                2,
                "{order:?} {code}"
            );
            assert_eq!(
                attempts(order, Method::POST, code).await,
                1,
                "{order:?} {code}"
            );
        }
        for code in [400, 401, 403, 404, 409, 501] {
            assert_eq!(
                attempts(order, Method::GET, code).await,
                1,
                "{order:?} {code}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_origin_that_asks_for_time_gets_it_either_way() {
    for order in [Recommended, Swapped] {
        let busy = answer(503).header("retry-after", "10");
        let origin = Origin::answering([busy]);
        let stack = stack([order.of(errors(), retry())], origin.service());

        let began = Instant::now();
        let first = async {
            ask(&stack, request()).await.unwrap();
            began.elapsed()
        };
        let second = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            ask(&stack, request()).await.unwrap();
            began.elapsed()
        };
        let (first, second) = tokio::join!(first, second);

        // And up to a tenth more; the one that came later waits as well.
        let asked = Duration::from_secs(10)..=Duration::from_secs(11);
        assert!(asked.contains(&first), "{order:?}: {first:?}");
        assert!(asked.contains(&second), "{order:?}: {second:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_sees_bodies_only_below_errors() {
    let end = async |order: Order| {
        let busy = answer(403).content("too many of them");
        let origin = Origin::answering([busy]);
        let policy = StandardPolicy::new()
            .or_retry(|attempted| {
                let words = attempted.peek()?;
                let is_throttle = words.bytes.starts_with(b"too many");
                is_throttle.then_some(RetryKind::Throttled)
            })
            .peeking(1024, |status| status == 403);
        let retry = quick().policy(policy).build().unwrap();
        let stack = stack([order.of(errors(), over(retry))], origin.service());

        status(&ask(&stack, request()).await)
    };

    assert_eq!(end(Recommended).await, 200);
    assert_eq!(end(Swapped).await, 403);
}

#[tokio::test(start_paused = true)]
async fn an_error_is_read_in_each_attempt_only_below_retries() {
    let duration = async |order: Order| {
        let origin = Origin::answering([502; 3].map(|code| answer(code).endless()));
        let stack = stack([order.of(errors(), retry())], origin.service());

        let began = Instant::now();
        assert_eq!(status(&ask(&stack, request()).await), 502);

        began.elapsed()
    };

    // Two waits of a second, and five for the last error's words.
    assert_eq!(duration(Recommended).await, Duration::from_secs(7));
    assert_eq!(duration(Swapped).await, Duration::from_secs(17));
}

#[tokio::test(start_paused = true)]
async fn reading_an_error_ends_with_the_deadline_in_either_order() {
    let end = async |order: Order| {
        let origin = Origin::answering([answer(502).endless()]);
        let stack = stack([order.of(errors(), retry())], origin.service());
        let mut request = request();
        request
            .extensions_mut()
            .insert(Deadline::within(Duration::from_secs(1)));

        let began = Instant::now();
        let end = ask(&stack, request).await;

        (status(&end), began.elapsed())
    };

    for order in [Recommended, Swapped] {
        assert_eq!(end(order).await, (502, Duration::from_secs(1)));
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_that_the_caller_gets_is_the_typed_one_only_above_retries() {
    let error = async |order: Order| {
        let origin = Origin::answering([503; 3].map(answer));
        let registry = Registry::new();
        let layers = order.of(errors(), retry());
        let stack = stack([calls(&registry), layers], origin.service());

        let error = ask(&stack, request()).await.unwrap_err();

        // What it tells is the same.
        let told = typed(&error).unwrap();
        assert_eq!((told.code(), told.attempts()), ("SERVER_ERROR", 3));
        assert_eq!(values(&registry, "http_call_total", "kind"), ["server"]);
        assert_eq!(counted(&registry, "http_call_retries_total"), 2);
        error
    };

    assert!(error(Recommended).await.is::<ApiError>());
    assert!(error(Swapped).await.is::<RetryError>());
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_stays_in_force_only_above_errors() {
    let ends = async |order: Order| {
        let (origin, tokens) = (Origin::default(), Tokens::new());
        let stack = stack([order.of(errors(), tokens.auth())], origin.service());
        ask(&stack, request()).await.unwrap();

        origin.accept_only("t2");
        let ends = [
            status(&ask(&stack, request()).await),
            status(&ask(&stack, request()).await),
        ];

        (ends, tokens.fetches())
    };

    assert_eq!(ends(Recommended).await, ([200, 200], 2));
    assert_eq!(ends(Swapped).await, ([401, 401], 1));
}
