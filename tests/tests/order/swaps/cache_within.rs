//! The cache further in: below credentials.

use std::time::Duration;

use http::Request;
use tower_client_auth::Principal;
use tower_client_cache::{CacheHandle, CacheLayer, MemoryStore};
use tower_client_call::CacheOutcome;
use toyota_client::Body;

use super::{LIFETIME, Order, Recommended, Swapped, Tokens};
use super::{cache, outcome, request, status};
use crate::origin::{Answer, Origin, answer};
use crate::stack::{Over, ask, over, stack};

fn storable() -> Answer {
    answer(200).header("cache-control", "max-age=600")
}

fn annas() -> Request<Body> {
    let mut request = request();
    request.extensions_mut().insert(Principal::new("anna"));
    request
}

#[tokio::test(start_paused = true)]
async fn whose_an_answer_is_has_to_be_said_only_below_credentials() {
    let again = async |order: Order, cache: Over, request: fn() -> Request<Body>| {
        let origin = Origin::answering([storable(), storable()]);
        let stack = stack([order.of(cache, Tokens::new().auth())], origin.service());
        ask(&stack, request()).await.unwrap();

        outcome(&ask(&stack, request()).await.unwrap()).unwrap()
    };
    let of_one = || {
        let layer = CacheLayer::builder(MemoryStore::new());
        over(
            layer
                .single_principal(Principal::new("anna"))
                .build()
                .unwrap(),
        )
    };

    use CacheOutcome::{Bypass, Hit};
    assert_eq!(again(Recommended, cache(), request).await, Hit);
    assert_eq!(again(Swapped, cache(), request).await, Bypass);
    assert_eq!(again(Swapped, cache(), annas).await, Hit);
    assert_eq!(again(Swapped, of_one(), request).await, Hit);
}

#[tokio::test(start_paused = true)]
async fn a_hit_needs_a_token_only_below_credentials() {
    let end = async |order: Order| {
        let origin = Origin::answering([storable()]);
        let once = Tokens::new().failing(|number| number > 1);
        let stack = stack([order.of(cache(), once.auth())], origin.service());
        ask(&stack, annas()).await.unwrap();
        tokio::time::advance(LIFETIME).await;

        let end = ask(&stack, annas()).await;

        assert_eq!(origin.requests(), 1);
        end.map(|hit| outcome(&hit).unwrap())
    };

    assert_eq!(end(Recommended).await.unwrap(), CacheOutcome::Hit);
    let error = end(Swapped).await.unwrap_err();
    assert!(tower_client_auth::AuthError::find(&*error).is_some());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_may_be_stored_answers_the_replay_only_below_credentials() {
    let end = async |order: Order| {
        let refusal = answer(401).header("cache-control", "max-age=60");
        let origin = Origin::answering([refusal]);
        let stack = stack([order.of(cache(), Tokens::new().auth())], origin.service());

        (
            status(&ask(&stack, annas()).await),
            origin.tokens().join(" "),
        )
    };

    assert_eq!(end(Recommended).await, (200, "t1 t2".into()));
    assert_eq!(end(Swapped).await, (401, "t1".into()));
}

#[tokio::test(start_paused = true)]
async fn what_is_refreshed_in_the_background_gets_a_new_token_only_above_credentials() {
    let tokens = async |order: Order| {
        let long = "max-age=5, stale-while-revalidate=600";
        let origin = Origin::always(answer(200).header("cache-control", long));
        let layer = CacheLayer::new(MemoryStore::new());
        let handle = layer.handle();
        let stack = stack(
            [order.of(over(layer), Tokens::new().auth())],
            origin.service(),
        );
        ask(&stack, annas()).await.unwrap();
        origin.accept_only("t2");
        tokio::time::advance(Duration::from_secs(6)).await;

        let mut outcomes = Vec::new();
        for _ in 0..2 {
            outcomes.extend(outcome(&ask(&stack, annas()).await.unwrap()));
            settled(&handle).await;
        }

        // A refusal is an answer, and no refresh that failed.
        assert_eq!(handle.stats().failed_refreshes, 0);
        (outcomes, origin.tokens().join(" "))
    };

    use CacheOutcome::{Hit, Stale};
    assert_eq!(
        tokens(Recommended).await,
        (vec![Stale, Hit], "t1 t1 t2".into())
    );
    assert_eq!(
        tokens(Swapped).await,
        (vec![Stale, Stale], "t1 t1 t1".into())
    );
}

#[tokio::test(start_paused = true)]
async fn a_cache_that_users_share_sees_whose_answers_are_private_only_below_credentials() {
    let bobs = async |order: Order| {
        let own = || answer(200).header("cache-control", "max-age=600");
        let origin = Origin::answering([own().content("annas cars"), own().content("bobs cars")]);
        let store = MemoryStore::new();
        let client = || {
            let cache = CacheLayer::builder(store.clone()).shared().build().unwrap();
            stack(
                [order.of(over(cache), Tokens::new().auth())],
                origin.service(),
            )
        };
        let (anna, bob) = (client(), client());
        ask(&anna, request()).await.unwrap();

        ask(&bob, request()).await.unwrap().into_body()
    };

    assert_eq!(bobs(Recommended).await, "annas cars");
    assert_eq!(bobs(Swapped).await, "bobs cars");
}

/// Waits until nothing is fetched in the background any more.
async fn settled(handle: &CacheHandle) {
    for _ in 0..1_000 {
        if handle.stats().in_flight == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("a refresh does not end");
}
