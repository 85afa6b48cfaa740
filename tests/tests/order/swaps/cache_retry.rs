//! The cache, and retries.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tower_client_call::{Attempt, CacheOutcome, CallRecord, Deadline, Delivery};
use tower_client_retry::{Backoff, Costs, Jitter, RetryLayer, TokenBucket};

use super::{Order, Recommended, Swapped};
use super::{cache, outcome, quick, request, retry, status};
use crate::origin::{Answer, Origin, answer, failure};
use crate::stack::{ask, over, stack};

fn storable() -> Answer {
    answer(200).header("cache-control", "max-age=600")
}

#[tokio::test(start_paused = true)]
async fn a_hit_waits_for_the_origin_s_cool_down_only_below_retries() {
    let wait = async |order: Order| {
        let busy = answer(429).header("retry-after", "30");
        let origin = Origin::answering([storable(), busy]);
        let once = over(RetryLayer::builder().max_attempts(1).build().unwrap());
        let stack = stack([order.of(cache(), once)], origin.service());
        ask(&stack, request()).await.unwrap();
        let mut other = request();
        *other.uri_mut() = "https://api.example/trips".parse().unwrap();
        assert_eq!(ask(&stack, other).await.unwrap().status(), 429);

        let began = Instant::now();
        let hit = ask(&stack, request()).await.unwrap();

        assert_eq!(outcome(&hit), Some(CacheOutcome::Hit));
        began.elapsed()
    };

    assert_eq!(wait(Recommended).await, Duration::ZERO);
    // And up to a tenth longer.
    let cool_down = Duration::from_secs(30)..=Duration::from_secs(33);
    assert!(cool_down.contains(&wait(Swapped).await));
}

#[tokio::test(start_paused = true)]
async fn a_hit_has_to_be_in_time_only_below_retries() {
    let end = async |order: Order| {
        let origin = Origin::answering([storable()]);
        let stack = stack([order.of(cache(), retry())], origin.service());
        ask(&stack, request()).await.unwrap();
        let mut late = request();
        late.extensions_mut()
            .insert(Deadline::within(Duration::ZERO));

        ask(&stack, late).await
    };

    let hit = end(Recommended).await.unwrap();
    assert_eq!(outcome(&hit), Some(CacheOutcome::Hit));
    let error = end(Swapped).await.unwrap_err();
    assert_eq!(Delivery::of(&*error), Delivery::NotSent);
}

#[tokio::test(start_paused = true)]
async fn hits_pay_for_retries_only_below_them() {
    let tokens = async |order: Order| {
        let origin = Origin::answering([answer(503), storable()]);
        let bucket = Arc::new(
            TokenBucket::new(
                5,
                Costs {
                    throttled: 5,
                    timeout: 5,
                    ..Costs::default()
                },
            )
            .unwrap(),
        );
        let retry = over(quick().budget(Arc::clone(&bucket)).build().unwrap());
        let stack = stack([order.of(cache(), retry)], origin.service());
        ask(&stack, request()).await.unwrap();
        // The retry took five, its success gave one.
        assert_eq!(bucket.tokens(), 1);

        for _ in 0..4 {
            ask(&stack, request()).await.unwrap();
        }

        assert_eq!(origin.requests(), 2);
        bucket.tokens()
    };

    assert_eq!(tokens(Recommended).await, 1);
    assert_eq!(tokens(Swapped).await, 5);
}

#[tokio::test(start_paused = true)]
async fn a_stale_answer_ends_the_retries_only_below_them() {
    let end = async |order: Order, failures: usize| {
        let lasting = answer(200).header("cache-control", "max-age=60, stale-if-error=3600");
        let down = std::iter::repeat_n(answer(503), failures);
        let origin = Origin::answering([lasting].into_iter().chain(down));
        let stack = stack([order.of(cache(), retry())], origin.service());
        ask(&stack, request()).await.unwrap();
        tokio::time::advance(Duration::from_secs(61)).await;

        let end = ask(&stack, request()).await.unwrap();

        (outcome(&end).unwrap(), origin.requests() - 1)
    };

    assert_eq!(end(Recommended, 1).await, (CacheOutcome::Miss, 2));
    assert_eq!(end(Recommended, 3).await, (CacheOutcome::Stale, 3));
    assert_eq!(end(Swapped, 1).await, (CacheOutcome::Stale, 1));
}

#[tokio::test(start_paused = true)]
async fn an_error_that_may_be_stored_is_what_retries_find_only_above_the_cache() {
    let end = async |order: Order| {
        let down = answer(503).header("cache-control", "max-age=60");
        let origin = Origin::answering([down]);
        let stack = stack([order.of(cache(), retry())], origin.service());
        let (mut request, record) = (request(), CallRecord::new());
        request.extensions_mut().insert(record.clone());

        let end = ask(&stack, request).await;

        (status(&end), origin.requests(), record.snapshot().attempts)
    };

    assert_eq!(end(Recommended).await, (200, 2, 2));
    assert_eq!(end(Swapped).await, (503, 1, 3));
}

#[tokio::test(start_paused = true)]
async fn the_cache_s_own_504_is_repeated_only_below_retries() {
    let attempts = async |order: Order| {
        let origin = Origin::default();
        let stack = stack([order.of(cache(), retry())], origin.service());
        let (mut request, record) = (request(), CallRecord::new());
        let only = "only-if-cached".parse().unwrap();
        request.headers_mut().insert("cache-control", only);
        request.extensions_mut().insert(record.clone());

        let began = Instant::now();
        let end = ask(&stack, request).await;

        assert_eq!((status(&end), origin.requests()), (504, 0));
        (record.snapshot().attempts, began.elapsed())
    };

    assert_eq!(attempts(Recommended).await, (1, Duration::ZERO));
    assert_eq!(attempts(Swapped).await, (3, Duration::from_secs(2)));
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_for_one_repeat_its_failure_each_for_itself_only_above_the_cache() {
    let requests = async |order: Order| {
        let down = failure(ErrorKind::ConnectionReset).after(Duration::from_millis(1));
        let origin = Origin::answering(std::iter::repeat_n(down, 100));
        let spread = Backoff {
            jitter: Jitter::Full,
            ..Backoff::default()
        };
        let retry = RetryLayer::builder().backoff(spread).seed(7).build();
        let stack = stack([order.of(cache(), over(retry.unwrap()))], origin.service());

        let ask = || ask(&stack, request());
        let ends = tokio::join!(ask(), ask(), ask(), ask());

        assert!(ends.0.is_err() && ends.1.is_err() && ends.2.is_err() && ends.3.is_err());
        origin.requests()
    };

    assert_eq!(requests(Recommended).await, 3);
    // One for all, and then two each.
    assert_eq!(requests(Swapped).await, 9);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_repeated_and_what_comes_then_is_stored_either_way() {
    for order in [Recommended, Swapped] {
        let origin = Origin::answering([answer(503), storable()]);
        let stack = stack([order.of(cache(), retry())], origin.service());

        let first = ask(&stack, request()).await.unwrap();
        let again = ask(&stack, request()).await.unwrap();

        let attempt = first.extensions().get();
        assert_eq!(attempt, Some(&Attempt::FIRST.next()), "{order:?}");
        assert_eq!(outcome(&again), Some(CacheOutcome::Hit), "{order:?}");
        assert_eq!(origin.requests(), 2, "{order:?}");
    }
}
