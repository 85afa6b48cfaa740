//! What calls are served after another process forgot something, and stores that fail meanwhile.

use std::time::Duration;

use tokio::time::Instant;
use tower::Layer;
use tower_client_cache::store::Peers;
use tower_client_cache::{CacheLayer, Guarded, MemoryStore, Store, Tiered};
use tower_client_call::{CacheOutcome, Deadline};

use crate::calls::{get, of, send, settle};
use crate::given::{Given, Origin, answer, ok, pass, request};
use crate::peering::Peering;
use crate::peers::{cache_of, root};
use crate::stepped::{Mode, Stepped, Steps};

const FRESH: &str = "cache-control: max-age=60";

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_before_another_forgot_it_is_not_served_when_the_shared_tier_fails() {
    let peering = Peering::default();
    let below = Steps::default();
    let one = cache_of(Tiered::new(
        MemoryStore::new(),
        Stepped::new(peering.process(), &below),
    ));
    let reply = one.origin.later();
    let asking = one.start("").await;
    Store::delete(&peering.process(), &root(), None)
        .await
        .unwrap();
    settle().await; // heard
    below.set(Mode::Fails); // as when Redis has no memory, or the entry is longer than its max_entry

    send(reply, ok(FRESH, "old"));
    assert_eq!(asking.await.unwrap().text(), "old");
    settle().await;
    below.set(Mode::Free);

    one.origin.reply(ok(FRESH, "new"));
    assert_eq!(one.get("").await.text(), "new");
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_without_a_lease_before_another_forgot_it_is_not_served() {
    let peering = Peering::default();
    let dead = peering.process();
    drop(dead.lease(&root(), Some(0)).await.unwrap());
    let one = cache_of(Tiered::new(MemoryStore::new(), peering.process()));
    let reply = one.origin.later();
    let mut asked = get("");
    asked
        .extensions_mut()
        .insert(Deadline::within(Duration::from_secs(1)));
    let asking = {
        let one = one.clone();
        tokio::spawn(async move { one.call(asked).await.unwrap() })
    };
    tokio::time::sleep(Duration::from_secs(2)).await; // it goes alone now
    assert_eq!(one.origin.count(), 1);
    Store::delete(&peering.process(), &root(), None)
        .await
        .unwrap();
    settle().await; // heard

    send(reply, ok(FRESH, "old"));
    assert_eq!(asking.await.unwrap().text(), "old");
    settle().await;

    one.origin.reply(ok(FRESH, "new"));
    assert_eq!(one.get("").await.text(), "new");
}

#[tokio::test(start_paused = true)]
async fn what_the_shared_tier_will_refuse_is_not_served_meanwhile() {
    let peering = Peering::default();
    let below = Steps::default();
    let one = cache_of(Tiered::new(
        MemoryStore::new(),
        Stepped::new(peering.process(), &below),
    ));
    let reply = one.origin.later();
    let asking = one.start("").await;
    Store::delete(&peering.process(), &root(), None)
        .await
        .unwrap();
    settle().await; // heard
    below.set(Mode::Held);
    send(reply, ok(FRESH, "old"));
    asking.await.unwrap();
    settle().await;

    let response = one.start("").await;
    settle().await;
    assert!(!response.is_finished(), "served {:?}", response.await);
}

#[tokio::test(start_paused = true)]
async fn a_call_after_what_was_heard_does_not_share_a_fetch_from_before() {
    let peering = Peering::default();
    let one = cache_of(Tiered::new(MemoryStore::new(), peering.process()));
    let reply = one.origin.later();
    let before = one.start("").await;
    Store::delete(&peering.process(), &root(), None)
        .await
        .unwrap();
    settle().await; // heard

    one.origin.reply(ok(FRESH, "new"));
    let after = one.start("").await;
    send(reply, ok(FRESH, "old"));

    assert_eq!(before.await.unwrap().text(), "old");
    assert_eq!(after.await.unwrap().text(), "new");
}

#[tokio::test(start_paused = true)]
async fn what_was_heard_to_be_forgotten_does_not_stand_in_for_an_error() {
    let peering = Peering::default();
    let one = cache_of(Tiered::new(MemoryStore::new(), peering.process()));
    one.origin
        .reply(ok("cache-control: max-age=1, stale-if-error=600", "old"));
    one.get("").await;
    pass(10).await;
    let reply = one.origin.later();
    let asking = one.start("").await;
    Store::delete(&peering.process(), &root(), None)
        .await
        .unwrap();
    settle().await; // heard

    send(reply, answer(503, "", "down"));

    let got = asking.await.unwrap();
    assert_ne!((got.outcome, got.text()), (CacheOutcome::Stale, "old"));
}

#[tokio::test(start_paused = true)]
async fn a_value_at_hand_above_is_not_asked_for_below() {
    let below = Steps::default();
    let store = Tiered::new(MemoryStore::new(), Stepped::new(MemoryStore::new(), &below));
    let handle = CacheLayer::new(store).handle();
    let key = handle.value_key(None, "rates").unwrap();
    let hour = Duration::from_secs(3600);
    let make = || async { Ok::<_, std::io::Error>(1_u8) };
    handle.get_or_set(&key, hour, make).await.unwrap();
    settle().await;
    below.asked();

    for _ in 0..3 {
        handle.get_or_set(&key, hour, make).await.unwrap();
    }

    assert_eq!(below.asked(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn who_leaves_while_a_lease_is_granted_leaves_none() {
    let peering = Peering::default();
    let steps = Steps::default();
    let one = cache_of(Stepped::new(peering.process(), &steps));
    let other = cache_of(peering.process());
    other.origin.reply(ok(FRESH, "a"));
    steps.set(Mode::Held);
    let leaving = one.start("").await;
    steps.let_go(0); // get, before
    settle().await;
    steps.let_go(0); // get, after
    settle().await;
    steps.let_go(0); // lease, before: it is granted
    settle().await;
    assert_eq!(peering.leases(), 1);

    leaving.abort();
    settle().await;
    steps.let_all_go();
    settle().await;

    let begun = Instant::now();
    other.get("").await;
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn one_hiccup_of_the_store_while_waiting_does_not_let_all_fetch() {
    let peering = Peering::default();
    let one = cache_of(peering.process());
    let reply = one.origin.later();
    let leading = one.start("").await;
    let mut others = Vec::new();
    let steps = Steps::default();
    for _ in 0..5 {
        let other = cache_of(Stepped::new(peering.process(), &steps));
        other.origin.always(|_| ok(FRESH, "b"));
        let call = other.start("").await;
        others.push((other, call));
    }
    steps.set(Mode::Fails);
    tokio::time::sleep(Duration::from_millis(30)).await;
    steps.set(Mode::Free);
    send(reply, ok(FRESH, "a"));
    leading.await.unwrap();

    let mut fetched = 0;
    for (other, call) in others {
        call.await.unwrap();
        fetched += other.origin.count();
    }
    assert_eq!(fetched, 0);
}

#[tokio::test(start_paused = true)]
async fn a_change_waits_for_a_store_that_hangs_no_longer_than_one_write() {
    let below = Steps::default();
    let lower = Guarded::new(Stepped::new(Peering::default().process(), &below));
    let layer = CacheLayer::new(Tiered::new(MemoryStore::new(), lower));
    let origin = Origin::default();
    let one = Given {
        cache: layer.layer(origin.clone()),
        handle: layer.handle(),
        origin,
    };
    one.origin.reply(answer(
        201,
        "location: https://api.example/b | content-location: https://api.example/c",
        "",
    ));
    below.set(Mode::Hangs);
    let begun = Instant::now();

    one.call(of("anna", request(http::Method::POST, "/", "")))
        .await
        .unwrap();

    assert!(
        begun.elapsed() <= Duration::from_millis(250),
        "{:?}",
        begun.elapsed()
    );
}
