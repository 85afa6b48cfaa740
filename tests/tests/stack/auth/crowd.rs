//! Very many calls that wait for one sign-in.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use http::Request;
use tests::{config, credentials, tls_simulator, transport};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::{Layer, ServiceExt, service_fn};
use tower_client_call::CallRecord;
use toyota_client::{Body, Config, HttpService, Login, ToyotaClient, ToyotaService, auth};
use toyota_sim::{Route, Simulator};

use super::without_cars;

const CALLS: usize = 10_000;

/// The sign-in begins when all of them are there, so that all of them wait for it. They share one
/// HTTP/2 connection with it: ten thousand sockets are more than most machines allow.
#[tokio::test]
async fn ten_thousand_first_calls_make_one_sign_in() {
    let sim = tls_simulator().await;
    without_cars(&sim);
    let waiting = watch::Sender::new(0);
    let client = client_that_waits(&sim, waiting.subscribe());

    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        calls.spawn(call(client.clone(), waiting.clone()));
    }
    let records = calls.join_all().await;

    let records: Vec<_> = records.iter().map(CallRecord::snapshot).collect();
    assert!(records.iter().all(|call| !call.credential_wait.is_zero()));
    let fetches: u32 = records.iter().map(|call| call.token_fetches).sum();
    assert_eq!((records.len(), fetches), (CALLS, 1));
    let counters = sim.counters();
    assert_eq!((counters.logins_completed, counters.password_posts), (1, 1));
    assert_eq!(counters.requests(Route::Vehicles), CALLS as u64);
    assert_eq!(
        (counters.tokens_issued, counters.connections_accepted),
        (1, 1)
    );
}

/// A client whose sign-in is held up until all calls wait for it.
fn client_that_waits(
    sim: &Simulator,
    waiting: watch::Receiver<usize>,
) -> ToyotaClient<impl HttpService> {
    let config = patient(sim);
    let transport = transport(sim);
    let gated = service_fn({
        let transport = transport.clone();
        move |request: Request<Body>| {
            let (transport, mut waiting) = (transport.clone(), waiting.clone());
            async move {
                waiting.wait_for(|calls| *calls == CALLS).await.unwrap();
                transport.oneshot(request).await
            }
        }
    });
    let login = Login::new(gated, &config).unwrap();
    let auth = auth::layer(login, credentials(sim), &config);
    let service = ToyotaService::new(auth.build().layer(transport), &config).unwrap();
    ToyotaClient::new(service, &config)
}

/// Ten thousand answers take longer than one.
fn patient(sim: &Simulator) -> Config {
    config(sim).with_timeout(Duration::from_secs(100)).unwrap()
}

/// Makes a call, and says when it has come as far as it can.
async fn call(client: ToyotaClient<impl HttpService>, waiting: watch::Sender<usize>) -> CallRecord {
    let record = CallRecord::new();
    let client = client.recording(record.clone());
    let mut call = pin!(client.vehicles());

    let waits = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx).is_pending())).await;
    assert!(waits, "there is no credential yet");
    waiting.send_modify(|calls| *calls += 1);

    call.await.unwrap();
    record
}
