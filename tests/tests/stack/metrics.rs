//! What the whole stack measures, against what the service has seen.

use std::time::Duration;

use http::StatusCode;
use tests::{client_with, config, credentials, quick, simulator, soon, tls_simulator, transport};
use tower_client_retry::RetryLayer;
use toyota_client::ToyotaClient;
use toyota_client::metrics::{Format, Registry, Snapshot};
use toyota_sim::{Fault, Route};

const DURATION: &str = "http.client.request.duration";

#[tokio::test]
async fn every_request_that_arrived_was_measured_once() {
    let sim = tls_simulator().await;
    let client = client_with(&sim, quick());
    let unavailable = || Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    sim.script(
        Route::Vehicles,
        [Fault::pass(), unavailable(), unavailable(), Fault::pass()],
    );

    for _ in 0..20 {
        soon(client.vehicles()).await.unwrap();
    }

    let measured = client.metrics().snapshot();
    let arrived = sim.counters().requests_total();
    assert_eq!(count(&measured, DURATION, &[]), arrived);
    let calls = [("operation", "vehicles")];
    assert_eq!(sum(&measured, "toyota_total", &calls), 20);
    assert_eq!(sum(&measured, "toyota_attempts_total", &calls), 22);
    let sent = sum(&measured, "toyota_sends_total", &calls);
    assert_eq!(sent, sim.counters().requests(Route::Vehicles));
    let retries = [("operation", "vehicles"), ("reason", "server")];
    assert_eq!(sum(&measured, "toyota_retries_total", &retries), 2);
    assert_idle(&measured);
}

#[tokio::test]
async fn a_replay_is_a_request_and_no_attempt() {
    let sim = simulator().await;
    let client = client_with(&sim, quick());
    soon(client.vehicles()).await.unwrap();

    sim.expire_access_tokens();
    soon(client.vehicles()).await.unwrap();

    let measured = client.metrics().snapshot();
    let calls = [("operation", "vehicles")];
    for (name, expected) in [
        ("toyota_total", 2),
        ("toyota_attempts_total", 2),
        ("toyota_sends_total", 3),
        ("toyota_replays_total", 1),
        ("toyota_token_fetches_total", 2),
    ] {
        assert_eq!(sum(&measured, name, &calls), expected, "{name}");
    }
    let refused = [("http.response.status_code", "403"), ("error.type", "403")];
    assert_eq!(count(&measured, DURATION, &refused), 1);
    assert_eq!(count(&measured, "toyota_credential_wait", &calls), 2);
    assert_idle(&measured);
}

