//! Errors, and the cache.

use std::time::Duration;

use http::response::Parts;
use http::{Method, StatusCode};
use tower::BoxError;
use tower_client_cache::CacheError;
use tower_client_call::{CacheOutcome, Captured};
use tower_client_error::{ApiError, Call, ErrorLayer, HttpApi, Inspect, MapError, Problem};
use tower_client_metrics::Registry;

use super::{Order, Recommended, Swapped};
use super::{cache, calls, counted, errors, outcome, request, sends, status, typed};
use crate::origin::{Answer, Origin, answer};
use crate::stack::{Over, ask, over, stack};

/// Fresh for a minute, and good for an hour longer where the origin fails.
fn lasting() -> Answer {
    answer(200)
        .header("cache-control", "max-age=60, stale-if-error=3600")
        .header("etag", "\"1\"")
}

async fn a_minute() {
    tokio::time::advance(Duration::from_secs(61)).await;
}

#[tokio::test(start_paused = true)]
async fn an_error_that_may_be_stored_is_asked_for_once_only_below_errors() {
    let requests = async |order: Order| {
        let gone = || answer(404).header("cache-control", "max-age=60");
        let origin = Origin::answering([gone(), gone()]);
        let stack = stack([order.of(errors(), cache())], origin.service());

        for _ in 0..2 {
            let end = ask(&stack, request()).await;
            assert!(typed(&end.unwrap_err()).unwrap().is_not_found());
        }

        origin.requests()
    };

    assert_eq!(requests(Recommended).await, 1);
    assert_eq!(requests(Swapped).await, 2);
}

#[tokio::test(start_paused = true)]
async fn an_error_from_the_store_tells_of_one_attempt_though_there_was_none() {
    let gone = answer(404).header("cache-control", "max-age=60");
    let (origin, registry) = (Origin::answering([gone]), Registry::new());
    let layers = [calls(&registry), errors(), cache(), sends(&registry)];
    let stack = stack(layers, origin.service());

    for _ in 0..2 {
        let error = ask(&stack, request()).await.unwrap_err();
        assert_eq!(typed(&error).unwrap().attempts(), 1);
    }

    assert_eq!(counted(&registry, "http_call_attempts_total"), 1);
}

#[tokio::test(start_paused = true)]
async fn the_error_that_the_caller_gets_is_the_typed_one_only_above_the_cache() {
    let error = async |order: Order| -> BoxError {
        let origin = Origin::answering([answer(404)]);
        let stack = stack([order.of(errors(), cache())], origin.service());

        ask(&stack, request()).await.unwrap_err()
    };

    let recommended = error(Recommended).await;
    assert!(recommended.is::<ApiError>());
    let swapped = error(Swapped).await;
    assert!(swapped.is::<CacheError>());
    assert!(typed(&swapped).unwrap().is_not_found());
}

#[tokio::test(start_paused = true)]
async fn below_the_cache_every_error_is_a_failure_that_a_stale_answer_stands_in_for() {
    let end = async |order: Order, code: u16| {
        let origin = Origin::answering([lasting(), answer(code)]);
        let stack = stack([order.of(errors(), cache())], origin.service());
        ask(&stack, request()).await.unwrap();
        a_minute().await;

        status(&ask(&stack, request()).await)
    };

    for code in [500, 502, 503, 504] {
        assert_eq!(end(Recommended, code).await, 200, "{code}");
        assert_eq!(end(Swapped, code).await, 200, "{code}");
    }
    // Not there any more, not allowed any more: the cache does not look what it was.
    for code in [400, 401, 403, 404, 410, 429, 501] {
        assert_eq!(end(Recommended, code).await, code);
        assert_eq!(end(Swapped, code).await, 200, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_for_one_share_its_error_only_above_errors() {
    let requests = async |order: Order, code: u16| {
        let slow = || answer(code).after(Duration::from_secs(1));
        let origin = Origin::answering(std::iter::repeat_with(slow).take(3));
        let stack = stack([order.of(errors(), cache())], origin.service());

        let ask = || ask(&stack, request());
        let ends = tokio::join!(ask(), ask(), ask());

        assert_eq!([ends.0, ends.1, ends.2].map(|end| status(&end)), [code; 3]);
        origin.requests()
    };

    for code in [404, 503] {
        assert_eq!(requests(Recommended, code).await, 3, "{code}");
        assert_eq!(requests(Swapped, code).await, 1, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_that_is_refused_forgets_what_is_stored_only_above_errors() {
    let after = async |order: Order, code: u16| {
        let origin = Origin::answering([lasting(), answer(code)]);
        let stack = stack([order.of(errors(), cache())], origin.service());
        ask(&stack, request()).await.unwrap();

        let mut change = request();
        *change.method_mut() = Method::PUT;
        ask(&stack, change).await.unwrap_err();

        outcome(&ask(&stack, request()).await.unwrap()).unwrap()
    };

    for code in [403, 409, 503] {
        assert_eq!(after(Recommended, code).await, CacheOutcome::Hit, "{code}");
        assert_eq!(after(Swapped, code).await, CacheOutcome::Miss, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_cache_s_own_504_is_an_error_only_below_errors() {
    let own = async |order: Order| {
        let origin = Origin::default();
        let stack = stack([order.of(errors(), cache())], origin.service());
        let mut request = request();
        let only = "only-if-cached".parse().unwrap();
        request.headers_mut().insert("cache-control", only);

        let end = ask(&stack, request).await;

        assert_eq!((status(&end), origin.requests()), (504, 0));
        end.is_err()
    };

    assert!(own(Recommended).await);
    assert!(!own(Swapped).await);
}

#[tokio::test(start_paused = true)]
async fn a_304_confirms_what_is_stored_either_way_if_the_mapping_lets_it_pass() {
    let confirmed = async |order: Order, errors: Over| {
        let origin = Origin::answering([lasting(), answer(304).header("etag", "\"1\"")]);
        let stack = stack([order.of(errors, cache())], origin.service());
        ask(&stack, request()).await.unwrap();
        a_minute().await;

        let end = ask(&stack, request()).await.unwrap();

        assert_eq!(end.status(), StatusCode::OK);
        outcome(&end)
    };

    let revalidated = Some(CacheOutcome::Revalidated);
    assert_eq!(confirmed(Recommended, errors()).await, revalidated);
    assert_eq!(confirmed(Swapped, errors()).await, revalidated);
    // A mapping to which whatever is not 2xx is an error hides it: the cache takes it for a failure.
    let strict = || over(ErrorLayer::new(Strict));
    assert_eq!(confirmed(Recommended, strict()).await, revalidated);
    let stale = Some(CacheOutcome::Stale);
    assert_eq!(confirmed(Swapped, strict()).await, stale);
}

/// A mapping to which whatever is not 2xx is an error.
#[derive(Clone, Copy)]
struct Strict;

impl MapError<BoxError> for Strict {
    type Error = ApiError<Problem>;

    fn inspect(&self, _: &Call, head: &Parts) -> Inspect {
        if head.status.is_success() {
            Inspect::Pass
        } else {
            Inspect::CAPTURE
        }
    }

    fn response(&self, call: &Call, head: &Parts, body: &Captured) -> Result<(), Self::Error> {
        MapError::<BoxError>::response(&HttpApi, call, head, body)
    }

    fn failure(&self, call: &Call, error: BoxError) -> Self::Error {
        HttpApi.failure(call, error)
    }
}
