//! Leases: who fetches, and what may be kept of it.

use std::sync::Arc;
use std::time::Duration;

use tests::redis::RedisServer;
use tests::soon;
use tower_client_cache::store::{Lease, Leased, Peers};
use tower_client_cache::{Entry, Key, RedisStore, Selection, Store};

use crate::given::{Given, builder, contents, key, store};

#[tokio::test]
async fn one_of_a_flight_has_the_lease_until_it_puts() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (one, other, cars) = (store(&server), store(&server), cars());

    let lease = granted(&one, &cars, Some(7)).await;
    assert!(is_held(&other, &cars, 7).await);
    granted(&other, &cars, Some(8)).await;

    assert!(put(&one, &cars, Given::new("cars").entry(), lease).await);
    assert_eq!(contents(&other, &cars).await, ["cars"]);
    assert!(!is_held(&other, &cars, 7).await);
}

#[tokio::test]
async fn who_is_told_that_it_is_held_gets_what_the_key_has() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());
    store.put(&cars, Given::new("cars").entry()).await.unwrap();
    let first = peers(&store).lease(&cars, Some(7)).await.unwrap();
    let second = peers(&store).lease(&cars, Some(7)).await.unwrap();

    let (Leased::Granted(_, granted), Leased::Held(held)) = (first, second) else {
        panic!("one lease for two");
    };
    for variants in [granted, held] {
        assert_eq!(variants.as_slice()[0].content().to_bytes(), "cars");
    }
}

#[tokio::test]
async fn without_a_flight_there_is_a_lease_for_each() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());
    let one = granted(&store, &cars, None).await;
    let other = granted(&store, &cars, None).await;

    assert!(put(&store, &cars, Given::new("one").entry(), one).await);
    assert!(put(&store, &cars, Given::new("other").entry(), other).await);
}

#[tokio::test]
async fn what_is_given_back_is_free() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());
    let lease = granted(&store, &cars, Some(7)).await;

    peers(&store).release(&cars, lease).await.unwrap();
    let next = granted(&store, &cars, Some(7)).await;
    // It is somebody else's now.
    peers(&store).release(&cars, lease).await.unwrap();

    assert!(is_held(&store, &cars, 7).await);
    assert!(put(&store, &cars, Given::new("next").entry(), next).await);
}

#[tokio::test]
async fn what_took_longer_than_a_lease_is_kept_while_nothing_was_forgotten() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let short = builder(&server).lease(Duration::from_millis(100));
    let (slow, cars) = (short.build().unwrap(), cars());
    let late = granted(&slow, &cars, Some(7)).await;
    let next = soon(free(&store(&server), &cars, 7)).await;

    assert!(put(&slow, &cars, Given::new("late").entry(), late).await);
    assert!(is_held(&slow, &cars, 7).await, "the next one's");
    assert!(put(&slow, &cars, Given::new("next").entry(), next).await);
    assert_eq!(contents(&slow, &cars).await, ["next"]);
}

#[tokio::test]
async fn a_lease_that_expired_is_good_while_nobody_has_another() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let short = builder(&server).lease(Duration::from_millis(100));
    let (slow, cars) = (short.build().unwrap(), cars());
    let late = granted(&slow, &cars, Some(7)).await;
    let next = soon(free(&slow, &cars, 7)).await;
    peers(&slow).release(&cars, next).await.unwrap();

    assert!(put(&slow, &cars, Given::new("late").entry(), late).await);
}

#[tokio::test]
async fn forgetting_a_key_ends_its_leases() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());
    for flight in [None, Some(7)] {
        let lease = granted(&store, &cars, flight).await;
        let elsewhere = granted(&store, &key("https://api.example/trips"), None).await;
        store.delete(&cars, None).await.unwrap();

        assert!(!put(&store, &cars, Given::new("old").entry(), lease).await);
        assert_eq!(contents(&store, &cars).await, [""; 0]);
        let trips = key("https://api.example/trips");
        assert!(put(&store, &trips, Given::new("trips").entry(), elsewhere).await);
        // Nor does one that is taken after bring it back to life.
        let after = granted(&store, &cars, flight).await;
        assert!(!put(&store, &cars, Given::new("old").entry(), lease).await);
        assert!(put(&store, &cars, Given::new("new").entry(), after).await);
    }
}

