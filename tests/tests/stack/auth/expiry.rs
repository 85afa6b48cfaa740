//! Tokens that expire while many calls are made.

use std::time::Duration;

use tests::{PATIENCE, config, credentials, simulator, soon, transport};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tower_client_call::CallRecord;
use tower_client_retry::RetryLayer;
use toyota_client::ToyotaClient;
use toyota_sim::{Fault, Route, Simulator};

use super::without_cars;

const CALLERS: usize = 64;
const EXPIRIES: u64 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tokens_that_are_revoked_under_load_cost_one_refresh_each_and_no_call() {
    let sim = simulator().await;
    let mut load = Load::on(&client(&sim));
    load.each_has_called_again().await;

    for expiry in 1..=EXPIRIES {
        sim.expire_access_tokens();
        load.each_has_called_again().await;

        assert_eq!(sim.counters().refreshes, expiry);
    }

    load.end().await;
    let counters = sim.counters();
    assert_eq!(
        (counters.refreshes, counters.logins_completed),
        (EXPIRIES, 1)
    );
    assert_eq!(counters.refresh_reuses_detected, 0);
}

/// A refresh is slow here: whoever had to wait for one would show it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tokens_that_end_under_load_are_renewed_once_each_and_nobody_waits() {
    let lifetime = Duration::from_secs(6);
    let sim = Simulator::builder().token_lifetime(lifetime);
    let sim = sim.start().await.unwrap();
    let client = client(&sim);
    let began = Instant::now();
    soon(client.vehicles()).await.unwrap();
    let slow = Fault::pass().after(Duration::from_millis(200));
    sim.fail_randomly(Route::Token, 1.0, slow).unwrap();

    let mut load = Load::on(&client);
    load.until(|_| sim.counters().refreshes == 2).await;
    load.each_has_called_again().await;
    let (calls, elapsed) = (load.end().await, began.elapsed());

    // One in the second half of each lifetime, and not in the first.
    let counters = sim.counters();
    assert_eq!(counters.refreshes, 2);
    assert!(elapsed > lifetime, "{elapsed:?}");
    let waits = calls.iter().map(|call| call.snapshot().credential_wait);
    assert_eq!(waits.max(), Some(Duration::ZERO));
    // Nobody was refused either: each call was one request.
    let served = calls.len() as u64 + 1;
    assert_eq!(counters.requests(Route::Vehicles), served);
    assert_eq!(counters.logins_completed, 1);
}

/// A client that repeats nothing and has time: many share a machine here.
fn client(sim: &Simulator) -> ToyotaClient {
    without_cars(sim);
    let config = config(sim).with_timeout(PATIENCE).unwrap();
    let retry = RetryLayer::builder().max_attempts(1).without_cool_down();
    let client = ToyotaClient::builder()
        .config(config)
        .credentials(credentials(sim))
        .retry(retry)
        .without_cache()
        .without_pace();
    client.service(transport(sim)).build().unwrap()
}

/// Callers that call again and again; each call must succeed.
struct Load {
    callers: JoinSet<Vec<CallRecord>>,
    /// How many calls each has made.
    calls: watch::Receiver<[u32; CALLERS]>,
    over: watch::Sender<bool>,
}

impl Load {
    fn on(client: &ToyotaClient) -> Self {
        let (count, calls) = watch::channel([0; CALLERS]);
        let over = watch::Sender::new(false);
        let mut callers = JoinSet::new();
        for caller in 0..CALLERS {
            let (client, count, over) = (client.clone(), count.clone(), over.subscribe());
            callers.spawn(async move {
                let mut records = Vec::new();
                while !*over.borrow() {
                    let record = CallRecord::new();
                    let client = client.clone().recording(record.clone());
                    client.vehicles().await.unwrap();
                    count.send_modify(|calls| calls[caller] += 1);
                    records.push(record);
                }
                records
            });
        }
        Self {
            callers,
            calls,
            over,
        }
    }

    /// Waits until something holds, which only calls bring about.
    async fn until(&mut self, holds: impl Fn(&[u32]) -> bool) {
        let held = soon(self.calls.wait_for(|calls| holds(calls))).await;
        held.expect("no caller has failed");
    }

    /// Waits until each caller has begun and ended a call.
    async fn each_has_called_again(&mut self) {
        // One may have begun before.
        let enough = self.calls.borrow().map(|calls| calls + 2);
        self.until(|calls| {
            calls
                .iter()
                .zip(enough)
                .all(|(calls, enough)| *calls >= enough)
        })
        .await;
    }

    /// Ends the calls, and returns what is known of each.
    async fn end(self) -> Vec<CallRecord> {
        self.over.send_replace(true);
        soon(self.callers.join_all()).await.concat()
    }
}
