//! What is answered from memory over real sockets: to whom, about what, and how long.

mod accounts;
mod stored;

use std::time::Duration;

use http::StatusCode;
use tests::{TIMEOUT, ask_at_once, client, config, credentials, simulator, soon, transport};
use tower_client_call::{CacheOutcome, CallRecord};
use tower_client_retry::RetryLayer;
use toyota_client::cache::MemoryStore;
use toyota_client::{Kind, ToyotaClient, ToyotaClientBuilder, Vin};
use toyota_sim::{Car, Fault, Route, Simulator};

#[tokio::test]
async fn what_was_asked_twice_is_one_call_of_the_api() {
    let sim = simulator().await;
    let client = cached(&sim);

    let first = soon(client.vehicles()).await.unwrap();
    let second = soon(client.vehicles()).await.unwrap();

    assert_eq!(first, second);
    assert_eq!(first.value.len(), sim.account().cars().len());
    assert_eq!(sim.counters().requests(Route::Vehicles), 1);
}

#[tokio::test]
async fn after_its_time_it_is_asked_for_again() {
    let sim = simulator().await;
    let client = cached(&sim);
    soon(client.vehicles()).await.unwrap();
    sim.edit_account(|account| account.cars_mut().truncate(1));

    pass(Duration::from_secs(299)).await;
    assert_eq!(soon(client.vehicles()).await.unwrap().value.len(), 3);
    pass(Duration::from_secs(1)).await;
    assert_eq!(soon(client.vehicles()).await.unwrap().value.len(), 1);
}

#[tokio::test]
async fn cars_are_told_apart() {
    let sim = simulator().await;
    let client = cached(&sim);
    let cars: Vec<_> = sim.account().cars().iter().map(vin).collect();

    let mut read = Vec::new();
    for _ in 0..2 {
        for car in &cars {
            read.push(soon(client.telemetry(car)).await.unwrap());
        }
    }

    let (first, second) = read.split_at(cars.len());
    assert_eq!(first, second);
    assert_ne!(first[0], first[1]);
    let counters = sim.counters();
    assert_eq!(counters.requests(Route::Telemetry), cars.len() as u64);
}

#[tokio::test]
async fn a_token_that_is_refused_in_between_is_renewed_when_it_is_needed() {
    let sim = simulator().await;
    let client = cached(&sim);
    soon(client.vehicles()).await.unwrap();
    sim.expire_access_tokens();

    soon(client.vehicles()).await.unwrap();
    let car = vin(&sim.account().cars()[0]);
    soon(client.telemetry(&car)).await.unwrap();
    soon(client.vehicles()).await.unwrap();

    let counters = sim.counters();
    assert_eq!(counters.requests(Route::Vehicles), 1);
    assert_eq!(
        (counters.refreshes, counters.requests(Route::Telemetry)),
        (1, 2)
    );
}

#[tokio::test]
async fn what_failed_is_asked_for_again() {
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    let hidden = r#"{"code": "ONE-GLOBAL-RS-40000", "message": "no"}"#;
    for (fault, kind) in [
        (Fault::status(unavailable), Kind::Server),
        (Fault::status(StatusCode::NOT_FOUND), Kind::Api),
        (Fault::status(StatusCode::NO_CONTENT), Kind::Api),
        (Fault::html(StatusCode::OK), Kind::Server),
        (Fault::garbage_body(), Kind::Server),
        (Fault::truncated(), Kind::Network),
        (Fault::status(StatusCode::OK).body(hidden), Kind::Api),
    ] {
        let shown = format!("{fault:?}");
        let sim = simulator().await;
        let client = cached(&sim);
        sim.script(Route::Vehicles, [fault]);

        let error = soon(client.vehicles()).await.unwrap_err();
        let cars = soon(client.vehicles()).await.unwrap().value;
        soon(client.vehicles()).await.unwrap();

        assert_eq!((error.kind(), cars.len()), (kind, 3), "{shown}");
        assert_eq!(sim.counters().requests(Route::Vehicles), 2, "{shown}");
    }
}

