//! How answers grow old while they are stored.

use crate::case::{answer, get, head, no_answer, not_modified, ok};
use crate::scene::{Scene, pass};

// RFC 9111 section 4.2.3.
#[tokio::test(start_paused = true)]
async fn what_is_served_grows_older_by_the_second() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=600 | age: 100 | date: @-50";
    scene.run(get("").passes(ok(fields, "one"))).await;

    for seconds in [0_u64, 50, 100, 150, 200] {
        scene
            .run(get("").hits("one").aged(99 + seconds).with("date", "@-50"))
            .await;
        pass(50).await;
    }
}

// RFC 9111 section 4.2.
#[tokio::test(start_paused = true)]
async fn what_was_fresh_becomes_stale_and_fresh_again() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=60 | etag: \"a\"";
    scene.run(get("").passes(ok(fields, "one"))).await;
    let confirms = || not_modified("").if_asked("if-none-match", "\"a\"");

    for _ in 0..3 {
        pass(55).await;
        scene.run(get("").hits("one").aged(54)).await;
        pass(10).await;
        scene
            .run(get("").asks(confirms()).sees(200, "one").aged(0))
            .await;
        scene.run(get("").hits("one").aged(0)).await;
    }
}

// RFC 9111 section 5.3: the expiry is the origin's, by its own clock.
#[tokio::test(start_paused = true)]
async fn an_expiry_comes_by_the_origin_s_clock() {
    let scene = Scene::new(|builder| builder);
    // This origin's clock is an hour behind.
    let fields = "date: @-3600 | expires: @-3540";
    scene.run(get("").passes(ok(fields, "one"))).await;
    scene.run(get("").passes(ok("expires: @60", "two"))).await;

    pass(55).await;
    scene.run(get("").hits("two")).await;
    pass(10).await;
    scene.run(get("").passes(ok("", "three"))).await;
}

// RFC 9111 section 4.2.2.
#[tokio::test(start_paused = true)]
async fn a_guessed_lifetime_ends() {
    let scene = Scene::new(|builder| builder);
    let fields = "last-modified: @-1000 | date: @0";
    scene.run(get("").passes(ok(fields, "one"))).await;

    pass(90).await;
    scene.run(get("").hits("one")).await;
    pass(15).await;
    scene
        .run(get("").passes(ok("", "two").if_asked("if-modified-since", "@-1000")))
        .await;
}

// RFC 9111 section 4.2.2: a day is the most that is guessed.
#[tokio::test(start_paused = true)]
async fn a_guess_is_never_longer_than_a_day() {
    let scene = Scene::new(|builder| builder);
    scene
        .run(get("").passes(ok("last-modified: @-100000000", "one")))
        .await;

    pass(86_000).await;
    scene.run(get("").hits("one")).await;
    pass(500).await;
    scene.run(get("").passes(ok("", "two"))).await;
}

// RFC 9111 section 4.2.3: the delay of the answer counts as age.
#[tokio::test(start_paused = true)]
async fn the_time_that_an_answer_took_is_part_of_its_age() {
    let scene = Scene::new(|builder| builder);
    scene.origin.hold();
    let slow = tokio::spawn({
        let scene = scene.clone();
        async move {
            let fields = "cache-control: max-age=60 | age: 10";
            scene.run(get("").passes(ok(fields, "one"))).await;
        }
    });
    tokio::task::yield_now().await;
    pass(40).await;
    scene.origin.release();
    slow.await.unwrap();

    scene.run(get("").hits("one").aged(49)).await;
    pass(15).await;
    scene.run(get("").passes(ok("", "two"))).await;
}

// RFC 9111 section 5.2.1.2.
#[tokio::test(start_paused = true)]
async fn a_request_takes_what_is_stale_up_to_its_limit() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=60";
    scene.run(get("").passes(ok(fields, "one"))).await;

    pass(100).await;
    let takes = || get("cache-control: max-stale=50");
    scene.run(takes().hits("one").aged(99)).await;
    pass(15).await;
    scene.run(takes().passes(ok(fields, "two"))).await;
}

// RFC 5861 section 4.
#[tokio::test(start_paused = true)]
async fn what_stands_in_for_a_failure_does_so_for_its_time() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=60, stale-if-error=100";
    scene.run(get("").passes(ok(fields, "one"))).await;
    let failed = || answer(503, "", "failed");

    pass(70).await;
    scene.run(get("").asks(failed()).sees(200, "one")).await;
    pass(80).await;
    scene.run(get("").asks(no_answer()).sees(200, "one")).await;
    pass(15).await;
    scene.run(get("").passes(failed())).await;
    scene.run(get("").asks(no_answer())).await;
}

// RFC 9111 section 5.2.2.2.
#[tokio::test(start_paused = true)]
async fn nothing_stands_in_for_what_must_be_validated() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=60, must-revalidate, stale-if-error=100, \
                  stale-while-revalidate=100";
    scene.run(get("").passes(ok(fields, "one"))).await;

    scene.run(get("").hits("one")).await;
    pass(65).await;
    scene.run(get("").passes(answer(503, "", "failed"))).await;
    scene.run(get("").asks(no_answer())).await;
    scene
        .run(get("cache-control: max-stale").passes(ok("", "two")))
        .await;
}

// RFC 9111 section 4.3.5.
#[tokio::test(start_paused = true)]
async fn an_answer_to_head_makes_it_young_again() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=60 | etag: \"a\"";
    scene.run(get("").passes(ok(fields, "one"))).await;

    pass(65).await;
    scene
        .run(head("").passes(ok("etag: \"a\" | content-length: 3", "")))
        .await;
    pass(55).await;
    scene.run(get("").hits("one").aged(54)).await;
}

// RFC 9111 section 4.2.3: what was confirmed long ago is as old as that.
#[tokio::test(start_paused = true)]
async fn what_was_confirmed_grows_older_from_then() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=60 | etag: \"a\" | date: @0";
    scene.run(get("").passes(ok(fields, "one"))).await;

    pass(65).await;
    let confirms = not_modified("age: 20 | etag: \"a\"");
    scene
        .run(get("").asks(confirms).sees(200, "one").aged(20))
        .await;
    pass(30).await;
    scene.run(get("").hits("one").aged(49)).await;
    pass(15).await;
    scene.run(get("").passes(ok("", "two"))).await;
}
