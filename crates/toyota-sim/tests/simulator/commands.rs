use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use toyota_sim::{Fault, Route, Simulator};

use crate::support::{Answer, ELECTRIC, Owner, PETROL, api_headers, log_in, send, start, within};

const PATH: &str = "/v1/global/remote/command";
const LOCK: &str = r#"{"command": "door-lock"}"#;

#[tokio::test]
async fn a_command_is_carried_out_and_numbered() {
    let sim = start().await;
    let headers = signed_in(&sim).await;

    let answer = command(&sim, &headers, LOCK).await;

    assert_eq!(answer.status, StatusCode::OK);
    let envelope = answer.json();
    let message = &envelope["status"]["messages"][0];
    assert_eq!(message["responseCode"], "ONE-GLOBAL-RS-10000");
    assert_eq!(envelope["payload"]["returnCode"], "000000");
    uuid::Uuid::try_parse(&number(&answer)).unwrap();
    assert!(answer.headers.contains_key("x-amzn-requestid"));
    assert_eq!(sim.counters().commands_carried_out, 1);
    assert_eq!(sim.counters().requests(Route::Command), 1);
}

#[tokio::test]
async fn without_a_key_each_request_is_a_command_of_its_own() {
    let sim = start().await;
    let headers = signed_in(&sim).await;

    let first = command(&sim, &headers, LOCK).await;
    let second = command(&sim, &headers, LOCK).await;

    assert_ne!(number(&first), number(&second));
    assert_eq!(sim.counters().commands_carried_out, 2);
}

#[tokio::test]
async fn a_repeat_under_the_same_key_gets_the_same_number_and_does_nothing() {
    let sim = start().await;
    let headers = keyed(signed_in(&sim).await, "one");

    let first = command(&sim, &headers, LOCK).await;
    let repeat = command(&sim, &headers, LOCK).await;
    let other = command(&sim, &keyed(headers, "two"), LOCK).await;

    assert_eq!(number(&first), number(&repeat));
    assert_ne!(number(&first), number(&other));
    assert_eq!(sim.counters().commands_carried_out, 2);
}

