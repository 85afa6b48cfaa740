//! What holds in any history of calls, changes, failures and time.

mod client;
mod witness;
mod world;

use std::sync::{Arc, Mutex};

use fastrand::Rng;
use tokio::task::JoinSet;
use tower::Layer;
use tower_client_cache::{CacheLayer, MemoryStore};

use self::client::{Call, Client};
use self::witness::Witness;
use self::world::{Owner, World};
use crate::case::Ground;
use crate::scene::pass;

const HISTORIES: u64 = 2_000;
const MOMENTS: usize = 20;

#[tokio::test(start_paused = true)]
async fn whatever_is_served_is_an_answer_to_that_request_and_no_staler_than_allowed() {
    let mut seen = [0; 6];
    for seed in 0..HISTORIES {
        let history = tokio::spawn(history(seed));
        let witness = history
            .await
            .unwrap_or_else(|error| panic!("history {seed}: {error}"));
        let counts = witness.lock().unwrap().outcomes;
        for (sum, count) in seen.iter_mut().zip(counts) {
            *sum += count;
        }
    }

    // Each way to answer was taken, and often; none of these calls is one to pass by.
    let [ways @ .., passed_by] = seen;
    assert!(ways.iter().all(|&count| count > 500), "{seen:?}");
    assert_eq!(passed_by, 0);
}

async fn history(seed: u64) -> Arc<Mutex<Witness>> {
    let mut rng = Rng::with_seed(seed);
    let layer = CacheLayer::new(MemoryStore::new());
    let witness = Arc::new(Mutex::new(Witness::default()));
    let ground = Ground {
        origin: "https://api.example".to_owned(),
        now: std::time::SystemTime::now(),
    };
    let world = World::new(ground, rng.fork(), Arc::clone(&witness));
    let client = Client {
        cache: layer.layer(world),
        witness: Arc::clone(&witness),
    };
    for _ in 0..MOMENTS {
        let mut calls = JoinSet::new();
        let first = Call::any(&mut rng);
        let crowd = if rng.u8(..5) == 0 { rng.usize(2..5) } else { 1 };
        for _ in 0..crowd {
            // A crowd wants the same, mostly.
            let call = if rng.u8(..4) == 0 {
                Call::any(&mut rng)
            } else {
                first.clone()
            };
            calls.spawn(client.clone().take(call, rng.u8(..10) == 0));
        }
        while let Some(done) = calls.join_next().await {
            done.unwrap_or_else(|error| panic!("{error}"));
        }
        if rng.bool() {
            pass(rng.u64(..30)).await;
        }
    }
    witness
}

/// Returns one of all owners: nobody, and principals in two epochs.
fn any_owner(rng: &mut Rng) -> Owner {
    let owners = [Owner::Nobody, Owner::Anna(0), Owner::Anna(1), Owner::Ben];
    // One is there more often than the others, so that there is something to hit.
    owners[rng.usize(..8).saturating_sub(4)]
}
