//! Whose answers are whose.

use http::Method;
use tower_client_cache::{CacheLayer, MemoryStore};
use tower_client_call::Principal;

use crate::case::{answer, get, no_answer, not_modified, ok, send};
use crate::origin::Ask;
use crate::scene::Scene;

const FRESH: &str = "cache-control: max-age=60 | etag: \"a\"";

#[tokio::test(start_paused = true)]
async fn nobody_gets_another_s_answer() {
    let scene = Scene::new(|builder| builder);
    let (anna, ben) = (Principal::new("anna"), Principal::new("ben"));

    scene
        .run_with(get("").passes(ok(FRESH, "anna's")), by(&anna))
        .await;
    let theirs = ok(FRESH, "ben's").if_not_asked("if-none-match");
    scene.run_with(get("").passes(theirs), by(&ben)).await;
    let nobody_s = ok(FRESH, "nobody's").if_not_asked("if-none-match");
    scene.run(get("").passes(nobody_s)).await;

    scene.run_with(get("").hits("anna's"), by(&anna)).await;
    scene.run_with(get("").hits("ben's"), by(&ben)).await;
    scene.run(get("").hits("nobody's")).await;
}

#[tokio::test(start_paused = true)]
async fn nobody_gets_another_s_answer_when_the_origin_fails() {
    let scene = Scene::new(|builder| builder);
    let (anna, ben) = (Principal::new("anna"), Principal::new("ben"));
    let fields = "cache-control: max-age=60, stale-if-error=1000, stale-while-revalidate=1000 \
                  | age: 100";
    scene
        .run_with(get("").passes(ok(fields, "anna's")), by(&anna))
        .await;

    let failed = get("cache-control: max-stale").passes(answer(503, "", "failed"));
    scene.run_with(failed, by(&ben)).await;
    scene.run_with(get("").asks(no_answer()), by(&ben)).await;
    let only = get("cache-control: only-if-cached, max-stale").hits_with(504, "");
    scene.run_with(only, by(&ben)).await;
}

#[tokio::test(start_paused = true)]
async fn another_epoch_finds_nothing() {
    let scene = Scene::new(|builder| builder);
    let anna = Principal::new("anna");
    scene
        .run_with(get("").passes(ok(FRESH, "one")), by(&anna))
        .await;

    let later = anna.at_epoch(1);
    let again = ok(FRESH, "two").if_not_asked("if-none-match");
    scene.run_with(get("").passes(again), by(&later)).await;

    scene.run_with(get("").hits("two"), by(&later)).await;
    scene.run_with(get("").hits("one"), by(&anna)).await;
}

