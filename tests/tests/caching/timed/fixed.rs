//! Rules by which answers are fresh for a fixed time.

use std::time::Duration;

use tower_client_cache::Rule;

use crate::case::{answer, get, head, no_answer, not_modified, ok, send};
use crate::scene::{Scene, pass};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_fixed_time_counts_whatever_the_answer_says() {
    for fields in [
        "",
        "cache-control: no-store",
        "cache-control: no-cache, max-age=0",
        "cache-control: private, must-revalidate",
        "expires: 0",
        "set-cookie: a=b",
        "cache-control: max-age=100000",
        "last-modified: @-1000000",
        "pragma: no-cache",
    ] {
        let scene = fixed(Rule::fixed(MINUTE));
        scene.run(get("").passes(ok(fields, "one"))).await;

        pass(55).await;
        scene.run(get("").hits("one").aged(54)).await;
        pass(10).await;
        scene.run(get("").passes(ok(fields, "two"))).await;
        scene.run(get("").hits("two")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_fixed_time_is_for_success() {
    for status in [200, 201, 203, 299] {
        let scene = fixed(Rule::fixed(MINUTE));
        scene.run(get("").passes(answer(status, "", "one"))).await;
        scene.run(get("").hits_with(status, "one")).await;
    }
    for status in [301, 302, 400, 401, 403, 404, 429, 500, 503] {
        let scene = fixed(Rule::fixed(MINUTE));
        let fields = "cache-control: max-age=60";
        scene
            .run(get("").passes(answer(status, fields, "one")))
            .await;
        scene
            .run(get("").passes(answer(status, fields, "two")))
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_fixed_time_can_be_for_all_statuses() {
    for status in [301, 403, 404, 500] {
        let scene = fixed(Rule::fixed(MINUTE).all_statuses());
        scene.run(get("").passes(answer(status, "", "one"))).await;
        pass(55).await;
        scene.run(get("").hits_with(status, "one")).await;
        pass(10).await;
        scene.run(get("").passes(answer(status, "", "two"))).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_request_says_counts() {
    let scene = fixed(Rule::fixed(MINUTE));
    scene.run(get("").passes(ok("", "one"))).await;
    pass(20).await;

    scene
        .run(get("cache-control: max-age=30").hits("one"))
        .await;
    scene
        .run(get("cache-control: max-age=10").passes(ok("", "two")))
        .await;
    scene
        .run(get("cache-control: no-cache").passes(ok("", "three")))
        .await;
    scene
        .run(get("cache-control: no-cache, no-store").passes(ok("", "four")))
        .await;
    scene.run(get("").hits("three")).await;
    pass(65).await;
    scene
        .run(get("cache-control: only-if-cached").hits_with(504, ""))
        .await;
    scene
        .run(get("cache-control: max-stale").hits("three"))
        .await;
}

#[tokio::test(start_paused = true)]
async fn answers_are_kept_apart_by_what_they_vary_by() {
    let scene = fixed(Rule::fixed(MINUTE));
    scene
        .run(get("x-a: 1").passes(ok("vary: x-a", "one")))
        .await;
    scene
        .run(get("x-a: 2").passes(ok("vary: x-a", "two")))
        .await;
    scene.run(get("x-a: 1").hits("one")).await;

    let scene = fixed(Rule::fixed(MINUTE));
    scene.run(get("").passes(ok("vary: *", "one"))).await;
    scene.run(get("").passes(ok("vary: *", "two"))).await;
}

#[tokio::test(start_paused = true)]
async fn what_has_a_validator_is_validated_after_its_time() {
    let scene = fixed(Rule::fixed(MINUTE));
    scene.run(get("").passes(ok("etag: \"a\"", "one"))).await;
    pass(65).await;

    let confirms = not_modified("cache-control: no-store").if_asked("if-none-match", "\"a\"");
    scene.run(get("").asks(confirms).sees(200, "one")).await;
    pass(55).await;
    scene.run(get("").hits("one")).await;
}

// As it says: whatever the answer says itself, its age and date too.
#[tokio::test(start_paused = true)]
async fn a_fixed_time_is_counted_from_the_arrival() {
    for fields in ["age: 1000", "date: @-1000", "date: @1000"] {
        let scene = fixed(Rule::fixed(MINUTE));
        let fields = format!("{fields} | etag: \"a\"");
        scene.run(get("").passes(ok(fields.clone(), "one"))).await;

        pass(55).await;
        scene.run(get("").hits("one")).await;
        pass(10).await;
        scene
            .run(get("").asks(not_modified(fields)).sees(200, "one"))
            .await;
        pass(55).await;
        scene.run(get("").hits("one")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_stale_stands_in_as_the_rule_says() {
    let rule = Rule::fixed(MINUTE).stale_if_error(MINUTE);
    let scene = fixed(rule);
    scene.run(get("").passes(ok("", "one"))).await;

    pass(100).await;
    scene
        .run(get("").asks(answer(503, "", "")).sees(200, "one"))
        .await;
    scene.run(get("").asks(no_answer()).sees(200, "one")).await;
    pass(25).await;
    scene.run(get("").passes(answer(503, "", "failed"))).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_stale_is_served_while_it_is_fetched_as_the_rule_says() {
    let rule = Rule::fixed(MINUTE).stale_while_revalidate(MINUTE);
    let scene = fixed(rule);
    scene.run(get("").passes(ok("", "one"))).await;

    pass(100).await;
    scene.run(get("").hits_while("one", ok("", "two"))).await;
    scene.run(get("").hits("two")).await;
    pass(125).await;
    scene.run(get("").passes(ok("", "three"))).await;
}

#[tokio::test(start_paused = true)]
async fn changes_make_it_invalid_all_the_same() {
    let scene = fixed(Rule::fixed(MINUTE));
    scene.run(get("").passes(ok("", "one"))).await;
    scene.run(head("").hits("")).await;

    scene
        .run(send(http::Method::PUT, "").passes(answer(204, "", "")))
        .await;

    scene.run(get("").passes(ok("", "two"))).await;
}

fn fixed(rule: Rule) -> Scene {
    Scene::new(|builder| builder.rules(rule))
}
