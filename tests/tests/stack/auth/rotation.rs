//! Refresh tokens that are good once, and callers who leave at any moment.

use fastrand::Rng;
use tests::{client, simulator, soon};
use tokio::task::{JoinHandle, yield_now};
use toyota_client::ToyotaClient;

use super::without_cars;

const EXPIRIES: u64 = 1000;

/// How far a caller comes is counted in turns of the runtime, on which all of the client and of the
/// simulator runs.
#[tokio::test]
async fn callers_who_leave_at_any_moment_never_make_a_refresh_token_be_sent_twice() {
    let sim = simulator().await;
    without_cars(&sim);
    let client = client(&sim);
    let mut random = Rng::with_seed(0x000a_11ce);
    soon(client.vehicles()).await.unwrap();

    sim.expire_access_tokens();
    let turns = soon(turns_of(call(&client))).await;
    let mut left = 0;
    for expiry in 2..=EXPIRIES {
        sim.expire_access_tokens();
        for _ in 0..random.u32(0..=4) {
            let caller = call(&client);
            for _ in 0..random.u32(0..=turns) {
                yield_now().await;
            }
            caller.abort();
            left += u64::from(caller.await.is_err());
        }
        soon(client.vehicles()).await.unwrap();

        assert_eq!(sim.counters().refreshes, expiry);
    }

    let counters = sim.counters();
    assert!(left > EXPIRIES / 2, "only {left} callers left in time");
    assert_eq!(counters.refresh_reuses_detected, 0);
    assert_eq!(counters.families_revoked, 0);
    assert_eq!(counters.logins_completed, 1);
}

fn call(client: &ToyotaClient) -> JoinHandle<()> {
    let client = client.clone();
    tokio::spawn(async move { client.vehicles().await.map(drop).unwrap() })
}

/// Waits for a call to end, and counts how long it takes.
async fn turns_of(call: JoinHandle<()>) -> u32 {
    let mut turns = 0;
    while !call.is_finished() {
        turns += 1;
        yield_now().await;
    }
    call.await.unwrap();
    turns
}