#[tokio::test]
async fn forgetting_a_variant_leaves_the_leases_of_its_key() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());
    let old = Given::new("old").entry();
    store.put(&cars, Arc::clone(&old)).await.unwrap();
    let lease = granted(&store, &cars, Some(7)).await;

    assert_eq!(store.delete(&cars, Some(old.variant())).await.unwrap(), 1);

    assert!(put(&store, &cars, Given::new("new").entry(), lease).await);
}

#[tokio::test]
async fn forgetting_a_selection_ends_all_leases() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());
    for selection in [
        Selection::All,
        Selection::Tag("nobody's".into()),
        Selection::Principal("nobody".into()),
        Selection::Matching(tower_client_cache::Glob::new("nothing")),
    ] {
        let lease = granted(&store, &cars, Some(7)).await;
        store.delete_matching(&selection).await.unwrap();

        let kept = put(&store, &cars, Given::new("old").entry(), lease).await;
        assert!(!kept, "{selection:?}");
        store.delete(&cars, None).await.unwrap();
    }
}

#[tokio::test]
async fn a_lease_that_a_selection_ended_is_waited_for_by_nobody() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());
    let lease = granted(&store, &cars, Some(7)).await;

    store.delete_matching(&Selection::All).await.unwrap();

    assert!(!put(&store, &cars, Given::new("old").entry(), lease).await);
    assert!(!is_held(&store, &cars, 7).await);
}

#[tokio::test]
async fn what_is_there_and_newer_stays() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());
    // However long the older took: its clock, and the newer's, agree with the server's.
    for seconds in [-1, -90] {
        let lease = granted(&store, &cars, Some(7)).await;
        store.put(&cars, Given::new("newer").entry()).await.unwrap();

        let older = Given::new("older").later(seconds).entry();
        assert!(!put(&store, &cars, older, lease).await);
        assert_eq!(contents(&store, &cars).await, ["newer"]);
        // It has ended all the same.
        let lease = granted(&store, &cars, Some(7)).await;
        assert!(put(&store, &cars, Given::new("newest").later(2).entry(), lease).await);
    }
}

#[tokio::test]
async fn what_a_wrong_clock_put_into_the_future_is_replaced() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());
    let future = Given::new("future").later(600).entry();
    store.put(&cars, future).await.unwrap();
    let lease = granted(&store, &cars, Some(7)).await;

    assert!(put(&store, &cars, Given::new("now").entry(), lease).await);
    assert_eq!(contents(&store, &cars).await, ["now"]);
}

#[tokio::test]
async fn nothing_is_kept_without_a_lease() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());

    let kept = peers(&store)
        .put(&cars, Given::new("cars").entry(), None)
        .await;

    assert!(!kept.unwrap());
    assert_eq!(contents(&store, &cars).await, [""; 0]);
}

#[tokio::test]
async fn more_flights_than_are_remembered_go_at_once() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), cars());
    for flight in 0..64 {
        granted(&store, &cars, Some(flight)).await;
    }

    let one = granted(&store, &cars, Some(64)).await;
    granted(&store, &cars, Some(64)).await;

    assert!(is_held(&store, &cars, 63).await);
    assert!(put(&store, &cars, Given::new("one").entry(), one).await);
}

fn cars() -> Key {
    key("https://api.example/cars")
}

fn peers(store: &RedisStore) -> &dyn Peers {
    store.peers().unwrap()
}

async fn granted(store: &RedisStore, key: &Key, flight: Option<u64>) -> Lease {
    match peers(store).lease(key, flight).await.unwrap() {
        Leased::Granted(lease, _) => lease,
        Leased::Held(_) => panic!("somebody has the lease"),
    }
}

async fn is_held(store: &RedisStore, key: &Key, flight: u64) -> bool {
    let leased = peers(store).lease(key, Some(flight)).await.unwrap();
    matches!(leased, Leased::Held(_))
}

/// Waits until a lease has expired, and takes it.
async fn free(store: &RedisStore, key: &Key, flight: u64) -> Lease {
    loop {
        if let Leased::Granted(lease, _) = peers(store).lease(key, Some(flight)).await.unwrap() {
            return lease;
        }
        // The server's clock ends it.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn put(store: &RedisStore, key: &Key, entry: Arc<Entry>, lease: Lease) -> bool {
    peers(store).put(key, entry, Some(lease)).await.unwrap()
}
