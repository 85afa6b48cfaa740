//! Connections that are reset at once, and those that failed attempts leave open or cost.

use http::StatusCode;
use tests::{config, credentials, login, quick, simulator, soon, tls_simulator, transport};
use tower_client_call::{Delivery, StopReason};
use tower_client_retry::RetryLayerBuilder;
use toyota_client::{SignIn, Stack, ToyotaClient};
use toyota_sim::{Fault, Route, Simulator};

use super::{Ask, HASTE, first_car, send, signed_in};

/// A client that is signed in and has no connection yet.
async fn not_connected(sim: &Simulator, retry: RetryLayerBuilder) -> Stack {
    let signed_in = soon(login(sim).sign_in(&credentials(sim))).await.unwrap();
    let SignIn::Complete(credential) = signed_in else {
        panic!("a code is asked for");
    };
    let client = ToyotaClient::builder()
        .config(config(sim))
        .credential(credential)
        .retry(retry);
    client.service(transport(sim)).build().unwrap().into_inner()
}

/// TCP is up when the reset comes. Here it comes before hyper writes anything, and hyper says so: the
/// command is repeated. Elsewhere hyper may have begun to write, and then it is not.
#[tokio::test]
async fn a_command_whose_connection_is_reset_at_once_is_carried_out_if_and_only_if_it_succeeds() {
    let sim = simulator().await;
    for _ in 0..20 {
        let stack = not_connected(&sim, quick()).await;
        let before = sim.counters();
        sim.reset_next_connections(1);

        let answer = send(&stack, Ask::Command.request(&sim, "")).await;

        let after = sim.counters();
        let effects = after.commands_carried_out - before.commands_carried_out;
        let accepted = after.connections_accepted - before.connections_accepted;
        match answer {
            Ok((status, _)) => assert_eq!((status, effects, accepted), (200, 1, 2)),
            Err(error) => {
                assert_eq!(Delivery::of(&error), Delivery::MaybeSent, "{error:?}");
                assert_eq!(error.stop(), StopReason::NotRetryable);
                assert_eq!((effects, accepted), (0, 1));
            }
        }
    }
}

#[tokio::test]
async fn a_read_whose_connection_is_reset_at_once_is_repeated() {
    let sim = simulator().await;
    let stack = not_connected(&sim, quick()).await;
    sim.reset_next_connections(2);

    let (status, _) = send(&stack, Ask::Read.request(&sim, "")).await.unwrap();

    assert_eq!((status, sim.counters().requests(Route::Vehicles)), (200, 1));
}

#[tokio::test]
async fn a_command_whose_handshake_is_reset_was_not_sent_and_is_repeated() {
    let sim = tls_simulator().await;
    let stack = not_connected(&sim, quick()).await;
    sim.reset_next_connections(2);

    let (status, _) = send(&stack, Ask::Command.request(&sim, "")).await.unwrap();

    assert_eq!(status, 200);
    let counters = sim.counters();
    assert_eq!(counters.requests(Route::Command), 1);
    assert_eq!(counters.commands_carried_out, 1);
}

const FAILURES: u64 = 1000;

/// Makes calls until this many attempts have failed; each call ends well.
async fn recover(sim: &Simulator, client: &ToyotaClient, faults: Vec<Fault>) {
    let car = first_car(sim);
    let each = 0.5 / f64::from(u32::try_from(faults.len()).unwrap());
    for fault in faults {
        sim.fail_randomly(Route::Location, each, fault).unwrap();
    }
    let (before, mut calls) = (sim.counters().requests(Route::Location), 0);
    while sim.counters().requests(Route::Location) - before < FAILURES + calls {
        let answer = soon(client.location(&car)).await;
        assert!(answer.is_ok(), "{answer:?}");
        calls += 1;
    }
    sim.clear_faults();
}

fn failed_statuses() -> Vec<Fault> {
    let status = |status| StatusCode::from_u16(status).unwrap();
    let mut faults: Vec<_> = [408, 429, 500, 502, 503, 504]
        .map(|number| Fault::gateway(status(number), "APIGW", "No"))
        .into();
    faults.push(Fault::html(StatusCode::BAD_GATEWAY));
    faults.push(Fault::status(StatusCode::SERVICE_UNAVAILABLE).retry_after_seconds(0));
    faults
}

fn broken_answers() -> Vec<Fault> {
    vec![
        Fault::reset_before_read(),
        Fault::reset_after_read(),
        Fault::truncated(),
        Fault::garbage_wire(),
    ]
}

/// One connection is enough for one call after the other, whatever fails.
async fn check_connections_open(sim: &Simulator) {
    let retry = quick().max_attempts(30).attempt_timeout(HASTE);
    let client = signed_in(sim, retry).await;
    let before = sim.counters().connections_open;
    let faults = [failed_statuses(), broken_answers()].concat();

    recover(sim, &client, faults).await;
    for _ in 0..2 {
        let silence = Fault::pass().after(20 * HASTE);
        sim.script(Route::Location, [silence, Fault::endless(HASTE / 10)]);
        soon(client.location(&first_car(sim))).await.unwrap();
    }

    // A closed connection is seen by the other side a moment later.
    soon(async {
        while sim.counters().connections_open > before {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_thousand_recoveries_leave_no_connection_open_over_either_protocol() {
    let plain = tokio::spawn(async { check_connections_open(&simulator().await).await });
    let tls = tokio::spawn(async { check_connections_open(&tls_simulator().await).await });

    soon(plain).await.unwrap();
    soon(tls).await.unwrap();
}

/// A failed answer leaves its connection fit for the next attempt. (Who drains it is not seen here:
/// of what has arrived already, hyper drains much by itself.)
async fn check_connections_accepted(sim: &Simulator) {
    let client = signed_in(sim, quick().max_attempts(30)).await;
    let before = sim.counters();

    recover(sim, &client, failed_statuses()).await;

    let after = sim.counters();
    assert_eq!(after.connections_accepted, before.connections_accepted);
    assert_eq!(after.connections_open, before.connections_open);
}

#[tokio::test]
async fn a_thousand_failed_statuses_need_no_new_connection_over_either_protocol() {
    let plain = tokio::spawn(async { check_connections_accepted(&simulator().await).await });
    let tls = tokio::spawn(async { check_connections_accepted(&tls_simulator().await).await });

    soon(plain).await.unwrap();
    soon(tls).await.unwrap();
}