#[tokio::test]
async fn a_crowd_that_asks_at_once_is_one_request() {
    let sim = simulator().await;
    let client = cached(&sim);

    ask_at_once(&client, 100).await;

    let counters = sim.counters();
    assert_eq!(counters.requests(Route::Vehicles), 1);
    assert_eq!(counters.logins_completed, 1);
}

#[tokio::test]
async fn a_crowd_outlives_the_caller_that_asked_for_it() {
    let sim = simulator().await;
    let client = cached(&sim);
    let slow = Fault::pass().after(TIMEOUT / 4);
    sim.script(Route::Vehicles, [slow]);
    let leaving = tokio::spawn({
        let client = client.clone();
        async move { client.vehicles().await.map(drop) }
    });
    soon(async {
        while sim.counters().requests(Route::Vehicles) < 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    leaving.abort();

    ask_at_once(&client, 20).await;

    assert_eq!(sim.counters().requests(Route::Vehicles), 2);
}

#[tokio::test]
async fn calls_and_metrics_tell_what_the_cache_did() {
    let sim = simulator().await;
    let client = cached(&sim);
    for (outcome, sends) in [(CacheOutcome::Miss, 1), (CacheOutcome::Hit, 0)] {
        let record = CallRecord::new();

        let recorded = client.clone().recording(record.clone());
        soon(recorded.vehicles()).await.unwrap();

        let told = record.snapshot();
        assert_eq!(told.cache, Some(outcome));
        assert_eq!(told.stop.is_some(), outcome == CacheOutcome::Miss);
        assert_eq!(told.sends >= 1, sends == 1, "{told:?}");
    }

    let measured = client.metrics().snapshot();
    let count = |name, labels: &[(&str, &str)]| measured.counter(name, labels);
    let calls = ("operation", "vehicles");
    for outcome in ["hit", "miss"] {
        let labels = [calls, ("outcome", outcome)];
        assert_eq!(count("toyota_cache_total", &labels), Some(1), "{outcome}");
    }
    assert_eq!(count("toyota_attempts_total", &[calls]), Some(1));
    let stats = client.cache().stats();
    assert_eq!((stats.hits, stats.misses), (1, 1), "{stats:?}");
}

#[tokio::test]
async fn without_a_cache_everything_is_asked() {
    let sim = simulator().await;
    let client = client(&sim);

    ask_at_once(&client, 10).await;

    assert_eq!(sim.counters().requests(Route::Vehicles), 10);
    assert_eq!(client.cache().size().await.unwrap().entries, 0);
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let sim = simulator().await;
    let store = MemoryStore::new();
    let builder = builder(&sim).cache(store.clone());
    let client = build(builder.clone(), &sim);
    let car = vin(&sim.account().cars()[0]);
    soon(client.vehicles()).await.unwrap();
    soon(client.location(&car)).await.unwrap();

    let listed = client.cache().list(10).await.unwrap();
    let shown = format!(
        "{builder:?} {client:?} {store:?} {:?} {listed:?}",
        client.cache()
    );

    assert_eq!(listed.len(), 2);
    let account = sim.account();
    for secret in [
        car.as_str(),
        account.username(),
        account.password(),
        account.guid(),
        "50.8949",
        "/v1/location",
    ] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

/// A builder of a client that repeats nothing, with the cache that it has by default.
fn builder(sim: &Simulator) -> ToyotaClientBuilder {
    let retry = RetryLayer::builder().max_attempts(1).without_cool_down();
    ToyotaClient::builder()
        .config(config(sim))
        .credentials(credentials(sim))
        .retry(retry)
}

fn build(builder: ToyotaClientBuilder, sim: &Simulator) -> ToyotaClient {
    builder.service(transport(sim)).build().unwrap()
}

fn cached(sim: &Simulator) -> ToyotaClient {
    build(builder(sim), sim)
}

fn vin(car: &Car) -> Vin {
    Vin::new(car.vin()).unwrap()
}

/// Lets time pass on the client's clock, not on the simulator's.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}
