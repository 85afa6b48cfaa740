//! What goes wrong on the wire ends in a typed error, in time, and the client works on.

use std::time::Duration;

use http::StatusCode;
use tests::{TIMEOUT, client, simulator, soon, tls_simulator};
use toyota_client::{Error, Kind, ToyotaClient};
use toyota_sim::{Fault, Route, Simulator};

/// A client that is signed in, so that the next request is the one that fails.
async fn signed_in(sim: &Simulator) -> ToyotaClient {
    let client = client(sim);
    soon(client.vehicles()).await.unwrap();
    client
}

async fn vehicles_with(sim: &Simulator, client: &ToyotaClient, fault: Fault) -> Error {
    sim.script(Route::Vehicles, [fault]);
    let error = soon(client.vehicles()).await.unwrap_err();
    let again = soon(client.vehicles()).await;
    assert!(again.is_ok(), "after {error}: {again:?}");
    error
}

fn every_fault() -> [(Fault, Kind); 14] {
    let slow = Duration::from_millis(50);
    [
        (
            Fault::status(StatusCode::INTERNAL_SERVER_ERROR),
            Kind::Server,
        ),
        (Fault::status(StatusCode::BAD_GATEWAY), Kind::Server),
        (Fault::status(StatusCode::SERVICE_UNAVAILABLE), Kind::Server),
        (
            Fault::status(StatusCode::TOO_MANY_REQUESTS),
            Kind::RateLimit,
        ),
        (Fault::status(StatusCode::NOT_FOUND), Kind::Api),
        (Fault::html(StatusCode::FORBIDDEN), Kind::Api),
        (Fault::html(StatusCode::OK), Kind::Server),
        (Fault::reset_before_read(), Kind::Network),
        (Fault::reset_after_read(), Kind::Network),
        (Fault::truncated(), Kind::Network),
        (Fault::garbage_body(), Kind::Server),
        (Fault::garbage_wire(), Kind::Network),
        (Fault::endless(slow), Kind::Timeout),
        (Fault::pass().after(TIMEOUT * 2), Kind::Timeout),
    ]
}

#[tokio::test]
async fn every_fault_ends_in_a_typed_error_and_the_client_works_on() {
    let sim = simulator().await;
    let client = signed_in(&sim).await;

    for (fault, kind) in every_fault() {
        let shown = format!("{fault:?}");

        let error = vehicles_with(&sim, &client, fault).await;

        assert_eq!(error.kind(), kind, "{shown}: {error:?}");
        assert_eq!(error.operation(), "vehicles");
    }
}

#[tokio::test]
async fn the_same_holds_over_http_2() {
    let sim = tls_simulator().await;
    let client = signed_in(&sim).await;

    for (fault, kind) in every_fault() {
        let shown = format!("{fault:?}");

        let error = vehicles_with(&sim, &client, fault).await;

        assert_eq!(error.kind(), kind, "{shown}: {error:?}");
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_at_once_is_a_network_error() {
    let sim = simulator().await;
    sim.reset_next_connections(1);

    let error = soon(client(&sim).vehicles()).await.unwrap_err();

    assert!(error.is(Kind::Network), "{error:?}");
}

#[tokio::test]
async fn a_service_that_is_not_there_is_a_network_error() {
    let sim = simulator().await;
    let client = client(&sim);
    drop(sim);

    let error = soon(client.vehicles()).await.unwrap_err();

    assert!(error.is(Kind::Network), "{error:?}");
    assert!(error.login_error().is_some());
}

#[tokio::test]
async fn both_forms_of_retry_after_are_told() {
    let sim = simulator().await;
    let client = signed_in(&sim).await;
    let busy = || Fault::status(StatusCode::TOO_MANY_REQUESTS);
    for fault in [
        busy().retry_after_seconds(30),
        busy().retry_after_date(Duration::from_secs(30)),
    ] {
        let error = vehicles_with(&sim, &client, fault).await;

        let wait = error.retry_after().unwrap().as_secs();
        assert!((29..=30).contains(&wait), "{wait}");
    }
}

#[tokio::test]
async fn one_code_has_five_meanings() {
    let sim = simulator().await;
    let client = signed_in(&sim).await;
    for (status, detail, kind) in [
        (
            StatusCode::FORBIDDEN,
            "invalid guid and vin mapping",
            Kind::Vehicle,
        ),
        (StatusCode::FORBIDDEN, "Unauthorized", Kind::Api),
        (StatusCode::FORBIDDEN, "\"Forbidden\"", Kind::Validation),
        (
            StatusCode::TOO_MANY_REQUESTS,
            "Unauthorized",
            Kind::RateLimit,
        ),
    ] {
        let fault = Fault::gateway(status, "APIGW-403", detail);

        let error = vehicles_with(&sim, &client, fault).await;

        assert_eq!(error.kind(), kind, "{status} {detail}");
        assert_eq!(error.response_code(), Some("APIGW-403"));
    }
    // The fifth, a refused token, is answered by a new one: see `session`.
}

#[tokio::test]
async fn an_error_hidden_in_a_200_is_an_error() {
    let sim = simulator().await;
    let client = signed_in(&sim).await;
    let hidden = Fault::gateway(StatusCode::OK, "ONE-GLOBAL-RS-40000", "Try again.");

    let error = vehicles_with(&sim, &client, hidden).await;

    assert_eq!(
        error.to_string(),
        "vehicles: the service reported an error, status 200 (ONE-GLOBAL-RS-40000)"
    );
}

#[tokio::test]
async fn an_empty_answer_is_an_empty_list() {
    let sim = simulator().await;
    let client = signed_in(&sim).await;
    for fault in [
        Fault::status(StatusCode::OK),
        Fault::status(StatusCode::ACCEPTED),
    ] {
        sim.script(Route::Vehicles, [fault]);

        let vehicles = soon(client.vehicles()).await.unwrap();

        assert!(vehicles.value.is_empty() && vehicles.warnings.is_empty());
    }
}

#[tokio::test]
async fn a_storm_of_random_faults_hangs_and_breaks_nothing() {
    let sim = simulator().await;
    let client = signed_in(&sim).await;
    for fault in [
        Fault::reset_before_read(),
        Fault::truncated(),
        Fault::status(StatusCode::BAD_GATEWAY),
        Fault::garbage_wire(),
    ] {
        sim.fail_randomly(Route::Vehicles, 0.15, fault).unwrap();
    }

    let calls = (0..200).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.vehicles().await.is_ok() })
    });
    let calls: Vec<_> = calls.collect();
    let mut good = 0;
    for call in calls {
        good += usize::from(soon(call).await.unwrap());
    }

    assert!((20..=180).contains(&good), "{good}");
    sim.clear_faults();
    assert!(soon(client.vehicles()).await.is_ok());
}

#[tokio::test]
async fn a_bomb_of_compressed_blanks_stops_at_the_limit() {
    let sim = simulator().await;
    let client = signed_in(&sim).await;

    let error = vehicles_with(&sim, &client, bomb()).await;

    assert_eq!(error.kind(), Kind::Server);
    assert!(error.to_string().contains("larger than"), "{error}");
}

/// A few kilobytes of gzip that unpack to 64 MiB.
fn bomb() -> Fault {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        encoder.write_all(&[b' '; 1024 * 1024]).unwrap();
    }
    let gzip = http::HeaderValue::from_static("gzip");
    Fault::status(StatusCode::OK)
        .header(http::header::CONTENT_ENCODING, gzip)
        .body(encoder.finish().unwrap())
}
