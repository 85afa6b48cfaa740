//! Answers that are others, late, or without end.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use toyota_sim::{Fault, Route};

use super::{UNKNOWN, connect, get_unknown};
use crate::support::{log_in, refresh_form, start, token, within};

#[tokio::test]
async fn a_status_comes_with_its_body_and_headers() {
    let sim = start().await;
    let fault = Fault::status(StatusCode::SERVICE_UNAVAILABLE)
        .body("busy")
        .header(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"))
        .retry_after_seconds(7);
    sim.script(Route::Unknown, [fault]);

    let answer = get_unknown(&sim).await;
    let next = get_unknown(&sim).await;

    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.body, "busy");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/plain");
    assert_eq!(answer.headers[header::RETRY_AFTER], "7");
    assert_eq!(next.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_retry_date_is_counted_from_the_simulator_s_time() {
    let sim = start().await;
    sim.clock().advance(Duration::from_secs(10 * 24 * 60 * 60));
    let fault = Fault::status(StatusCode::TOO_MANY_REQUESTS);
    sim.script(
        Route::Unknown,
        [fault.retry_after_date(Duration::from_secs(3600))],
    );

    let before = sim.clock().now();
    let answer = get_unknown(&sim).await;

    let date = answer.headers[header::RETRY_AFTER].to_str().unwrap();
    let date = httpdate::parse_http_date(date).unwrap();
    let wait = date.duration_since(before).unwrap();
    assert!((3599..=3610).contains(&wait.as_secs()), "{wait:?}");
}

#[tokio::test]
async fn a_gateway_error_has_the_gateway_s_envelope() {
    let sim = start().await;
    let fault = Fault::gateway(StatusCode::TOO_MANY_REQUESTS, "APIGW-403", "Unauthorized");
    sim.script(Route::Unknown, [fault]);

    let answer = get_unknown(&sim).await;

    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.detail().0, "APIGW-403");
}

#[tokio::test]
async fn a_pass_can_carry_another_body_and_still_take_effect() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    sim.script(Route::Token, [Fault::pass().body("not JSON")]);

    let answer = token(&sim, refresh_form(&tokens.refresh)).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, "not JSON");
    assert_eq!(sim.counters().refreshes, 1);
}

#[tokio::test]
async fn latency_holds_the_answer_back() {
    let sim = start().await;
    sim.script(
        Route::Unknown,
        [Fault::status(StatusCode::OK).after(Duration::from_millis(50))],
    );

    let before = tokio::time::Instant::now();
    let answer = get_unknown(&sim).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert!(before.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn an_endless_answer_goes_on_for_as_long_as_it_is_read() {
    let sim = start().await;
    sim.script(Route::Unknown, [Fault::endless(Duration::ZERO)]);
    let mut stream = connect(&sim).await;
    stream.write_all(UNKNOWN.as_bytes()).await.unwrap();

    let mut received = vec![0; 256 * 1024];
    within(stream.read_exact(&mut received)).await.unwrap();

    let head = String::from_utf8_lossy(&received[..256]).into_owned();
    assert!(head.starts_with("HTTP/1.1 200"));
    assert!(head.contains("application/json"));
    assert!(!head.contains("content-length"));
}

#[tokio::test]
async fn an_endless_answer_can_trickle() {
    let sim = start().await;
    let fault = Fault::endless(Duration::from_millis(10)).body("[");
    sim.script(Route::Unknown, [fault]);
    let mut stream = connect(&sim).await;
    stream.write_all(UNKNOWN.as_bytes()).await.unwrap();

    let before = tokio::time::Instant::now();
    let mut received = vec![0; 4 * 1024];
    within(stream.read_exact(&mut received)).await.unwrap();

    assert!(before.elapsed() >= Duration::from_millis(30));
    assert!(String::from_utf8_lossy(&received).contains("\r\n["));
}

#[tokio::test]
async fn a_garbage_body_is_noise_that_claims_to_be_json() {
    let sim = start().await;
    sim.script(Route::Unknown, [Fault::garbage_body()]);

    let answer = get_unknown(&sim).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap_err();
}
