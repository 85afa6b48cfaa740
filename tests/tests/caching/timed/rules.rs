//! Which rule a call is cached by.

use std::time::Duration;

use http::Method;
use tower_client_cache::policy::Rules;
use tower_client_cache::{Asked, Rule, RuleTable};
use tower_client_call::Operation;

use crate::case::{answer, get, no_answer, ok, send};
use crate::origin::Ask;
use crate::scene::{Scene, pass};

const MINUTE: Duration = Duration::from_secs(60);
const FRESH: &str = "cache-control: max-age=60";

#[tokio::test(start_paused = true)]
async fn an_operation_has_its_own_rule() {
    let rules = RuleTable::new(Rule::off())
        .operation("cars", Rule::fixed(MINUTE))
        .operation("trips", Rule::standard());
    let scene = Scene::new(|builder| builder.rules(rules));
    let cars = || get("").at("/cars");
    let trips = || get("").at("/trips");

    scene
        .run_with(cars().passes(ok("", "one")), as_("cars"))
        .await;
    scene.run_with(cars().hits("one"), as_("cars")).await;
    scene
        .run_with(trips().passes(ok("", "two")), as_("trips"))
        .await;
    scene
        .run_with(trips().passes(ok(FRESH, "three")), as_("trips"))
        .await;
    scene.run_with(trips().hits("three"), as_("trips")).await;
    // Nothing stored is served to a call whose rule is off.
    scene.run(cars().passes(ok("", "four"))).await;
    scene.run_with(cars().hits("one"), as_("cars")).await;
}

#[tokio::test(start_paused = true)]
async fn a_rule_can_depend_on_anything_that_is_asked() {
    let rules = |asked: &Asked<'_>| match asked.uri.path() {
        "/never" => Rule::off(),
        _ if asked.headers.contains_key("x-off") => Rule::off(),
        _ => Rule::standard(),
    };
    let scene = Scene::new(|builder| builder.rules(rules));

    scene
        .run(get("").at("/never").passes(ok(FRESH, "one")))
        .await;
    scene
        .run(get("").at("/never").passes(ok(FRESH, "two")))
        .await;
    scene.run(get("").passes(ok(FRESH, "three"))).await;
    scene.run(get("x-off: 1").passes(ok(FRESH, "four"))).await;
    scene.run(get("").hits("three")).await;
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_is_off_neither_stores_nor_serves() {
    let scene = Scene::new(|builder| builder.rules(Rule::off()));

    scene.run(get("").passes(ok(FRESH, "one"))).await;
    scene.run(get("").passes(ok(FRESH, "two"))).await;
    scene
        .run(get("cache-control: only-if-cached").passes(ok(FRESH, "three")))
        .await;

    assert_eq!(scene.handle.size().await.unwrap().entries, 0);
}

#[tokio::test(start_paused = true)]
async fn a_change_by_a_call_whose_rule_is_off_invalidates() {
    let rules = |asked: &Asked<'_>| match *asked.method {
        Method::GET => Rule::standard(),
        _ => Rule::off(),
    };
    let scene = Scene::new(|builder| builder.rules(rules));
    scene.run(get("").passes(ok(FRESH, "one"))).await;

    scene
        .run(send(Method::POST, "").passes(ok("", "done")))
        .await;

    scene.run(get("").passes(ok(FRESH, "two"))).await;
}

#[tokio::test(start_paused = true)]
async fn a_standard_rule_can_say_how_stale_is_good_enough() {
    let rule = Rule::standard()
        .stale_if_error(MINUTE)
        .stale_while_revalidate(Duration::from_secs(30));
    let scene = Scene::new(|builder| builder.rules(rule));
    scene.run(get("").passes(ok(FRESH, "one"))).await;
    pass(80).await;
    scene
        .run(get("").hits_while("one", answer(500, "", "")))
        .await;
    pass(30).await;
    scene
        .run(get("").asks(answer(500, "", "")).sees(200, "one"))
        .await;
    scene.run(get("").asks(no_answer()).sees(200, "one")).await;
    pass(15).await;
    scene.run(get("").passes(answer(500, "", "failed"))).await;
}

// RFC 5861: what the answer says goes first.
#[tokio::test(start_paused = true)]
async fn an_answer_can_refuse_what_the_rule_allows() {
    for fields in [
        "cache-control: max-age=60, stale-if-error=0, stale-while-revalidate=0",
        "cache-control: max-age=60, must-revalidate",
        "cache-control: no-cache",
    ] {
        let rule = Rule::standard()
            .stale_if_error(MINUTE)
            .stale_while_revalidate(MINUTE);
        let scene = Scene::new(|builder| builder.rules(rule));
        scene.run(get("").passes(ok(fields, "one"))).await;
        pass(70).await;

        scene.run(get("").passes(answer(503, "", "failed"))).await;
        scene.run(get("").asks(no_answer())).await;
        scene.run(get("").passes(ok("", "two"))).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_rule_can_forbid_to_guess() {
    let rule = Rule::standard_with(Rules::new().heuristic(0, 0));
    let scene = Scene::new(|builder| builder.rules(rule));

    scene
        .run(get("").passes(ok("last-modified: @-1000000", "one")))
        .await;
    scene.run(get("").passes(ok("", "two"))).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_longer_than_allowed_is_passed_on_and_not_stored() {
    for chunked in [false, true] {
        let scene = Scene::new(|builder| builder.max_entry(9));
        let reply = |body| {
            let reply = ok(FRESH, body);
            if chunked { reply.chunked() } else { reply }
        };

        scene.run(get("").passes(reply("0123456789"))).await;
        scene.run(get("").passes(reply("012345678"))).await;
        scene.run(get("").hits("012345678")).await;
    }
}

fn as_(name: &'static str) -> impl FnOnce(&mut Ask) {
    move |request| {
        request.extensions_mut().insert(Operation::new(name, "/"));
    }
}
