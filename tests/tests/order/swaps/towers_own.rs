//! Tower's own layers: what a timeout ends and what a permit holds back, by their place.

use std::time::Duration;

use tokio::time::Instant;
use tower::buffer::BufferLayer;
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower_client_call::CacheOutcome;
use tower_client_metrics::Registry;

use super::{Order, Recommended, Swapped, Tokens};
use super::{cache, calls, errors, outcome, request, retry, sends, typed, values};
use crate::origin::{Origin, answer};
use crate::stack::{Over, ask, over, stack};

const SECOND: Duration = Duration::from_secs(1);

/// All layers in their order.
fn all(registry: &Registry) -> Vec<Over> {
    vec![
        calls(registry),
        errors(),
        cache(),
        retry(),
        Tokens::new().auth(),
        sends(registry),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_timeout_ends_the_call_or_the_attempt_by_its_place() {
    let end = async |place: usize| {
        let origin = Origin::answering([answer(200).after(3 * SECOND)]);
        let registry = Registry::new();
        let mut layers = all(&registry);
        layers.insert(place, over(TimeoutLayer::new(SECOND)));

        let end = ask(&stack(layers, origin.service()), request()).await;

        let end = match &end {
            Ok(_) => "an answer",
            Err(error) if typed(error).is_some() => "a typed error",
            Err(_) => "tower's error",
        };
        let call = values(&registry, "http_call_total", "kind").concat();
        let send = values(&registry, "http.client.request.duration", "error.type").concat();
        (end, call, send, origin.requests())
    };

    for (place, expected, call, send, requests) in [
        (0, "tower's error", "cancelled", "cancelled", 1),
        (1, "tower's error", "timeout", "cancelled", 1),
        (2, "a typed error", "timeout", "cancelled", 1),
        (3, "a typed error", "timeout", "cancelled", 1),
        (4, "an answer", "", "cancelled", 2),
        (5, "an answer", "", "cancelled", 2),
        (6, "an answer", "", "timeout", 2),
    ] {
        let expected = (expected, call.to_owned(), send.to_owned(), requests);
        assert_eq!(end(place).await, expected, "{place}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hit_waits_for_a_permit_below_the_cache_unless_a_buffer_is_between() {
    let wait = async |between: Option<Over>| {
        let storable = answer(200).header("cache-control", "max-age=600");
        let slow = answer(200).after(10 * SECOND);
        let origin = Origin::answering([storable, slow]);
        let limit = over(ConcurrencyLimitLayer::new(1));
        let layers = [Some(cache()), between, Some(retry()), Some(limit)];
        let stack = stack(
            layers.into_iter().flatten().collect::<Vec<_>>(),
            origin.service(),
        );
        ask(&stack, request()).await.unwrap();
        let mut other = request();
        *other.uri_mut() = "https://api.example/trips".parse().unwrap();

        let hit = async {
            tokio::time::sleep(SECOND).await;
            let began = Instant::now();
            let hit = ask(&stack, request()).await.unwrap();
            assert_eq!(outcome(&hit), Some(CacheOutcome::Hit));
            began.elapsed()
        };
        let (slow, wait) = tokio::join!(ask(&stack, other), hit);

        slow.unwrap();
        wait
    };

    assert_eq!(wait(None).await, 9 * SECOND);
    let buffer = over(BufferLayer::new(8));
    assert_eq!(wait(Some(buffer)).await, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_permit_is_kept_between_attempts_only_above_retries() {
    let wait = async |order: Order| {
        let origin = Origin::answering([503, 503].map(answer));
        let limit = over(ConcurrencyLimitLayer::new(1));
        let stack = stack([order.of(retry(), limit)], origin.service());

        let began = Instant::now();
        let other = async {
            tokio::time::sleep(SECOND / 2).await;
            ask(&stack, request()).await.unwrap();
            began.elapsed()
        };
        let (first, other) = tokio::join!(ask(&stack, request()), other);

        first.unwrap();
        other
    };

    // The one that comes meanwhile is answered `503` by its own first request, and waits a second.
    assert_eq!(wait(Recommended).await, SECOND / 2 + SECOND);
    assert_eq!(wait(Swapped).await, 2 * SECOND);
}
