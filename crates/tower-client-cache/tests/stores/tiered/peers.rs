//! Tiers of which one is shared with other processes.

use std::sync::Arc;

use tower_client_cache::store::{Lease, Leased};
use tower_client_cache::{Entry, MemoryStore, Selection, Store, Tiered, Variants};

use crate::entries::{entry, key, texts};
use crate::peering::{Peering, Process};
use crate::schedules::settle;
use crate::stepped::{Mode, Stepped, Steps};

type Tiers = Tiered<MemoryStore, Stepped<Process>>;

#[tokio::test(start_paused = true)]
async fn what_others_forget_is_forgotten_above() {
    for selection in [
        None,
        Some(Selection::Tag("en".into())),
        Some(Selection::All),
    ] {
        let peering = Peering::default();
        let (store, other) = (tiers(&peering).0, tiers(&peering).0);
        put(&store, "/cars", "one").await;
        assert_eq!(texts(&other.get(&key("/cars")).await.unwrap()), ["one"]);

        match &selection {
            None => other.delete(&key("/cars"), None).await,
            Some(selection) => other.delete_matching(selection).await,
        }
        .unwrap();

        for store in [store, other] {
            assert!(store.peek(&key("/cars")).is_none());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_may_have_missed_something_forgets_all_above() {
    let peering = Peering::default();
    let (store, _) = tiers(&peering);
    put(&store, "/cars", "one").await;

    peering.lose_subscriptions();

    assert!(store.peek(&key("/cars")).is_none());
    assert_eq!(texts(&store.get(&key("/cars")).await.unwrap()), ["one"]);
}

#[tokio::test(start_paused = true)]
async fn of_three_tiers_all_forget_what_others_do() {
    let peering = Peering::default();
    let lower = Tiered::new(MemoryStore::new(), peering.process());
    let store = Tiered::new(MemoryStore::new(), lower);
    put(&store, "/cars", "one").await;

    peering.process().delete(&key("/cars"), None).await.unwrap();

    assert!(store.peek(&key("/cars")).is_none());
    assert!(store.lower().peek(&key("/cars")).is_none());
    assert!(store.get(&key("/cars")).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_lease_comes_with_what_either_tier_has() {
    let peering = Peering::default();
    let (store, other) = (tiers(&peering).0, peering.process());
    put(store.upper(), "/cars", "above").await;
    let below = entry("de", 9, "below");
    Store::put(&other, &key("/cars"), below).await.unwrap();

    for expected in ["granted", "held"] {
        let leased = store.peers().unwrap().lease(&key("/cars"), Some(1)).await;

        let (found, granted) = match leased.unwrap() {
            Leased::Granted(_, found) => (found, "granted"),
            Leased::Held(found) => (found, "held"),
        };
        assert_eq!(granted, expected);
        assert_eq!(texts(&found), ["below", "above"]);
    }
    let promoted = store.peek(&key("/cars")).unwrap();
    assert_eq!(texts(&promoted), ["below", "above"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_put_under_a_lease_is_above_at_once_and_below_behind() {
    let peering = Peering::default();
    let (store, below) = tiers(&peering);
    let lease = granted(&store).await;
    below.set(Mode::Held);

    assert!(put_leased(&store, entry("en", 0, "one"), Some(lease)).await);

    assert_eq!(texts(&store.peek(&key("/cars")).unwrap()), ["one"]);
    assert!(elsewhere(&peering).await.is_empty());
    below.let_all_go();
    settle().await;
    assert_eq!(texts(&elsewhere(&peering).await), ["one"]);
    assert_eq!(peering.leases(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_the_shared_tier_refuses_is_not_kept_above() {
    let peering = Peering::default();
    let (store, below) = tiers(&peering);
    let lease = granted(&store).await;
    // By a process whose word has not come yet.
    let peers = store.lower().peers().unwrap();
    peers.release(&key("/cars"), lease).await.unwrap();

    assert!(put_leased(&store, entry("en", 0, "one"), Some(lease)).await);
    settle().await;

    assert!(store.peek(&key("/cars")).is_none());
    assert_eq!(below.asked(), ["lease", "release", "put leased"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_put_without_a_lease_is_this_process_s_alone() {
    let peering = Peering::default();
    let (store, _) = tiers(&peering);

    assert!(put_leased(&store, entry("en", 0, "one"), None).await);

    settle().await;
    assert_eq!(texts(&store.peek(&key("/cars")).unwrap()), ["one"]);
    assert!(elsewhere(&peering).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_given_back_when_nothing_is_put_under_it() {
    let peering = Peering::default();
    let below = Steps::default();
    let lower = Stepped::new(peering.process(), &below);
    let builder = Tiered::builder(MemoryStore::new(), lower);
    let store = builder.max_pending(1).build().unwrap();

    // Too much is being written.
    let lease = granted(&store).await;
    below.set(Mode::Held);
    put(&store, "/trips", "a trip").await;
    below.set(Mode::Free);
    assert!(put_leased(&store, entry("en", 0, "one"), Some(lease)).await);
    assert_eq!((peering.leases(), store.dropped()), (0, 1));
    below.let_all_go();
    settle().await;

    // The caller gives it back.
    let lease = granted(&store).await;
    let peers = store.peers().unwrap();
    peers.release(&key("/cars"), lease).await.unwrap();
    assert_eq!(peering.leases(), 0);

    // The shared tier cannot be written.
    let lease = granted(&store).await;
    below.set(Mode::Fails);
    assert!(put_leased(&store, entry("en", 0, "two"), Some(lease)).await);
    assert_eq!(below.asked().last(), Some(&"release"));
    assert_eq!(texts(&store.peek(&key("/cars")).unwrap()), ["two"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_before_its_turn_is_not_written_and_gives_back_its_lease() {
    let peering = Peering::default();
    let (store, below) = tiers(&peering);
    let lease = granted(&store).await;
    below.set(Mode::Held);
    put(&store, "/cars", "one").await;
    put_leased(&store, entry("en", 1, "two"), Some(lease)).await;
    below.asked();

    let cars = key("/cars");
    let (gone, ()) = tokio::join!(store.delete(&cars, None), async {
        settle().await;
        below.let_all_go();
    });

    gone.unwrap();
    settle().await;
    assert!(!below.asked().contains(&"put leased"));
    assert_eq!(peering.leases(), 0);
    assert!(elsewhere(&peering).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_of_tiers_that_are_gone() {
    let peering = Peering::default();
    let (upper, shared) = (Arc::new(MemoryStore::new()), peering.process());
    let store = Tiered::new(Arc::clone(&upper), shared.clone());
    put(&store, "/cars", "one").await;

    drop(store);

    assert_eq!(Arc::strong_count(&upper), 1);
    peering.lose_subscriptions();
    assert_eq!(upper.size().await.unwrap().entries, 1);
}

#[test]
fn who_is_made_outside_a_runtime_listens_from_the_first_use_on() {
    let peering = Peering::default();
    let (store, _) = tiers(&peering);
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().unwrap();

    runtime.block_on(async {
        put(&store, "/cars", "one").await;
        peering.process().delete(&key("/cars"), None).await.unwrap();
    });

    assert!(store.peek(&key("/cars")).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_shared_tier_above_is_written_under_leases_alone() {
    let peering = Peering::default();
    let store = Tiered::new(peering.process(), MemoryStore::new());
    put(store.lower(), "/cars", "own").await;

    let lease = granted(&store).await;
    assert_eq!(texts(&store.get(&key("/cars")).await.unwrap()), ["own"]);
    assert!(elsewhere(&peering).await.is_empty(), "nothing is promoted");

    assert!(put_leased(&store, entry("en", 1, "shared"), Some(lease)).await);
    assert_eq!(texts(&elsewhere(&peering).await), ["shared"]);
    assert!(!put_leased(&store, entry("en", 2, "late"), Some(lease)).await);
    assert!(put_leased(&store, entry("de", 0, "own"), None).await);
    assert_eq!(texts(&elsewhere(&peering).await), ["shared"]);
    let below = store.lower().get(&key("/cars")).await.unwrap();
    assert_eq!(texts(&below), ["shared", "own"]);

    peering.process().delete(&key("/cars"), None).await.unwrap();
    assert!(store.get(&key("/cars")).await.unwrap().is_empty());
    assert!(
        Tiered::new(MemoryStore::new(), MemoryStore::new())
            .peers()
            .is_none()
    );
}

fn tiers(peering: &Peering) -> (Tiers, Steps) {
    let below = Steps::default();
    let lower = Stepped::new(peering.process(), &below);
    (Tiered::new(MemoryStore::new(), lower), below)
}

async fn granted(store: &impl Store) -> Lease {
    let leased = store.peers().unwrap().lease(&key("/cars"), Some(1)).await;
    match leased.unwrap() {
        Leased::Granted(lease, _) => lease,
        Leased::Held(_) => panic!("somebody has the lease"),
    }
}

async fn put_leased(store: &impl Store, entry: Arc<Entry>, lease: Option<Lease>) -> bool {
    let peers = store.peers().unwrap();
    peers.put(&key("/cars"), entry, lease).await.unwrap()
}

/// What another process finds.
async fn elsewhere(peering: &Peering) -> Variants {
    peering.process().get(&key("/cars")).await.unwrap()
}

async fn put(store: &impl Store, path: &str, text: &str) {
    store.put(&key(path), entry("en", 0, text)).await.unwrap();
}