#[tokio::test]
async fn callers_who_leave_are_counted_and_nothing_stays_under_way() {
    let sim = simulator().await;
    let client = client_with(&sim, quick());
    soon(client.vehicles()).await.unwrap();
    let slow = || Fault::pass().after(Duration::from_secs(60));
    sim.script(Route::Vehicles, std::iter::repeat_with(slow).take(8));

    let calls: Vec<_> = std::iter::repeat_with(|| client.clone())
        .take(8)
        .map(|client| tokio::spawn(async move { client.vehicles().await.map(drop) }))
        .collect();
    soon(async {
        while sim.counters().requests(Route::Vehicles) < 9 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    for call in calls {
        call.abort();
        assert!(soon(call).await.unwrap_err().is_cancelled());
    }

    let measured = client.metrics().snapshot();
    let cancelled = [("status", "error"), ("kind", "cancelled")];
    assert_eq!(sum(&measured, "toyota_total", &cancelled), 8);
    assert_eq!(
        count(&measured, DURATION, &[("error.type", "cancelled")]),
        8
    );
    assert_eq!(
        sum(
            &measured,
            "toyota_retry_stops_total",
            &[("reason", "cancelled")]
        ),
        8
    );
    assert_idle(&measured);
}

#[tokio::test]
async fn errors_have_the_kinds_that_their_callers_see() {
    let sim = simulator().await;
    let client = client_with(&sim, quick());
    soon(client.vehicles()).await.unwrap();

    for (fault, kind) in [
        (Fault::status(StatusCode::NOT_FOUND), "not_found"),
        (Fault::status(StatusCode::NOT_IMPLEMENTED), "server"),
        (
            Fault::gateway(StatusCode::BAD_REQUEST, "APIGW-400", "bad"),
            "invalid_request",
        ),
    ] {
        sim.script(Route::Vehicles, [fault]);
        soon(client.vehicles()).await.unwrap_err();

        let labels = [
            ("operation", "vehicles"),
            ("status", "error"),
            ("kind", kind),
        ];
        let measured = client.metrics().snapshot();
        assert_eq!(measured.counter("toyota_total", &labels), Some(1), "{kind}");
    }
}

#[tokio::test]
async fn an_answer_that_its_caller_cannot_use_is_no_success() {
    let sim = simulator().await;
    let no_retry = RetryLayer::builder().max_attempts(1).without_cool_down();
    let client = client_with(&sim, no_retry);
    soon(client.vehicles()).await.unwrap();

    for (number, fault) in [
        Fault::html(StatusCode::OK),
        Fault::truncated(),
        Fault::pass().after(Duration::from_secs(60)),
    ]
    .into_iter()
    .enumerate()
    {
        sim.script(Route::Vehicles, [fault]);
        soon(client.vehicles()).await.unwrap_err();

        let measured = client.metrics().snapshot();
        let errors = sum(&measured, "toyota_total", &[("status", "error")]);
        let successes = sum(&measured, "toyota_total", &[("status", "success")]);
        assert_eq!(
            (errors, successes),
            (u64::try_from(number).unwrap() + 1, 1),
            "{measured:?}"
        );
        assert_idle(&measured);
    }
}

#[tokio::test]
async fn several_clients_can_be_measured_in_one_place() {
    let sim = simulator().await;
    let registry = Registry::new();
    for _ in 0..2 {
        let client = ToyotaClient::builder()
            .config(config(&sim))
            .credentials(credentials(&sim))
            .metrics(registry.clone())
            .service(transport(&sim))
            .build()
            .unwrap();
        soon(client.vehicles()).await.unwrap();
    }

    let measured = registry.snapshot();

    assert_eq!(sum(&measured, "toyota_total", &[]), 2);
    assert_eq!(
        count(&measured, DURATION, &[]),
        sim.counters().requests_total()
    );
}

#[tokio::test]
async fn nothing_measured_names_a_user_or_a_car() {
    let sim = simulator().await;
    let client = client_with(&sim, quick());
    let cars = soon(client.vehicles()).await.unwrap().value;
    soon(client.telemetry(&cars[0].vin)).await.unwrap();

    let page = client.metrics().render(Format::OpenMetrics);

    let account = sim.account();
    for secret in [cars[0].vin.as_str(), account.username(), account.password()] {
        assert!(!page.contains(secret), "{page}");
    }
}

/// The sum of a counter's series that have these labels.
fn sum(measured: &Snapshot, name: &str, labels: &[(&str, &str)]) -> u64 {
    let series = measured.counters.iter().filter(|it| it.name == name);
    let chosen = series.filter(|it| has(&it.labels, labels));
    chosen.map(|it| it.value).sum()
}

/// How many values a histogram's series with these labels have.
fn count(measured: &Snapshot, name: &str, labels: &[(&str, &str)]) -> u64 {
    let series = measured.histograms.iter().filter(|it| it.name == name);
    let chosen = series.filter(|it| has(&it.labels, labels));
    chosen.map(|it| it.value.count).sum()
}

fn has(labels: &std::collections::BTreeMap<String, String>, wanted: &[(&str, &str)]) -> bool {
    let matches = |(name, value): &(&str, &str)| labels.get(*name).is_some_and(|it| it == value);
    wanted.iter().all(matches)
}

fn assert_idle(measured: &Snapshot) {
    for name in ["toyota_active", "http.client.active_requests"] {
        let gauges: Vec<_> = measured
            .gauges
            .iter()
            .filter(|it| it.name == name)
            .collect();
        assert!(!gauges.is_empty(), "{name}");
        assert!(gauges.iter().all(|it| it.value == 0.0), "{gauges:?}");
    }
}
