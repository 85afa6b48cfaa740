//! Fetching in the background (RFC 5861 section 3).

use std::time::Duration;

use tokio::task::{JoinSet, yield_now};

use crate::case::{answer, get, head, not_modified, ok};
use crate::scene::{Scene, pass};

const FIELDS: &str = "cache-control: max-age=60, stale-while-revalidate=100 | etag: \"a\"";

#[tokio::test(start_paused = true)]
async fn many_calls_for_what_is_stale_refresh_it_once() {
    let scene = stale().await;
    scene.origin.answers([ok(FIELDS, "two")]);
    scene.origin.hold();
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        let scene = scene.clone();
        calls.spawn(async move { scene.get(scene.request(&get(""))).await });
    }

    while let Some(got) = calls.join_next().await {
        assert_eq!(got.unwrap().body.unwrap(), b"one");
    }
    scene.origin.release();
    scene.settle(1).await;

    assert_eq!(scene.origin.asked().len(), 1);
    assert_eq!(scene.handle.stats().refreshes, 1);
    scene.run(get("").hits("two")).await;
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_takes_too_long_is_given_up() {
    let scene = Scene::new(|builder| builder.refresh_timeout(Duration::from_secs(10)));
    scene.run(get("").passes(ok(FIELDS, "one"))).await;
    pass(65).await;
    scene.origin.answers([ok(FIELDS, "too late")]);
    scene.origin.hold();
    let got = scene.get(scene.request(&get(""))).await;
    yield_now().await;

    pass(11).await;
    scene.settle(1).await;
    scene.origin.release();

    assert_eq!(got.body.unwrap(), b"one");
    assert_eq!(scene.handle.stats().failed_refreshes, 1);
    let again = get("").hits_while("one", ok(FIELDS, "two"));
    scene.run(again).await;
    scene.run(get("").hits("two")).await;
}

#[tokio::test(start_paused = true)]
async fn the_window_ends_with_time() {
    let scene = stale().await;
    let failed = || answer(500, "", "failed");

    scene.run(get("").hits_while("one", failed())).await;
    pass(85).await;
    scene.run(get("").hits_while("one", failed())).await;
    pass(15).await;
    scene.run(get("").passes(ok(FIELDS, "two"))).await;
}

#[tokio::test(start_paused = true)]
async fn a_refresh_asks_for_the_whole_whatever_the_caller_wanted() {
    for (fields, status, body) in [
        ("range: bytes=0-1", 206, "on"),
        ("if-none-match: \"a\"", 304, ""),
        ("cache-control: max-age=1000, max-stale", 200, "one"),
    ] {
        let scene = stale().await;
        let plain = ok(FIELDS, "two")
            .if_not_asked("range")
            .if_not_asked("cache-control")
            .if_asked("if-none-match", "\"a\"");

        scene
            .run(get(fields).hits_while("one", plain).sees(status, body))
            .await;
        scene.run(get("").hits("two")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn head_refreshes_what_get_brought() {
    let scene = stale().await;

    scene.run(head("").hits_while("", ok(FIELDS, "two"))).await;

    assert_eq!(scene.origin.asked()[0].method(), http::Method::GET);
    scene.run(get("").hits("two")).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_confirmed_in_the_background_is_fresh() {
    let scene = stale().await;

    scene
        .run(get("").hits_while("one", not_modified("etag: \"a\" | x-a: 1")))
        .await;
    pass(55).await;

    scene
        .run(get("").hits("one").aged(54).with("x-a", "1"))
        .await;
}

#[tokio::test(start_paused = true)]
async fn each_variant_is_refreshed_by_itself() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=60, stale-while-revalidate=100 | vary: x-a";
    scene.run(get("x-a: 1").passes(ok(fields, "one"))).await;
    scene.run(get("x-a: 2").passes(ok(fields, "two"))).await;
    pass(65).await;

    scene
        .run(get("x-a: 1").hits_while("one", ok(fields, "three").if_asked("x-a", "1")))
        .await;
    scene
        .run(get("x-a: 2").hits_while("two", ok(fields, "four").if_asked("x-a", "2")))
        .await;

    scene.run(get("x-a: 1").hits("three")).await;
    scene.run(get("x-a: 2").hits("four")).await;
}

/// A cache that has stored `one`, stale for five seconds.
async fn stale() -> Scene {
    let scene = Scene::new(|builder| builder);
    scene.run(get("").passes(ok(FIELDS, "one"))).await;
    pass(65).await;
    scene
}
