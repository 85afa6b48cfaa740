//! The identity on requests: the simulator checks each header as the gateway does.

use http::{HeaderValue, Request};
use tests::{client, config, credentials, simulator, soon, transport};
use tower::ServiceBuilder;
use toyota_client::{Body, Error, Kind, ToyotaClient};
use toyota_sim::{Route, Simulator};

/// Asks for the vehicles with one header removed or replaced on its way to the API.
async fn with_header(sim: &Simulator, name: &'static str, value: Option<&str>) -> Error {
    let value = value.map(|value| HeaderValue::from_str(value).unwrap());
    let tampered = ServiceBuilder::new()
        .map_request(move |mut request: Request<Body>| {
            let is_api = request.uri().path().starts_with("/v");
            match &value {
                _ if !is_api => {}
                Some(value) => {
                    request.headers_mut().insert(name, value.clone());
                }
                None => {
                    request.headers_mut().remove(name);
                }
            }
            request
        })
        .service(transport(sim));
    let client = ToyotaClient::builder()
        .config(config(sim))
        .credentials(credentials(sim))
        .service(tampered)
        .build()
        .unwrap();
    soon(client.vehicles()).await.unwrap_err()
}

#[tokio::test]
async fn a_request_as_it_leaves_passes_every_check() {
    let sim = simulator().await;

    let cars = soon(client(&sim).vehicles()).await.unwrap();

    assert_eq!(cars.value.len(), sim.account().cars().len());
}

#[tokio::test]
async fn each_missing_header_ends_in_a_typed_error() {
    for (name, status, kind) in [
        ("x-api-key", 403, Kind::Validation),
        ("api_key", 403, Kind::Validation),
        ("x-appversion", 500, Kind::Server),
        ("x-user-region", 400, Kind::Validation),
        ("x-channel", 403, Kind::Validation),
        ("x-brand", 400, Kind::Validation),
        ("x-region", 400, Kind::Validation),
        ("x-correlationid", 400, Kind::Validation),
        ("user-agent", 400, Kind::Validation),
        ("authorization", 403, Kind::Token),
        ("x-guid", 403, Kind::Token),
        ("guid", 403, Kind::Token),
        ("x-client-ref", 403, Kind::Api),
    ] {
        let sim = simulator().await;

        let error = with_header(&sim, name, None).await;

        let seen = (error.status().map(|status| status.as_u16()), error.kind());
        assert_eq!(seen, (Some(status), kind), "{name}: {error}");
    }
}

#[tokio::test]
async fn each_wrong_header_ends_in_a_typed_error() {
    for (name, value, kind) in [
        ("x-api-key", "wrong", Kind::Validation),
        ("x-client-ref", "00", Kind::Api),
        // The reference is signed with the version: another version breaks it.
        ("x-appversion", "2.15.0", Kind::Api),
        ("authorization", "Bearer wrong", Kind::Token),
        ("x-guid", "someone-else", Kind::Token),
        ("x-correlationid", "not-a-uuid", Kind::Validation),
    ] {
        let sim = simulator().await;

        let error = with_header(&sim, name, Some(value)).await;

        assert_eq!(error.kind(), kind, "{name}: {error}");
    }
}

#[tokio::test]
async fn a_missing_header_is_named_by_the_service() {
    let sim = simulator().await;

    let error = with_header(&sim, "x-user-region", None).await;

    assert_eq!(error.response_code(), Some("CTP-GENERIC-40017"));
    assert!(
        error.description().unwrap().contains("x-user-region"),
        "{error:?}"
    );
}

#[tokio::test]
async fn every_call_has_a_correlation_id_of_its_own() {
    let sim = simulator().await;
    let client = client(&sim);

    soon(client.vehicles()).await.unwrap();
    soon(client.vehicles()).await.unwrap();

    let requests = sim.requests();
    let ids: Vec<_> = requests
        .iter()
        .filter(|request| request.route() == Route::Vehicles)
        .map(|request| request.headers()["x-correlationid"].clone())
        .collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn the_car_is_named_in_a_header_and_nowhere_else() {
    let sim = simulator().await;
    let client = client(&sim);
    let vin = soon(client.vehicles()).await.unwrap().value.remove(0).vin;

    soon(client.location(&vin)).await.unwrap();

    let requests = sim.requests();
    let location = requests
        .iter()
        .find(|r| r.route() == Route::Location)
        .unwrap();
    assert_eq!(location.headers()["vin"], vin.as_str());
    assert_eq!((location.path(), location.query()), ("/v1/location", None));
}

#[tokio::test]
async fn a_car_of_someone_else_is_that_cars_error_alone() {
    let sim = simulator().await;
    let vin = toyota_client::Vin::new("JTSIM99999XXX9999").unwrap();

    let error = soon(client(&sim).telemetry(&vin)).await.unwrap_err();

    assert!(error.is(Kind::Vehicle), "{error:?}");
    assert_eq!(
        error.to_string(),
        "telemetry: car …9999: the car is not in this account, status 403 (APIGW-403)"
    );
}

#[tokio::test]
async fn another_brand_is_accepted_with_its_headers() {
    let sim = simulator().await;
    let config = config(&sim).with_brand(toyota_client::Brand::LEXUS);
    let client = ToyotaClient::builder()
        .config(config)
        .credentials(credentials(&sim))
        .service(transport(&sim))
        .build()
        .unwrap();

    assert!(soon(client.vehicles()).await.is_ok());
}

#[tokio::test]
async fn an_unknown_route_is_refused_as_the_gateway_does() {
    let sim = simulator().await;

    let raw = client(&sim);
    let error = soon(raw.request(http::Method::GET, "/v9/nothing", None, None))
        .await
        .unwrap_err();

    assert_eq!(
        error.to_string(),
        "request: the call is not allowed, status 403 (APIGW-403)"
    );
}

#[tokio::test]
async fn the_escape_hatch_gives_the_whole_answer() {
    let sim = simulator().await;

    let raw = client(&sim);
    let answer = soon(raw.request(http::Method::GET, "/v2/vehicle/guid", None, None)).await;

    let cars = sim.account().cars().len();
    assert_eq!(answer.unwrap()["payload"].as_array().unwrap().len(), cars);
}

#[tokio::test]
async fn the_escape_hatch_sends_nothing_to_another_host() {
    let sim = simulator().await;
    let raw = client(&sim);

    for path in [
        "https://elsewhere.example/",
        "elsewhere.example:443",
        "v2/vehicle",
        "",
        "/a b",
    ] {
        let error = soon(raw.request(http::Method::GET, path, None, None))
            .await
            .unwrap_err();

        assert_eq!(error.kind(), Kind::Validation, "{path}: {error:?}");
    }
    assert_eq!(sim.counters().requests(Route::Unknown), 0);
}
