//! What the owner of a cache can do.

use http::{Method, Uri};
use tower_client_cache::{Asked, Glob, Rule};
use tower_client_call::Principal;

use crate::case::{Step, answer, get, no_answer, not_modified, ok, send};
use crate::origin::Ask;
use crate::scene::{Scene, pass};

const FRESH: &str = "cache-control: max-age=60";

#[tokio::test(start_paused = true)]
async fn switched_off_it_passes_calls_by_and_keeps_what_is_stored() {
    let scene = Scene::new(|builder| builder);
    scene.run(get("").passes(ok(FRESH, "one"))).await;

    scene.handle.set_enabled(false);
    assert!(!scene.handle.is_enabled());
    let passed = get("").passes(ok(FRESH, "two")).did("fwd=bypass");
    scene.run(passed).await;
    let only = get("cache-control: only-if-cached").passes(ok(FRESH, "three"));
    scene.run(only).await;

    scene.handle.set_enabled(true);
    scene.run(get("").hits("one")).await;
}

#[tokio::test(start_paused = true)]
async fn what_changes_while_it_is_switched_off_is_forgotten() {
    let scene = Scene::new(|builder| builder);
    scene.run(get("").passes(ok(FRESH, "one"))).await;

    scene.handle.set_enabled(false);
    scene
        .run(send(Method::PUT, "").passes(answer(204, "", "")))
        .await;
    scene.handle.set_enabled(true);

    scene.run(get("").passes(ok(FRESH, "two"))).await;
}

#[tokio::test(start_paused = true)]
async fn it_can_begin_switched_off() {
    let scene = Scene::new(|builder| builder.enabled(false));

    scene.run(get("").passes(ok(FRESH, "one"))).await;
    scene.run(get("").passes(ok(FRESH, "two"))).await;
    scene.handle.set_enabled(true);
    scene.run(get("").passes(ok(FRESH, "three"))).await;
    scene.run(get("").hits("three")).await;
}

#[tokio::test(start_paused = true)]
async fn a_tag_is_forgotten_whoever_owns_what_has_it() {
    let rules = |asked: &Asked<'_>| match asked.uri.path() {
        "/cars" => Rule::standard().tag("cars").tag("all"),
        _ => Rule::standard().tag("all"),
    };
    let scene = Scene::new(|builder| builder.rules(rules));
    let anna = Principal::new("anna");
    let cars = || get("").at("/cars");
    let trips = || get("").at("/trips");
    scene.run(cars().passes(ok(FRESH, "one"))).await;
    scene
        .run_with(cars().passes(ok(FRESH, "two")), by(&anna))
        .await;
    scene.run(trips().passes(ok(FRESH, "three"))).await;

    assert_eq!(scene.handle.invalidate_tag("cars").await.unwrap(), 2);
    assert_eq!(scene.handle.invalidate_tag("bikes").await.unwrap(), 0);
    scene.run(trips().hits("three")).await;
    scene.run(cars().passes(ok(FRESH, "four"))).await;
    scene
        .run_with(cars().passes(ok(FRESH, "five")), by(&anna))
        .await;

    assert_eq!(scene.handle.invalidate_tag("all").await.unwrap(), 3);
    scene.run(trips().passes(ok(FRESH, "six"))).await;
}

#[tokio::test(start_paused = true)]
async fn a_tag_stays_when_an_answer_is_confirmed() {
    let scene = Scene::new(|builder| builder.rules(Rule::standard().tag("all")));
    let fields = "cache-control: max-age=60 | etag: \"a\" | age: 100";
    scene.run(get("").passes(ok(fields, "one"))).await;
    scene
        .run(get("").asks(not_modified("")).sees(200, "one"))
        .await;

    assert_eq!(scene.handle.invalidate_tag("all").await.unwrap(), 1);
    scene.run(get("").passes(ok("", "two"))).await;
}

#[tokio::test(start_paused = true)]
async fn an_entry_tells_of_itself() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=60 | etag: \"a\"";
    let key = scene.handle.key(None, &uri("/")).unwrap();
    assert!(scene.handle.entry(&key).await.unwrap().is_empty());
    scene.run(get("").passes(ok(fields, "one"))).await;
    pass(30).await;
    scene.run(get("").hits("one")).await;
    pass(40).await;
    scene
        .run(get("").asks(not_modified("")).sees(200, "one"))
        .await;

    let entries = scene.handle.entry(&key).await.unwrap();

    let [entry] = entries.as_slice() else {
        panic!("not one entry: {entries:?}");
    };
    assert_eq!(entry.length, 3);
    assert_eq!(entry.accesses, 2);
    assert!((69..=71).contains(&entry.validated.since(entry.created)));
    assert_eq!(entry.expires.since(entry.validated), 60);
    assert_eq!(entry.last_access, Some(entry.validated));
}

