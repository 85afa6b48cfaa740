//! What is forgotten stays so, in whatever order things happen.

use std::sync::Arc;

use tower_client_cache::store::Leased;
use tower_client_cache::{Entry, MemoryStore, Selection, Store, Tiered};

use crate::entries::{entry, key, texts};
use crate::peering::{Peering, Process};
use crate::schedules::{in_every_order, settle};
use crate::stepped::{Mode, Stepped, Steps};

type Below = Tiered<MemoryStore, Stepped<MemoryStore>>;
type Both = Tiered<Stepped<MemoryStore>, Stepped<MemoryStore>>;

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_while_it_is_promoted_is_gone() {
    for what in [What::Key, What::Variant, What::All] {
        let orders = in_every_order(
            async |steps| {
                let store = memory_above(steps);
                put(store.lower(), "/cars", "old").await;
                steps.set(Mode::Held);
                read(&store);
                forget(&store, what);
                store
            },
            is_gone,
        )
        .await;
        assert!(orders >= 6, "{orders}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_while_a_slow_tier_is_promoted_to_is_gone() {
    for what in [What::Key, What::Variant, What::All] {
        let orders = in_every_order(
            async |steps| {
                let store = both_slow(steps);
                put(store.lower(), "/cars", "old").await;
                steps.set(Mode::Held);
                read(&store);
                forget(&store, what);
                store
            },
            is_gone,
        )
        .await;
        assert!(orders >= 50, "{orders}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_while_it_is_written_and_read_is_gone() {
    for what in [What::Key, What::Variant, What::All] {
        let orders = in_every_order(
            async |steps| {
                let store = memory_above(steps);
                steps.set(Mode::Held);
                put(&store, "/cars", "old").await;
                read(&store);
                forget(&store, what);
                store
            },
            is_gone,
        )
        .await;
        assert!(orders >= 15, "{orders}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_replaced_while_it_is_promoted_stays_replaced() {
    let orders = in_every_order(
        async |steps| {
            let store = both_slow(steps);
            put(store.lower(), "/cars", "old").await;
            steps.set(Mode::Held);
            read(&store);
            let (writer, new) = (store.clone(), entry("en", 9, "new"));
            tokio::spawn(async move { writer.put(&key("/cars"), new).await.unwrap() });
            store
        },
        async |store: Both| {
            assert_eq!(texts(&store.get(&key("/cars")).await.unwrap()), ["new"]);
            let above = store.upper().get(&key("/cars")).await.unwrap();
            assert_eq!(texts(&above), ["new"]);
        },
    )
    .await;
    assert!(orders >= 50, "{orders}");
}

#[tokio::test(start_paused = true)]
async fn what_is_put_and_forgotten_at_once_is_one_or_the_other() {
    let orders = in_every_order(
        async |steps| {
            let store = both_slow(steps);
            put(&store, "/cars", "old").await;
            steps.set(Mode::Held);
            let (writer, new) = (store.clone(), entry("en", 9, "new"));
            tokio::spawn(async move { writer.put(&key("/cars"), new).await.unwrap() });
            forget(&store, What::Key);
            store
        },
        async |store: Both| {
            for _ in 0..2 {
                let found = texts(&store.get(&key("/cars")).await.unwrap());
                assert!(found.is_empty() || found == ["new"], "{found:?}");
                settle().await;
            }
        },
    )
    .await;
    assert!(orders >= 50, "{orders}");
}

#[tokio::test(start_paused = true)]
async fn what_another_process_forgets_while_it_is_promoted_is_gone() {
    let orders = in_every_order(
        async |steps| {
            let (store, other) = processes(steps);
            put(&other, "/cars", "old").await;
            steps.set(Mode::Held);
            read(&store);
            forget_elsewhere(other, steps);
            store
        },
        is_gone,
    )
    .await;
    assert!(orders >= 3, "{orders}");
}

#[tokio::test(start_paused = true)]
async fn what_another_process_forgets_is_not_put_under_a_lease() {
    let orders = in_every_order(
        async |steps| {
            let (store, other) = processes(steps);
            let Leased::Granted(lease, _) = store
                .peers()
                .unwrap()
                .lease(&key("/cars"), Some(1))
                .await
                .unwrap()
            else {
                panic!("nobody else asks");
            };
            steps.set(Mode::Held);
            forget_elsewhere(other, steps);
            let writer = store.clone();
            tokio::spawn(async move {
                let late = entry("en", 0, "late");
                let peers = writer.peers().unwrap();
                peers.put(&key("/cars"), late, Some(lease)).await.unwrap();
            });
            read(&store);
            store
        },
        is_gone,
    )
    .await;
    assert!(orders >= 15, "{orders}");
}

/// What is to be forgotten.
#[derive(Clone, Copy, Debug)]
enum What {
    Key,
    Variant,
    All,
}

fn memory_above(steps: &Steps) -> Below {
    Tiered::new(MemoryStore::new(), Stepped::new(MemoryStore::new(), steps))
}

fn both_slow(steps: &Steps) -> Both {
    let [upper, lower] = [(); 2].map(|()| Stepped::new(MemoryStore::new(), steps));
    Tiered::new(upper, lower)
}

/// Tiers of one process, and another that has the lower one too.
fn processes(steps: &Steps) -> (Tiered<MemoryStore, Stepped<Process>>, Process) {
    let peering = Peering::default();
    let lower = Stepped::new(peering.process(), steps);
    (Tiered::new(MemoryStore::new(), lower), peering.process())
}

fn read<S: Store + Clone>(store: &S) {
    let reader = store.clone();
    tokio::spawn(async move { reader.get(&key("/cars")).await.unwrap() });
}

fn forget<S: Store + Clone>(store: &S, what: What) {
    let store = store.clone();
    tokio::spawn(async move {
        match what {
            What::Key => store.delete(&key("/cars"), None).await,
            What::Variant => {
                let variant = entry("en", 0, "").variant();
                store.delete(&key("/cars"), Some(variant)).await
            }
            What::All => store.delete_matching(&Selection::All).await,
        }
        .unwrap()
    });
}

/// Forgets at any moment, and tells of it at once.
fn forget_elsewhere(other: Process, steps: &Steps) {
    let other = Stepped::new(other, steps);
    tokio::spawn(async move { other.delete(&key("/cars"), None).await.unwrap() });
}

/// Checks that a store has nothing in any tier, and nothing comes back.
async fn is_gone<S: Store>(store: S) {
    for _ in 0..2 {
        let peeked = store.peek(&key("/cars"));
        assert!(peeked.is_none_or(|found| found.is_empty()));
        assert!(store.get(&key("/cars")).await.unwrap().is_empty());
        assert_eq!(store.size().await.unwrap().entries, 0);
        settle().await;
    }
}

async fn put(store: &impl Store, path: &str, text: &str) {
    let entry: Arc<Entry> = entry("en", 0, text);
    store.put(&key(path), entry).await.unwrap();
}
