//! Retries, and credentials.

use std::time::Duration;

use http::Method;
use tower_client_call::{CallRecord, Delivery};

use super::{Order, Recommended, Swapped, Tokens};
use super::{quick, request, retry, status};
use crate::origin::{Origin, answer};
use crate::stack::{ask, over, stack};

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_between_attempts_is_replaced_in_time_only_below_retries() {
    let tokens = async |order: Order| {
        // Longer than a token lives.
        let busy = answer(503).header("retry-after", "30");
        let origin = Origin::answering([busy]);
        origin.accept_only("t2");
        let stack = stack([order.of(retry(), Tokens::new().auth())], origin.service());

        let end = ask(&stack, request()).await;

        assert_eq!(status(&end), 200);
        origin.tokens().join(" ")
    };

    assert_eq!(tokens(Recommended).await, "t1 t2");
    // The old one is refused first.
    assert_eq!(tokens(Swapped).await, "t1 t1 t2");
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_fails_is_tried_again_only_below_retries() {
    let end = async |order: Order, method: Method| {
        let origin = Origin::default();
        let tokens = Tokens::new().failing(|number| number == 1);
        let stack = stack([order.of(retry(), tokens.auth())], origin.service());
        let mut request = request();
        *request.method_mut() = method;

        let end = ask(&stack, request).await;

        (end.is_ok(), tokens.fetches())
    };

    for method in [Method::GET, Method::POST] {
        assert_eq!(end(Recommended, method.clone()).await, (true, 2));
        assert_eq!(end(Swapped, method).await, (false, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_begin_anew_after_a_refusal_only_below_credentials() {
    let end = async |order: Order| {
        let origin = Origin::answering([503, 503, 401, 503, 503].map(answer));
        let stack = stack([order.of(retry(), Tokens::new().auth())], origin.service());
        let (mut request, record) = (request(), CallRecord::new());
        request.extensions_mut().insert(record.clone());

        let end = ask(&stack, request).await;

        (status(&end), origin.requests(), record.snapshot().attempts)
    };

    assert_eq!(end(Recommended).await, (503, 4, 3));
    assert_eq!(end(Swapped).await, (200, 6, 5));
}

#[tokio::test(start_paused = true)]
async fn the_time_of_an_attempt_holds_for_a_sign_in_only_below_retries() {
    let end = async |order: Order, method: Method| {
        let origin = Origin::default();
        let tokens = Tokens::new().taking(Duration::from_secs(3));
        let hasty = quick()
            .attempt_timeout(Duration::from_secs(1))
            .max_attempts(2);
        let hasty = over(hasty.build().unwrap());
        let stack = stack([order.of(hasty, tokens.auth())], origin.service());
        let mut request = request();
        *request.method_mut() = method;

        let end = ask(&stack, request).await;

        let delivery = end.as_ref().err().map(|error| Delivery::of(&**error));
        (origin.requests(), delivery)
    };

    for method in [Method::GET, Method::POST] {
        // Nothing was sent, and nobody knows.
        let maybe = Some(Delivery::MaybeSent);
        assert_eq!(end(Recommended, method.clone()).await, (0, maybe));
        assert_eq!(end(Swapped, method).await, (1, None));
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_revoked_is_replaced_either_way() {
    for order in [Recommended, Swapped] {
        let origin = Origin::default();
        let stack = stack([order.of(retry(), Tokens::new().auth())], origin.service());
        ask(&stack, request()).await.unwrap();

        origin.accept_only("t2");
        let end = ask(&stack, request()).await;

        assert_eq!(status(&end), 200, "{order:?}");
        assert_eq!(origin.tokens(), ["t1", "t1", "t2"], "{order:?}");
    }
}