#[tokio::test]
async fn a_key_belongs_to_the_command_that_it_came_with() {
    let sim = start().await;
    let headers = keyed(signed_in(&sim).await, "one");
    let mut other_car = headers.clone();
    let account = sim.account();
    let vin = account.cars().iter().find(|car| car.vin() != PETROL);
    other_car.insert("vin", value(vin.unwrap().vin()));
    command(&sim, &headers, LOCK).await;

    let unlock = command(&sim, &headers, r#"{"command": "door-unlock"}"#).await;
    let elsewhere = command(&sim, &other_car, LOCK).await;

    for answer in [unlock, elsewhere] {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let expected = "The idempotency-key came with another request";
        assert_eq!(answer.detail().1, expected);
    }
    assert_eq!(sim.counters().commands_carried_out, 1);
}

#[tokio::test]
async fn the_whole_of_a_command_belongs_to_its_key() {
    let owner = Owner::new().await;
    let start = async |minutes: u32| {
        let body = json!({"command": "start", "duration": minutes});
        let path = "/v2/remote/climate-control";
        let mut request = owner.request(Method::POST, path, ELECTRIC, Some(body));
        request
            .headers_mut()
            .insert("idempotency-key", value("one"));
        send(request).await
    };

    let first = start(10).await;
    let repeat = start(10).await;
    let longer = start(20).await;

    assert_eq!(number(&first), number(&repeat));
    assert_eq!(longer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(owner.sim.counters().commands_carried_out, 1);
}

#[tokio::test]
async fn a_key_that_is_empty_or_too_long_is_refused() {
    let sim = start().await;
    let headers = signed_in(&sim).await;

    for key in [String::new(), "k".repeat(256)] {
        let answer = command(&sim, &keyed(headers.clone(), &key), LOCK).await;

        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.detail().1, "Invalid idempotency-key");
    }
    assert_eq!(sim.counters().commands_carried_out, 0);
}

#[tokio::test]
async fn a_body_without_a_command_is_refused() {
    let sim = start().await;
    let headers = signed_in(&sim).await;

    for body in ["", "{}", r#"{"command": 7}"#, r#"{"command": ""}"#, "[]"] {
        let answer = command(&sim, &headers, body).await;

        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        let expected = ("CTP-REMOTE-40000", "Invalid request body");
        let (code, detail) = answer.detail();
        assert_eq!((code.as_str(), detail.as_str()), expected);
    }
    assert_eq!(sim.counters().commands_carried_out, 0);
}

#[tokio::test]
async fn a_command_needs_a_user_and_a_car_of_theirs() {
    let sim = start().await;
    let good = signed_in(&sim).await;

    for (name, wrong, detail) in [
        ("x-api-key", None, "\"Forbidden\""),
        ("authorization", None, "invalid token could not authorize"),
        ("x-guid", None, "invalid token could not authorize"),
        ("vin", None, "Mandatory header vin is missing"),
        (
            "vin",
            Some("JT000000000000000"),
            "invalid guid and vin mapping",
        ),
    ] {
        let mut headers = good.clone();
        headers.remove(name);
        if let Some(wrong) = wrong {
            headers.insert(name, value(wrong));
        }

        let answer = command(&sim, &headers, LOCK).await;

        assert_eq!(answer.detail().1, detail, "{name}");
    }
    assert_eq!(sim.counters().commands_carried_out, 0);
}

#[tokio::test]
async fn a_fault_in_front_of_the_service_prevents_the_effect_and_one_behind_it_does_not() {
    let slow = Duration::from_millis(1);
    for (fault, effects) in [
        (Fault::pass(), 1),
        (Fault::pass().after(slow), 1),
        (Fault::status(StatusCode::OK), 0),
        (Fault::status(StatusCode::INTERNAL_SERVER_ERROR), 0),
        (
            Fault::gateway(StatusCode::BAD_GATEWAY, "APIGW-502", "No"),
            0,
        ),
        (Fault::html(StatusCode::FORBIDDEN), 0),
        (Fault::reset_before_read(), 0),
        (Fault::reset_after_read(), 1),
        (Fault::truncated(), 1),
        (Fault::endless(slow), 1),
        (Fault::garbage_body(), 1),
        (Fault::garbage_wire(), 1),
    ] {
        let sim = start().await;
        let headers = signed_in(&sim).await;
        let shown = format!("{fault:?}");
        sim.script(Route::Command, [fault]);

        head_of_answer(&sim, &headers).await;

        assert_eq!(sim.counters().commands_carried_out, effects, "{shown}");
        assert_eq!(sim.counters().requests(Route::Command), 1, "{shown}");
    }
}

#[tokio::test]
async fn a_refused_command_takes_no_effect_behind_a_fault_either() {
    let sim = start().await;
    let headers = signed_in(&sim).await;
    sim.script(Route::Command, [Fault::garbage_body()]);

    let answer = command(&sim, &headers, "{}").await;

    serde_json::from_slice::<Value>(&answer.body).unwrap_err();
    assert_eq!(sim.counters().commands_carried_out, 0);
}

#[tokio::test]
async fn a_lost_answer_can_be_had_again_by_its_key() {
    let sim = start().await;
    let headers = keyed(signed_in(&sim).await, "one");
    sim.script(Route::Command, [Fault::reset_after_read()]);
    head_of_answer(&sim, &headers).await;

    let answer = command(&sim, &headers, LOCK).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(sim.counters().commands_carried_out, 1);
}

/// The headers of a command to a car, signed in.
async fn signed_in(sim: &Simulator) -> HeaderMap {
    let tokens = log_in(sim).await;
    let mut headers = api_headers(sim, &tokens.access);
    headers.insert("vin", value(PETROL));
    headers.insert("content-type", value("application/json"));
    headers
}

fn keyed(mut headers: HeaderMap, key: &str) -> HeaderMap {
    headers.insert("idempotency-key", value(key));
    headers
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap()
}

fn request(sim: &Simulator, headers: &HeaderMap, body: &'static str) -> Request<Full<Bytes>> {
    let url = format!("{}{PATH}", sim.api_url());
    let mut request = Request::post(url).body(Full::from(body)).unwrap();
    *request.headers_mut() = headers.clone();
    request
}

async fn command(sim: &Simulator, headers: &HeaderMap, body: &'static str) -> Answer {
    send(request(sim, headers, body)).await
}

/// Sends a command and waits for whatever comes first of its answer.
async fn head_of_answer(sim: &Simulator, headers: &HeaderMap) {
    let client: Client<HttpConnector, Full<Bytes>> =
        Client::builder(TokioExecutor::new()).build_http();
    if let Ok(answer) = within(client.request(request(sim, headers, LOCK))).await {
        // An error, an end and a part of it are all fine.
        let _: Option<Result<_, hyper::Error>> = within(answer.into_body().frame()).await;
    }
}

fn number(answer: &Answer) -> String {
    let number = &answer.json()["payload"]["appRequestNo"];
    number.as_str().unwrap().to_owned()
}
