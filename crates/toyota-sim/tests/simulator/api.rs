use http::{HeaderMap, HeaderValue, StatusCode, header};
use toyota_sim::{Car, Simulator};

use crate::support::{Answer, PETROL, api_headers, get, get_car, log_in, start};

#[tokio::test]
async fn a_user_gets_the_list_of_cars() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    let answer = get(&sim, "/v2/vehicle/guid", api_headers(&sim, &tokens.access)).await;

    assert_eq!(answer.status, StatusCode::OK);
    let list = answer.json();
    let message = &list["status"]["messages"][0];
    assert_eq!(message["responseCode"], "ONE-VL-10000");
    let vins: Vec<&str> = list["payload"]
        .as_array()
        .unwrap()
        .iter()
        .map(|car| car["vin"].as_str().unwrap())
        .collect();
    let account = sim.account();
    let expected: Vec<&str> = account.cars().iter().map(Car::vin).collect();
    assert_eq!(vins, expected);
    assert!(answer.headers.contains_key("x-amzn-requestid"));
}

#[tokio::test]
async fn a_car_tells_where_it_is_and_how_it_is() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    let location = get_car(&sim, "/v1/location", &tokens.access, PETROL).await;
    let telemetry = get_car(&sim, "/v3/telemetry", &tokens.access, PETROL).await;

    for answer in [&location, &telemetry] {
        let envelope = answer.json();
        assert_eq!(envelope["status"], "SUCCESS");
        assert_eq!(envelope["code"], 200);
        assert_eq!(envelope["errors"].as_array().unwrap().len(), 0);
    }
    assert!(location.json()["payload"]["vehicleLocation"]["latitude"].is_f64());
    assert_eq!(telemetry.json()["payload"]["fuelLevel"], 62);
}

#[tokio::test]
async fn each_header_is_asked_for() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    for (name, status, code, detail) in [
        (
            "x-appversion",
            StatusCode::INTERNAL_SERVER_ERROR,
            "ONE-GLOBAL-RS-40000",
            "Command execution interrupted. Try again.",
        ),
        (
            "x-api-key",
            StatusCode::FORBIDDEN,
            "APIGW-403",
            "\"Forbidden\"",
        ),
        (
            "api_key",
            StatusCode::FORBIDDEN,
            "APIGW-403",
            "\"Forbidden\"",
        ),
        (
            "authorization",
            StatusCode::FORBIDDEN,
            "APIGW-403",
            INVALID_TOKEN,
        ),
        ("x-guid", StatusCode::FORBIDDEN, "APIGW-403", INVALID_TOKEN),
        ("guid", StatusCode::FORBIDDEN, "APIGW-403", INVALID_TOKEN),
        (
            "x-client-ref",
            StatusCode::FORBIDDEN,
            "APIGW-403",
            "Unauthorized",
        ),
        (
            "x-user-region",
            StatusCode::BAD_REQUEST,
            "CTP-GENERIC-40017",
            "Mandatory header x-user-region is missing",
        ),
        (
            "user-agent",
            StatusCode::BAD_REQUEST,
            "CTP-GENERIC-40017",
            "Mandatory header user-agent is missing",
        ),
        (
            "x-channel",
            StatusCode::FORBIDDEN,
            "APIGW-403",
            "Missing required field: x-channel",
        ),
    ] {
        let mut headers = api_headers(&sim, &tokens.access);
        headers.remove(name);

        let answer = get(&sim, "/v2/vehicle/guid", headers).await;

        assert_eq!(answer.status, status, "{name}");
        assert_eq!(answer.detail(), (code.to_owned(), detail.to_owned()));
    }
}

#[tokio::test]
async fn an_unknown_token_is_a_403() {
    let sim = start().await;

    let answer = get(&sim, "/v2/vehicle/guid", api_headers(&sim, "unknown")).await;

    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.detail().1, INVALID_TOKEN);
}

#[tokio::test]
async fn a_car_must_be_named_and_owned() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    for path in ["/v1/location", "/v3/telemetry"] {
        let unnamed = get(&sim, path, api_headers(&sim, &tokens.access)).await;
        let strange = get_car(&sim, path, &tokens.access, "JT000000000000000").await;

        assert_eq!(unnamed.status, StatusCode::BAD_REQUEST);
        assert_eq!(unnamed.detail().1, "Mandatory header vin is missing");
        assert_eq!(strange.status, StatusCode::FORBIDDEN);
        assert_eq!(strange.detail().1, "invalid guid and vin mapping");
    }
}

#[tokio::test]
async fn a_lexus_is_named_three_times() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    let mut headers = api_headers(&sim, &tokens.access);
    headers.insert("x-brand", HeaderValue::from_static("L"));

    let once = get(&sim, "/v2/vehicle/guid", headers.clone()).await;
    headers.insert("x-appbrand", HeaderValue::from_static("L"));
    headers.insert("brand", HeaderValue::from_static("L"));
    let thrice = get(&sim, "/v2/vehicle/guid", headers).await;

    assert_eq!(once.status, StatusCode::BAD_REQUEST);
    assert_eq!(thrice.status, StatusCode::OK);
}

#[tokio::test]
async fn an_unknown_route_is_a_403() {
    let sim = start().await;

    let answer = get(&sim, "/v1/nothing", HeaderMap::new()).await;

    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let expected = ("APIGW-403".to_owned(), "Unauthorized".to_owned());
    assert_eq!(answer.detail(), expected);
}

#[tokio::test]
async fn a_list_is_compressed_for_who_asks() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    let plain = list(&sim, api_headers(&sim, &tokens.access)).await;

    let mut headers = api_headers(&sim, &tokens.access);
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    let compressed = list(&sim, headers).await;

    assert!(!plain.headers.contains_key(header::CONTENT_ENCODING));
    assert_eq!(compressed.headers[header::CONTENT_ENCODING], "gzip");
    assert!(compressed.body.len() < plain.body.len() / 4);
}

const INVALID_TOKEN: &str = "invalid token could not authorize";

async fn list(sim: &Simulator, headers: HeaderMap) -> Answer {
    get(sim, "/v2/vehicle/guid", headers).await
}
