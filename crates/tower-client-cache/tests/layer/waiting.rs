//! Calls that wait: for each other, and for stores that take their time.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tower::limit::ConcurrencyLimit;
use tower::{Layer, ServiceExt};
use tower_client_cache::CacheLayer;
use tower_client_call::Deadline;

use crate::calls::{FRESH, cache_over, get, send, settle};
use crate::delayed::Delayed;
use crate::given::{Origin, Reply, answer, cache, cache_with, ok, pass};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_follower_waits_no_longer_than_its_deadline() {
    let given = cache();
    given.origin.reply(Reply::Never);
    given.origin.reply(ok(FRESH, "alone"));
    let leader = given.start("").await;
    let mut follower = get("");
    follower.extensions_mut().insert(Deadline::within(SECOND));
    let start = Instant::now();

    // Whether it then tries alone is not for the cache to promise.
    drop(given.call(follower).await);

    assert!(start.elapsed() <= SECOND, "{:?}", start.elapsed());
    leader.abort();
}

#[tokio::test(start_paused = true)]
async fn the_longest_wait_is_that_of_all_turns() {
    let given = cache();
    given.origin.always(|asked| {
        let is_last = asked.headers().contains_key("x-last");
        if is_last {
            ok(FRESH, "alone")
        } else {
            Reply::Never
        }
    });
    let mut leaders = Vec::new();
    for _ in 0..3 {
        leaders.push(given.start("").await);
    }
    let start = Instant::now();
    let waiting = given.clone();
    let last = tokio::spawn(async move {
        waiting.get("x-last: 1").await;
        start.elapsed()
    });
    settle().await;

    for leader in leaders {
        sleep(29 * SECOND).await;
        leader.abort();
        settle().await;
    }

    let waited = last.await.unwrap();
    assert!(waited <= 31 * SECOND, "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_peeks_by_copies_lets_calls_share() {
    let given = cache_over(Delayed {
        peeks: true,
        ..Delayed::default()
    });
    given
        .origin
        .reply(ok("cache-control: max-age=1 | etag: \"a\"", "a"));
    given.get("").await;
    pass(5).await;
    let reply = given.origin.later();
    given.origin.always(|_| answer(304, "etag: \"a\"", ""));

    let mut calls = JoinSet::new();
    for _ in 0..10 {
        let given = given.clone();
        calls.spawn(async move { given.get("").await });
    }
    settle().await;
    send(reply, answer(304, "etag: \"a\"", ""));

    while let Some(got) = calls.join_next().await {
        assert_eq!(got.unwrap().text(), "a");
    }
    assert_eq!(given.origin.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_validated_is_asked_for_once_until_the_store_has_it() {
    let given = cache_over(Delayed {
        update: SECOND,
        ..Delayed::default()
    });
    given
        .origin
        .reply(ok("cache-control: max-age=10 | etag: \"a\"", "a"));
    given.get("").await;
    pass(50).await;
    given.origin.always(|_| answer(304, "etag: \"a\"", ""));

    for _ in 0..2 {
        assert_eq!(given.get("").await.text(), "a");
    }

    assert_eq!(given.origin.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_the_store_holds_no_permit() {
    let origin = Origin::default();
    origin.always(|_| ok("cache-control: no-store", "a"));
    let limited = ConcurrencyLimit::new(origin, 1);
    let layer = CacheLayer::new(Delayed {
        get: 5 * SECOND,
        ..Delayed::default()
    });
    let service = layer.layer(limited.clone());
    let waiting = tokio::spawn(async move { service.oneshot(get("")).await.map(drop) });
    settle().await;

    let other = timeout(SECOND, limited.oneshot(get(""))).await;

    assert!(other.is_ok(), "it waited too");
    waiting.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_shared_is_tried_again_after_a_while() {
    let given = cache_with(|builder| builder.uncacheable_for(Duration::from_secs(10)));
    given.origin.reply(ok("cache-control: no-store", "own"));
    given.get("").await;
    for (seconds, asked) in [(9, 2), (2, 1)] {
        pass(seconds).await;
        let before = given.origin.count();
        let _never = [given.origin.later(), given.origin.later()];

        let calls = [given.start("").await, given.start("").await];

        assert_eq!(given.origin.count() - before, asked, "after {seconds} s");
        calls.iter().for_each(tokio::task::JoinHandle::abort);
        settle().await;
        given.origin.forget();
    }
}
