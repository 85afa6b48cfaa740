//! What is made of stores is a store.

use std::fmt::Debug;

use tower_client_cache::store::conformance;
use tower_client_cache::{BoxStore, Guarded, MemoryStore, Store, Tiered};

use crate::peering::Peering;
use crate::stepped::{Mode, Stepped, Steps};

#[tokio::test(flavor = "multi_thread")]
async fn a_guarded_store() {
    conforms(|| Guarded::new(slow())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_boxed_store() {
    conforms(|| BoxStore::new(MemoryStore::new())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_above_memory() {
    conforms(|| Tiered::new(MemoryStore::new(), MemoryStore::new())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_above_a_slow_store() {
    conforms(|| Tiered::new(MemoryStore::new(), slow())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_above_what_processes_share() {
    conforms(|| {
        let shared = Peering::default().process();
        Tiered::new(MemoryStore::new(), Guarded::new(shared))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_processes_share_above_memory() {
    conforms(|| Tiered::new(Peering::default().process(), MemoryStore::new())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upper_tier_that_cannot_be_peeked_into() {
    conforms(|| Tiered::new(slow(), slow())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_tiers_one_below_the_other() {
    conforms(|| Tiered::new(MemoryStore::new(), Tiered::new(slow(), slow()))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_tiers_two_of_them_above() {
    conforms(|| {
        let upper = Tiered::new(MemoryStore::new(), slow());
        Tiered::new(upper, Peering::default().process())
    })
    .await;
}

async fn conforms<S: Store + Debug>(new_store: impl Fn() -> S) {
    conformance::check(async || new_store()).await.unwrap();
}

/// A store that lets others go first now and then.
fn slow() -> Stepped<MemoryStore> {
    let steps = Steps::default();
    steps.set(Mode::Yields(fastrand::Rng::with_seed(7)));
    Stepped::new(MemoryStore::new(), &steps)
}
