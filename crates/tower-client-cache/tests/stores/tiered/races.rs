//! What is forgotten stays so, in whatever order things happen.

use std::sync::Arc;

use tokio::task::JoinHandle;
use tower_client_cache::store::{Lease, Leased};
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
                let forgotten = forget(&store, what);
                (store, forgotten)
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
                let forgotten = forget(&store, what);
                (store, forgotten)
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
                let forgotten = forget(&store, what);
                (store, forgotten)
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
async fn what_is_forgotten_after_a_put_began_is_gone() {
    let orders = in_every_order(
        async |steps| {
            let store = both_slow(steps);
            put(&store, "/cars", "old").await;
            steps.set(Mode::Held);
            let (writer, new) = (store.clone(), entry("en", 9, "new"));
            tokio::spawn(async move { writer.put(&key("/cars"), new).await.unwrap() });
            settle().await;
            let eraser = store.clone();
            let forgotten =
                tokio::spawn(async move { drop(eraser.delete(&key("/cars"), None).await) });
            (store, forgotten)
        },
        is_gone,
    )
    .await;
    assert!(orders >= 6, "{orders}");
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_after_a_put_of_its_own_or_under_a_lease_began_is_gone() {
    for is_leased in [false, true] {
        let orders = in_every_order(
            async |steps| {
                let shared = Stepped::new(Peering::default().process(), steps);
                let store = Tiered::new(Stepped::new(MemoryStore::new(), steps), shared);
                let lease = if is_leased {
                    Some(granted(&store).await)
                } else {
                    None
                };
                steps.set(Mode::Held);
                put_leased(&store, lease);
                settle().await;
                let eraser = store.clone();
                let forgotten =
                    tokio::spawn(async move { drop(eraser.delete(&key("/cars"), None).await) });
                (store, forgotten)
            },
            is_gone,
        )
        .await;
        assert!(orders >= 6, "{orders}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_another_process_forgets_while_it_is_promoted_is_gone() {
    let orders = in_every_order(
        async |steps| {
            let (store, other) = processes(steps);
            put(&other, "/cars", "old").await;
            steps.set(Mode::Held);
            read(&store);
            let forgotten = forget_elsewhere(other, steps);
            (store, forgotten)
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
            let lease = granted(&store).await;
            steps.set(Mode::Held);
            let forgotten = forget_elsewhere(other, steps);
            put_leased(&store, Some(lease));
            read(&store);
            (store, forgotten)
        },
        is_gone,
    )
    .await;
    assert!(orders >= 15, "{orders}");
}

#[tokio::test(start_paused = true)]
async fn what_another_process_forgets_while_it_is_written_is_gone() {
    let orders = in_every_order(
        async |steps| {
            let (store, other) = processes(steps);
            steps.set(Mode::Held);
            put(&store, "/cars", "late").await;
            let forgotten = forget_elsewhere(other, steps);
            (store, forgotten)
        },
        is_gone,
    )
    .await;
    assert!(orders >= 6, "{orders}");
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

/// Forgets, and does not find it right after that.
fn forget<S: Store + Clone>(store: &S, what: What) -> JoinHandle<()> {
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
        .unwrap();
        assert!(store.get(&key("/cars")).await.unwrap().is_empty());
    })
}

/// Forgets at any moment, and tells of it at once.
fn forget_elsewhere(other: Process, steps: &Steps) -> JoinHandle<()> {
    let other = Stepped::new(other, steps);
    tokio::spawn(async move {
        other.delete(&key("/cars"), None).await.unwrap();
    })
}

/// Checks that a store has nothing in any tier, and nothing comes back.
async fn is_gone<S: Store>((store, forgotten): (S, JoinHandle<()>)) {
    forgotten.await.unwrap();
    for _ in 0..2 {
        let peeked = store.peek(&key("/cars"));
        assert!(peeked.is_none_or(|found| found.is_empty()));
        assert!(store.get(&key("/cars")).await.unwrap().is_empty());
        assert_eq!(store.size().await.unwrap().entries, 0);
        settle().await;
    }
}

async fn granted(store: &impl Store) -> Lease {
    let leased = store.peers().unwrap().lease(&key("/cars"), Some(1)).await;
    match leased.unwrap() {
        Leased::Granted(lease, _) => lease,
        Leased::Held(_) => panic!("somebody has the lease"),
    }
}

fn put_leased<S: Store + Clone>(store: &S, lease: Option<Lease>) {
    let writer = store.clone();
    tokio::spawn(async move {
        let late = entry("en", 0, "late");
        let peers = writer.peers().unwrap();
        peers.put(&key("/cars"), late, lease).await.unwrap();
    });
}

async fn put(store: &impl Store, path: &str, text: &str) {
    let entry: Arc<Entry> = entry("en", 0, text);
    store.put(&key(path), entry).await.unwrap();
}