#[tokio::test(start_paused = true)]
async fn credentials_of_nobody_pass_by() {
    for fields in [
        "authorization: Bearer x",
        "cookie: a=b",
        "proxy-authorization: Basic eA==",
    ] {
        let scene = Scene::new(|builder| builder);

        let one = get(fields).passes(ok(FRESH, "one")).did("fwd=bypass");
        scene.run(one.did_not("stored")).await;
        scene.run(get(fields).passes(ok(FRESH, "two"))).await;
        scene.run(get("").passes(ok(FRESH, "three"))).await;
        scene.run(get("").hits("three")).await;
        scene.run(get(fields).passes(ok(FRESH, "four"))).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_marked_sensitive_is_a_credential() {
    let scene = Scene::new(|builder| builder);
    let secret = |request: &mut Ask| {
        let mut key = http::HeaderValue::from_static("s3cret");
        key.set_sensitive(true);
        request.headers_mut().insert("x-api-key", key);
    };

    scene
        .run_with(get("").passes(ok(FRESH, "one")), secret)
        .await;
    scene
        .run_with(get("").passes(ok(FRESH, "two")), secret)
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_user_in_the_uri_is_a_credential() {
    let scene = Scene::new(|builder| builder);
    let named = |request: &mut Ask| {
        *request.uri_mut() = "https://anna:pw@api.example/".parse().unwrap();
    };

    scene
        .run_with(get("").passes(ok(FRESH, "one")), named)
        .await;
    scene
        .run_with(get("").passes(ok(FRESH, "two")), named)
        .await;
    scene.run(get("").passes(ok(FRESH, "three"))).await;
}

#[tokio::test(start_paused = true)]
async fn a_single_principal_is_whose_all_calls_are() {
    let scene = Scene::new(|builder| builder.single_principal(Principal::new("anna")));
    let anna = Principal::new("anna");

    scene
        .run(get("authorization: Bearer x").passes(ok(FRESH, "one")))
        .await;
    scene.run(get("authorization: Bearer y").hits("one")).await;
    scene.run(get("").hits("one")).await;
    scene.run_with(get("").hits("one"), by(&anna)).await;
    let ben = Principal::new("ben");
    scene
        .run_with(get("").passes(ok("", "two")), by(&ben))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_token_that_rotates_is_the_same_principal_s() {
    let scene = Scene::new(|builder| builder);
    let anna = Principal::new("anna");
    let fields = "cache-control: max-age=60 | vary: authorization, x-a";
    let with = |token: &str| get(format!("authorization: Bearer {token} | x-a: 1"));

    scene
        .run_with(with("one").passes(ok(fields, "one")), by(&anna))
        .await;
    scene.run_with(with("two").hits("one"), by(&anna)).await;
    let other = get("authorization: Bearer two | x-a: 2").passes(ok(fields, "two"));
    scene.run_with(other, by(&anna)).await;
}

#[tokio::test(start_paused = true)]
async fn what_varies_by_a_cookie_is_not_stored_with_one() {
    let scene = Scene::new(|builder| builder.single_principal(Principal::new("anna")));
    let fields = "cache-control: max-age=60 | vary: cookie";

    scene
        .run(get("cookie: a=b").passes(ok(fields, "one")))
        .await;
    scene
        .run(get("cookie: a=b").passes(ok(fields, "two")))
        .await;
    scene.run(get("").passes(ok(fields, "three"))).await;
    scene.run(get("").hits("three")).await;
    scene
        .run(get("cookie: a=b").passes(ok(fields, "four")))
        .await;
}

#[tokio::test(start_paused = true)]
async fn two_layers_on_one_store_share_nothing_without_principals() {
    let store = MemoryStore::new();
    let one = Scene::with("https", &CacheLayer::new(store.clone()));
    let other = Scene::with("https", &CacheLayer::new(store));

    one.run(get("").passes(ok(FRESH, "one"))).await;
    let again = ok(FRESH, "two").if_not_asked("if-none-match");
    other.run(get("").passes(again)).await;

    one.run(get("").hits("one")).await;
    other.run(get("").hits("two")).await;
}

#[tokio::test(start_paused = true)]
async fn two_layers_on_one_store_share_what_is_one_principal_s() {
    let store = MemoryStore::new();
    let anna = Principal::new("anna");
    let one = Scene::with("https", &CacheLayer::new(store.clone()));
    let other = CacheLayer::builder(store).single_principal(anna.clone());
    let other = Scene::with("https", &other.build().unwrap());

    one.run_with(get("").passes(ok(FRESH, "one")), by(&anna))
        .await;

    other.run(get("").hits("one")).await;
}

#[tokio::test(start_paused = true)]
async fn two_services_of_one_layer_share_what_is_stored() {
    let layer = CacheLayer::new(MemoryStore::new());
    let one = Scene::with("https", &layer);
    let other = Scene::with("https", &layer);

    one.run(get("").passes(ok(FRESH, "one"))).await;

    other.run(get("").hits("one")).await;
}

#[tokio::test(start_paused = true)]
async fn a_change_is_for_who_made_it() {
    let scene = Scene::new(|builder| builder);
    let (anna, ben) = (Principal::new("anna"), Principal::new("ben"));
    scene
        .run_with(get("").passes(ok(FRESH, "anna's")), by(&anna))
        .await;
    scene
        .run_with(get("").passes(ok(FRESH, "ben's")), by(&ben))
        .await;

    let change = send(Method::PUT, "").passes(answer(204, "", ""));
    scene.run_with(change, by(&anna)).await;

    scene
        .run_with(get("").passes(ok(FRESH, "new")), by(&anna))
        .await;
    scene.run_with(get("").hits("ben's"), by(&ben)).await;
}

#[tokio::test(start_paused = true)]
async fn a_confirmation_is_for_who_asked() {
    let scene = Scene::new(|builder| builder);
    let (anna, ben) = (Principal::new("anna"), Principal::new("ben"));
    let stale = format!("{FRESH} | age: 100");
    scene
        .run_with(get("").passes(ok(stale.clone(), "anna's")), by(&anna))
        .await;
    scene
        .run_with(get("").passes(ok(stale, "ben's")), by(&ben))
        .await;

    let confirmed = get("")
        .asks(not_modified("etag: \"a\""))
        .sees(200, "anna's");
    scene.run_with(confirmed, by(&anna)).await;

    scene.run_with(get("").hits("anna's"), by(&anna)).await;
    scene
        .run_with(get("").passes(ok(FRESH, "new")), by(&ben))
        .await;
}

fn by(principal: &Principal) -> impl FnOnce(&mut Ask) {
    let principal = principal.clone();
    move |request| {
        request.extensions_mut().insert(principal);
    }
}
