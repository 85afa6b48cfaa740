//! Calls of several processes that share a store.

use std::time::Duration;

use http::Method;
use http::header::IF_NONE_MATCH;
use tokio::time::{Instant, timeout};
use tower::limit::ConcurrencyLimit;
use tower::{Layer, ServiceExt};
use tower_client_cache::store::{Leased, Peers};
use tower_client_cache::{CacheHandle, CacheLayer, Key, Owner, Store};
use tower_client_call::{CacheOutcome, Deadline, Principal};

use crate::calls::{get, send, settle};
use crate::given::{Given, Origin, Reply, answer, ok, pass, request, streamed};
use crate::peering::{LEASE, Peering};
use crate::stepped::{Mode, Stepped, Steps};

const FRESH: &str = "cache-control: max-age=60";

#[tokio::test(start_paused = true)]
async fn what_one_process_has_fetched_the_others_have() {
    let [one, other] = processes(&Peering::default());
    one.origin.reply(ok(FRESH, "a"));

    let first = one.get("").await;
    let second = other.get("").await;

    assert_eq!(first.outcome, CacheOutcome::Miss);
    assert_eq!((second.outcome, second.text()), (CacheOutcome::Hit, "a"));
}

#[tokio::test(start_paused = true)]
async fn calls_of_all_processes_at_once_are_one_request() {
    let [one, other] = processes(&Peering::default());
    let reply = one.origin.later();
    let leading = one.start("").await;
    let mut waiting = Vec::new();
    for _ in 0..3 {
        waiting.push(other.start("").await);
    }

    send(reply, ok(FRESH, "a"));

    assert_eq!(leading.await.unwrap().text(), "a");
    for call in waiting {
        assert_eq!(call.await.unwrap().text(), "a");
    }
    assert_eq!((one.origin.count(), other.origin.count()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_longest_asks_at_once_when_the_first_leaves() {
    let peering = Peering::default();
    let [one, other] = processes(&peering);
    let _never = one.origin.later();
    let leaving = one.start("").await;
    other.origin.reply(ok(FRESH, "a"));
    let waiting = other.start("").await;
    let begun = Instant::now();

    leaving.abort();

    assert_eq!(waiting.await.unwrap().text(), "a");
    assert!(
        begun.elapsed() < Duration::from_millis(200),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(peering.leases(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_costs_the_others_its_lease() {
    let peering = Peering::default();
    let dead = peering.process();
    assert!(matches!(
        dead.lease(&root(), Some(0)).await,
        Ok(Leased::Granted(..))
    ));
    let [one, _] = processes(&peering);
    one.origin.reply(ok(FRESH, "a"));
    let begun = Instant::now();

    let got = one.get("").await;

    assert_eq!(got.text(), "a");
    let waited = begun.elapsed();
    assert!(
        LEASE <= waited && waited < LEASE + Duration::from_millis(200),
        "{waited:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_another_process_longer_than_its_own_deadline() {
    let peering = Peering::default();
    let dead = peering.process();
    drop(dead.lease(&root(), Some(0)).await.unwrap());
    let [one, other] = processes(&peering);
    one.origin.reply(ok(FRESH, "a"));
    let mut request = get("");
    request
        .extensions_mut()
        .insert(Deadline::within(Duration::from_secs(1)));
    let begun = Instant::now();

    let got = one.call(request).await.unwrap();

    assert_eq!((got.text(), begun.elapsed().as_secs()), ("a", 1));
    // It had no lease, and so is not kept for others.
    other.origin.reply(ok(FRESH, "b"));
    pass(LEASE.as_secs()).await;
    assert_eq!(other.get("").await.text(), "b");
}

#[tokio::test(start_paused = true)]
async fn what_another_process_forgets_meanwhile_is_not_kept() {
    let [one, other] = processes(&Peering::default());
    let reply = one.origin.later();
    let asking = one.start("").await;

    other.handle.clear().await.unwrap();
    send(reply, ok(FRESH, "old"));

    assert_eq!(asking.await.unwrap().text(), "old");
    other.origin.reply(ok(FRESH, "new"));
    assert_eq!(other.get("").await.text(), "new");
    assert_eq!(one.handle.stats().stored, 0);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_kept_gives_its_lease_back() {
    let peering = Peering::default();
    let (broken, sender) = streamed(FRESH);
    sender.send(Err("it broke off".into())).unwrap();
    for reply in [
        Reply::Failure("no connection"),
        answer(503, "", "later"),
        ok("cache-control: no-store", "own"),
        broken,
    ] {
        let [one, _] = processes(&peering);
        one.origin.reply(reply);

        drop(one.call(get("")).await);
        settle().await;

        assert_eq!(peering.leases(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_known_not_to_be_stored_asks_for_no_lease() {
    let peering = Peering::default();
    let [one, _] = processes(&peering);
    one.origin.always(|_| ok("cache-control: no-store", "own"));
    one.get("").await;
    let dead = peering.process();
    for path in ["/", "/other"] {
        let key = one.handle.key(None, request(Method::GET, path, "").uri());
        drop(dead.lease(&key.unwrap(), Some(0)).await.unwrap());
    }
    let begun = Instant::now();

    one.get("").await;
    one.get_at("/other", "cache-control: no-store").await;

    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn what_one_process_validates_is_fresh_for_all() {
    let [one, other] = processes(&Peering::default());
    one.origin
        .reply(ok("cache-control: max-age=60 | etag: \"a\"", "a"));
    one.get("").await;
    pass(100).await;
    other
        .origin
        .reply(answer(304, "cache-control: max-age=60 | etag: \"a\"", ""));

    let validated = other.get("").await;
    let hit = one.get("").await;

    assert_eq!(validated.outcome, CacheOutcome::Revalidated);
    assert_eq!((hit.outcome, hit.text()), (CacheOutcome::Hit, "a"));
}

#[tokio::test(start_paused = true)]
async fn what_is_stale_is_refreshed_by_one_process() {
    let [one, other] = processes(&Peering::default());
    one.origin.reply(ok(
        "cache-control: max-age=60, stale-while-revalidate=60",
        "a",
    ));
    one.get("").await;
    pass(70).await;
    let reply = one.origin.later();

    assert_eq!(one.get("").await.outcome, CacheOutcome::Stale);
    assert_eq!(other.get("").await.outcome, CacheOutcome::Stale);
    settle().await;
    send(reply, ok(FRESH, "b"));
    settle().await;

    assert_eq!(other.get("").await.text(), "b");
    assert_eq!((one.origin.count(), other.origin.count()), (2, 0));
    assert_eq!(other.handle.stats().refreshes, 0);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_another_process_holds_no_permit() {
    let peering = Peering::default();
    let dead = peering.process();
    drop(dead.lease(&root(), Some(0)).await.unwrap());
    let origin = Origin::default();
    origin.always(|_| ok(FRESH, "a"));
    let limited = ConcurrencyLimit::new(origin, 1);
    let builder = CacheLayer::builder(peering.process()).single_principal(Principal::new("anna"));
    let service = builder.build().unwrap().layer(limited.clone());
    let waiting = tokio::spawn(async move { service.oneshot(get("")).await.map(drop) });
    settle().await;

    let other = timeout(Duration::from_secs(1), limited.oneshot(get(""))).await;

    assert!(other.is_ok(), "it waited too");
    waiting.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_came_just_before_the_lease_is_validated_and_not_fetched_again() {
    let (peering, steps) = (Peering::default(), Steps::default());
    let one = cache_of(Stepped::new(peering.process(), &steps));
    let other = cache_of(peering.process());
    other
        .origin
        .reply(ok("cache-control: no-cache | etag: \"a\"", "a"));
    one.origin
        .always(|asked| match asked.headers().get(IF_NONE_MATCH) {
            Some(_) => answer(304, "etag: \"a\"", ""),
            None => ok(FRESH, "again"),
        });
    steps.set(Mode::Held);
    let asking = one.start("").await;
    for _ in ["before it looks", "after"] {
        steps.let_go(0);
        settle().await;
    }

    other.get("").await;
    steps.let_all_go();

    assert_eq!(asking.await.unwrap().text(), "a");
}

#[tokio::test(start_paused = true)]
async fn a_value_is_made_by_one_process() {
    let [one, other] = processes(&Peering::default());
    let slow = tokio::spawn(value(one.handle.clone(), "one", Duration::from_secs(2)));
    settle().await;

    let quick = value(other.handle.clone(), "other", Duration::ZERO).await;

    assert_eq!(
        (slow.await.unwrap().as_str(), quick.as_str()),
        ("one", "one")
    );
}

async fn value(handle: CacheHandle, made: &'static str, time: Duration) -> String {
    let key = handle.value_key(None, "rates").unwrap();
    let make = || async move {
        tokio::time::sleep(time).await;
        Ok::<_, std::io::Error>(made.to_owned())
    };
    let hour = Duration::from_secs(3600);
    handle.get_or_set(&key, hour, make).await.unwrap()
}

/// Two processes of one user, each with an origin of its own.
fn processes(peering: &Peering) -> [Given; 2] {
    [(); 2].map(|()| cache_of(peering.process()))
}

/// One process of one user.
pub(crate) fn cache_of(store: impl Store) -> Given {
    let builder = CacheLayer::builder(store).single_principal(Principal::new("anna"));
    let layer = builder.build().unwrap();
    let origin = Origin::default();
    Given {
        cache: layer.layer(origin.clone()),
        handle: layer.handle(),
        origin,
    }
}

/// What calls for `/` are kept by.
pub(crate) fn root() -> Key {
    let owner = Owner::Principal(Principal::new("anna"));
    Key::new(owner, get("").uri()).unwrap()
}