#[tokio::test(start_paused = true)]
async fn every_variant_of_a_key_is_an_entry() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=60 | vary: x-a";
    scene.run(get("x-a: 1").passes(ok(fields, "1"))).await;
    scene.run(get("x-a: 2").passes(ok(fields, "22"))).await;
    let key = scene.handle.key(None, &uri("/")).unwrap();

    let lengths = |entries: Vec<tower_client_cache::EntryInfo>| -> Vec<u64> {
        entries.iter().map(|entry| entry.length).collect()
    };
    assert_eq!(lengths(scene.handle.entry(&key).await.unwrap()), [2, 1]);
    assert_eq!(scene.handle.list(10).await.unwrap().len(), 2);
    assert_eq!(scene.handle.list(1).await.unwrap().len(), 1);
    assert_eq!(scene.handle.invalidate(&key).await.unwrap(), 2);
    assert_eq!(scene.handle.invalidate(&key).await.unwrap(), 0);
    scene.run(get("x-a: 1").passes(ok(fields, "3"))).await;
}

#[tokio::test(start_paused = true)]
async fn what_matches_a_pattern_is_forgotten() {
    let scene = three().await;

    let pattern = Glob::new("https://api.example/cars*");
    assert_eq!(scene.handle.invalidate_matching(pattern).await.unwrap(), 2);

    scene.run(get("").at("/trips").hits("/trips")).await;
    scene
        .run(get("").at("/cars").passes(ok(FRESH, "new")))
        .await;
    scene
        .run(get("").at("/cars?id=1").passes(ok(FRESH, "new")))
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_a_principal_s_is_forgotten_in_all_epochs() {
    let scene = Scene::new(|builder| builder);
    let (anna, ben) = (Principal::new("anna"), Principal::new("ben"));
    for owner in [&anna, &anna.at_epoch(1), &ben] {
        scene
            .run_with(get("").passes(ok(FRESH, "one")), by(owner))
            .await;
    }

    assert_eq!(scene.handle.invalidate_principal(&anna).await.unwrap(), 2);

    scene.run_with(get("").hits("one"), by(&ben)).await;
    scene
        .run_with(get("").passes(ok("", "two")), by(&anna))
        .await;
    scene
        .run_with(get("").passes(ok("", "two")), by(&anna.at_epoch(1)))
        .await;
}

#[tokio::test(start_paused = true)]
async fn everything_is_forgotten() {
    let scene = three().await;
    assert_eq!(scene.handle.size().await.unwrap().entries, 3);

    assert_eq!(scene.handle.clear().await.unwrap(), 3);

    assert_eq!(scene.handle.size().await.unwrap().entries, 0);
    for path in ["/cars", "/cars?id=1", "/trips"] {
        scene.run(get("").at(path).passes(ok("", "new"))).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_forgotten_while_it_was_fetched_is_not_stored() {
    let scene = Scene::new(|builder| builder);
    scene.origin.answers([ok(FRESH, "old")]);
    scene.origin.hold();
    let call = tokio::spawn({
        let scene = scene.clone();
        async move { scene.get(scene.request(&get(""))).await }
    });
    while scene.origin.asked().is_empty() {
        tokio::task::yield_now().await;
    }

    scene.handle.clear().await.unwrap();
    scene.origin.release();

    assert_eq!(call.await.unwrap().body.unwrap(), b"old");
    scene.run(get("").passes(ok(FRESH, "new"))).await;
    scene.run(get("").hits("new")).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_done_is_counted() {
    let scene = Scene::new(|builder| builder);
    let fields = "cache-control: max-age=60, stale-if-error=1000 | etag: \"a\"";
    let steps: [Step; 7] = [
        get("").passes(ok(fields, "one")),
        get("").hits("one"),
        get("").hits("one"),
        get("cache-control: no-cache")
            .asks(not_modified(""))
            .sees(200, "one"),
        get("").at("/b").asks(no_answer()),
        get("").with_body("a question").passes(ok("", "two")),
        send(Method::OPTIONS, "").passes(ok("", "three")),
    ];
    for step in steps {
        scene.run(step).await;
    }
    pass(100).await;
    scene.run(get("").asks(no_answer()).sees(200, "one")).await;

    let stats = scene.handle.stats();

    assert_eq!((stats.hits, stats.misses), (2, 2));
    assert_eq!((stats.revalidated, stats.stale), (1, 1));
    assert_eq!((stats.bypasses, stats.stored), (2, 1));
    assert_eq!(
        (stats.collapsed, stats.refreshes, stats.in_flight),
        (0, 0, 0)
    );
    assert_eq!((stats.failed_refreshes, stats.store_errors), (0, 0));
}

/// A cache that has stored three resources, each with its path as the body.
async fn three() -> Scene {
    let scene = Scene::new(|builder| builder);
    for path in ["/cars", "/cars?id=1", "/trips"] {
        scene.run(get("").at(path).passes(ok(FRESH, path))).await;
    }
    scene
}

fn uri(path: &str) -> Uri {
    format!("https://api.example{path}").parse().unwrap()
}

fn by(principal: &Principal) -> impl FnOnce(&mut Ask) {
    let principal = principal.clone();
    move |request| {
        request.extensions_mut().insert(principal);
    }
}
