//! How long a call takes: what a service asks it to wait, and what its attempts and it may take.

use std::ops::Range;
use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use tests::{TIMEOUT, config, credentials, quick, simulator, soon, transport};
use tokio::time::Instant;
use tower_client_call::Delivery;
use tower_client_retry::{Backoff, RetryLayer, RetryLayerBuilder};
use toyota_client::{Error, Kind, ToyotaClient};
use toyota_sim::{Fault, Route, Simulator};

use super::{HASTE, SECOND, signed_in};

/// What a test may take longer on a busy machine.
const SLACK: Duration = Duration::from_millis(400);

/// A client whose calls may take so long.
fn client_within(sim: &Simulator, timeout: Duration, retry: RetryLayerBuilder) -> ToyotaClient {
    let config = config(sim).with_timeout(timeout).unwrap();
    let client = ToyotaClient::builder()
        .config(config)
        .credentials(credentials(sim))
        .retry(retry)
        .without_cache();
    client.service(transport(sim)).build().unwrap()
}

/// How long a call takes that waits as it was asked to.
fn asked_for(wait: Duration) -> Range<Duration> {
    wait..wait * 11 / 10 + SLACK
}

/// How long a call takes that meets this fault once.
async fn recovery_time(fault: Fault) -> Duration {
    let sim = simulator().await;
    let client = client_within(
        &sim,
        10 * SECOND,
        RetryLayer::builder().backoff(Backoff {
            base: Duration::from_millis(1),
            ..Backoff::default()
        }),
    );
    soon(client.vehicles()).await.unwrap();
    sim.script(Route::Vehicles, [fault]);

    let before = Instant::now();
    soon(client.vehicles()).await.unwrap();
    let elapsed = before.elapsed();

    assert_eq!(sim.counters().requests(Route::Vehicles), 3);
    elapsed
}

#[tokio::test]
async fn retry_after_is_waited_for_in_both_forms_and_a_tenth_more_at_most() {
    let throttled = || Fault::status(StatusCode::TOO_MANY_REQUESTS);
    let unavailable = || Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    // A service whose clock is years behind.
    let value = HeaderValue::from_static;
    let dated = unavailable()
        .header(DATE, value("Sun, 06 Nov 1994 08:49:37 GMT"))
        .header(RETRY_AFTER, value("Sun, 06 Nov 1994 08:49:38 GMT"));
    let calls = [
        (throttled().retry_after_seconds(1), asked_for(SECOND)),
        (unavailable().retry_after_seconds(1), asked_for(SECOND)),
        (dated, asked_for(SECOND)),
        // The second may turn between the two dates that the service writes, the one that it names
        // and its own.
        (
            unavailable().retry_after_date(2 * SECOND),
            SECOND..asked_for(2 * SECOND).end,
        ),
    ]
    .map(|(fault, expected)| (tokio::spawn(recovery_time(fault)), expected));

    for (call, expected) in calls {
        let waited = soon(call).await.unwrap();
        assert!(expected.contains(&waited), "{waited:?} of {expected:?}");
    }
}

#[tokio::test]
async fn who_cannot_wait_as_long_as_asked_fails_at_once_and_the_next_call_does_not_ask() {
    for (fault, kind) in [
        (StatusCode::TOO_MANY_REQUESTS, Kind::RateLimit),
        (StatusCode::SERVICE_UNAVAILABLE, Kind::Server),
    ] {
        let sim = simulator().await;
        let client = signed_in(&sim, RetryLayer::builder()).await;
        sim.script(
            Route::Vehicles,
            [Fault::status(fault).retry_after_seconds(30)],
        );

        let before = Instant::now();
        let first = soon(client.vehicles()).await.unwrap_err();
        let requests = sim.counters().requests_total();
        let second = soon(client.vehicles()).await.unwrap_err();

        assert!(before.elapsed() < TIMEOUT / 2, "{:?}", before.elapsed());
        assert_eq!(sim.counters().requests_total(), requests);
        for (error, delivery) in [(&first, Delivery::Answered), (&second, Delivery::NotSent)] {
            assert_eq!(error.kind(), kind, "{error:?}");
            assert_eq!(error.status(), Some(fault));
            assert_eq!(error.delivery(), delivery);
            let wait = error.retry_after().unwrap().as_secs();
            assert!((29..=30).contains(&wait), "{wait}");
        }
    }
}

/// How long a failing call takes, and how it fails.
async fn failure(client: &ToyotaClient) -> (Duration, Error) {
    let before = Instant::now();
    let error = soon(client.vehicles()).await.unwrap_err();
    (before.elapsed(), error)
}

#[tokio::test]
async fn a_service_that_stalls_costs_one_attempt_timeout_for_each_attempt() {
    let attempt = Duration::from_millis(200);
    for stalled in [
        Fault::endless(attempt / 10),
        Fault::pass().after(10 * SECOND),
    ] {
        let shown = format!("{stalled:?}");
        let sim = simulator().await;
        let retry = quick().max_attempts(2).attempt_timeout(attempt);
        let client = signed_in(&sim, retry).await;
        sim.script(Route::Vehicles, [stalled.clone(), stalled]);

        let (elapsed, error) = failure(&client).await;

        assert_eq!(error.kind(), Kind::Timeout, "{shown}: {error:?}");
        assert_eq!(sim.counters().requests(Route::Vehicles), 1 + 2);
        let expected = 2 * attempt..2 * attempt + SLACK;
        assert!(expected.contains(&elapsed), "{shown}: {elapsed:?}");
        assert!(soon(client.vehicles()).await.is_ok());
    }
}

#[tokio::test]
async fn the_deadline_ends_a_call_whatever_the_attempts_are_allowed() {
    let timeout = 2 * HASTE;
    let many = || quick().max_attempts(100);
    let unavailable = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    for (retry, fault, kind) in [
        (many(), Fault::pass().after(10 * SECOND), Kind::Timeout),
        (many(), Fault::endless(HASTE / 10), Kind::Timeout),
        (
            many().attempt_timeout(HASTE * 2 / 3),
            Fault::pass().after(10 * SECOND),
            Kind::Timeout,
        ),
        // It could not be answered in time, so it is not asked again, and not waited for.
        (many(), unavailable.retry_after_seconds(1), Kind::Server),
    ] {
        let shown = format!("{fault:?}");
        let sim = simulator().await;
        let client = client_within(&sim, timeout, retry);
        soon(client.vehicles()).await.unwrap();
        sim.fail_randomly(Route::Vehicles, 1.0, fault).unwrap();

        let (elapsed, error) = failure(&client).await;

        assert_eq!(error.kind(), kind, "{shown}: {error:?}");
        assert!(elapsed < timeout + SLACK, "{shown}: {elapsed:?}");
    }
}
