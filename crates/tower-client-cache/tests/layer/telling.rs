//! What is told: in `Cache-Status`, in numbers, and in `Debug`.

use http::StatusCode;
use http::header::CACHE_STATUS;
use tower_client_cache::{CacheStatus, Rule, Selection};
use tower_client_call::CacheOutcome;

use crate::calls::{FRESH, send, settle};
use crate::given::{Reply, answer, cache, cache_with, ok, pass};

// RFC 9211 section 2: who makes an answer without asking has no member in the list.
#[tokio::test(start_paused = true)]
async fn nothing_is_said_of_an_answer_that_the_cache_made_itself() {
    let given = cache();

    let response = given.open("cache-control: only-if-cached").await;

    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(response.headers().get(CACHE_STATUS), None);
    assert_eq!(response.extensions().get(), Some(&CacheOutcome::Miss));
    assert_eq!(given.origin.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_said_of_a_cache_whose_rule_is_off_but_to_its_owner() {
    let given = cache_with(|builder| builder.rules(Rule::off()));
    given.origin.reply(ok("cache-control: max-age=60", "one"));

    let response = given.open("").await;

    assert_eq!(response.headers().get(CACHE_STATUS), None);
    assert_eq!(response.extensions().get::<CacheOutcome>(), None);
    let stats = given.handle.stats();
    assert_eq!((stats.bypasses, stats.misses), (1, 0), "{stats:?}");
}

// RFC 9211 section 2.6: `?0` is for one that had to be sent all the same.
#[tokio::test(start_paused = true)]
async fn a_follower_that_was_not_sent_says_that_it_was_collapsed() {
    let given = cache();
    given
        .origin
        .reply(ok("cache-control: max-age=1, stale-if-error=600", "old"));
    given.get("").await;
    pass(5).await;
    let reply = given.origin.later();
    let leader = given.start("").await;
    let follower = given.start("").await;

    send(reply, answer(503, "", ""));
    leader.await.unwrap();
    let told = follower.await.unwrap().cache_status();

    assert_eq!(given.origin.count(), 2);
    assert!(!told.contains("collapsed=?0"), "{told}");
}

// RFC 9211 section 2.2, RFC 9111 section 5.2.2.4
#[tokio::test(start_paused = true)]
async fn it_is_not_the_request_that_demands_to_ask_what_the_response_does() {
    let given = cache();
    let stored = "cache-control: no-cache, max-age=60 | etag: \"a\"";
    given.origin.reply(ok(stored, "one"));
    given.origin.reply(ok(stored, "other"));
    given.get("").await;

    let told = given.get("").await.cache_status();

    assert!(told.contains("; fwd=stale;"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_is_counted() {
    let given = cache();
    given.origin.reply(ok(
        "cache-control: max-age=1, stale-while-revalidate=60",
        "a",
    ));
    given.get("").await;
    pass(5).await;
    given.origin.reply(Reply::Failure("gone"));

    given.get("").await;
    settle().await;

    let stats = given.handle.stats();
    assert_eq!((stats.refreshes, stats.failed_refreshes), (1, 1));
    assert_eq!(stats.in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_panics_has_failed() {
    let given = cache();
    given.origin.reply(ok(
        "cache-control: max-age=1, stale-while-revalidate=60",
        "a",
    ));
    given.get("").await;
    pass(5).await;
    given.origin.then(|_| panic!("in the background"));

    given.get("").await;
    settle().await;

    let stats = given.handle.stats();
    assert_eq!((stats.refreshes, stats.failed_refreshes), (1, 1));
    assert_eq!(stats.in_flight, 0);
}

#[test]
fn a_selection_shows_no_principal() {
    let selection = Selection::Principal("anna@example.com".into());

    let shown = format!("{selection:?}");

    assert!(!shown.contains("anna"), "{shown}");
}

// RFC 9211 section 2.8.
#[tokio::test(start_paused = true)]
async fn the_key_is_told_where_somebody_wants_it() {
    let status = CacheStatus::default().with_key();
    let given = cache_with(|builder| builder.cache_status(status));
    given.origin.reply(ok(FRESH, "one"));
    given.get_at("/cars?all", "").await;

    let told = given.get_at("/cars?all", "").await.cache_status();

    let expected = "tower-client-cache; hit; ttl=60; key=\"https://api.example/cars?all\"";
    assert_eq!(told, expected);
}
