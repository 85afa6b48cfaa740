//! A tier that fails takes nothing with it.

use std::time::Duration;

use tokio::time::Instant;
use tower_client_cache::{Guarded, MemoryStore, Selection, Store, Tiered};

use crate::entries::{entry, key, texts};
use crate::stepped::{Mode, Stepped, Steps};

#[tokio::test(start_paused = true)]
async fn without_the_lower_tier_there_is_what_is_above() {
    let (store, [_, below]) = tiers();
    put(&store, "/cars", entry("en", -90, "stale")).await;
    below.set(Mode::Fails);

    assert_eq!(texts(&store.get(&key("/cars")).await.unwrap()), ["stale"]);
    assert!(store.get(&key("/trips")).await.is_err());
    put(&store, "/trips", entry("en", 0, "a trip")).await;
    assert_eq!(texts(&store.get(&key("/trips")).await.unwrap()), ["a trip"]);
    assert!(store.list(&Selection::All, 9).await.is_err());
    assert!(store.size().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn without_the_upper_tier_there_is_what_is_below() {
    let (store, [above, _]) = tiers();
    put(&store, "/cars", entry("en", 0, "one")).await;
    above.set(Mode::Fails);

    assert_eq!(texts(&store.get(&key("/cars")).await.unwrap()), ["one"]);
    let told = store.put(&key("/cars"), entry("en", 1, "two")).await;
    assert!(told.is_err());
    assert_eq!(texts(&store.get(&key("/cars")).await.unwrap()), ["two"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_is_so_in_the_other_tier_and_the_error_is_told() {
    for failing in [0, 1] {
        let (store, steps) = tiers();
        put(&store, "/cars", entry("en", 0, "one")).await;
        put(&store, "/trips", entry("en", 0, "a trip")).await;
        steps[failing].set(Mode::Fails);

        assert!(store.delete(&key("/cars"), None).await.is_err());
        assert!(store.delete_matching(&Selection::All).await.is_err());

        steps[failing].set(Mode::Free);
        let found = [store.upper().size().await, store.lower().size().await];
        let held = found.map(|size| size.unwrap().entries);
        assert_eq!((held[failing], held[1 - failing]), (2, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lower_tier_that_hangs_costs_no_more_than_its_guard_allows() {
    let below = Steps::default();
    let lower = Stepped::new(MemoryStore::new(), &below);
    let store = Tiered::new(MemoryStore::new(), Guarded::new(lower));
    put(&store, "/cars", entry("en", -90, "stale")).await;
    below.set(Mode::Hangs);
    let start = Instant::now();

    for _ in 0..100 {
        assert_eq!(texts(&store.get(&key("/cars")).await.unwrap()), ["stale"]);
    }

    assert_eq!(start.elapsed(), 5 * Duration::from_millis(50));
    for number in 0..100 {
        put(&store, &format!("/{number}"), entry("en", 0, "one")).await;
    }
    assert_eq!(start.elapsed(), 5 * Duration::from_millis(50));
    store.delete(&key("/cars"), None).await.unwrap_err();
    assert!(store.peek(&key("/cars")).is_none());
}

type Waiting = Stepped<MemoryStore>;

fn tiers() -> (Tiered<Waiting, Waiting>, [Steps; 2]) {
    let steps = [Steps::default(), Steps::default()];
    let [upper, lower] = [0, 1].map(|tier| Stepped::new(MemoryStore::new(), &steps[tier]));
    (Tiered::new(upper, lower), steps)
}

async fn put(store: &impl Store, path: &str, entry: std::sync::Arc<tower_client_cache::Entry>) {
    store.put(&key(path), entry).await.unwrap();
}
