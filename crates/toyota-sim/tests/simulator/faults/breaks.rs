//! Connections that break, before an answer or in the midst of it.

use std::{fmt::Write as _, io};

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use toyota_sim::{Fault, Route, Simulator};

use super::{UNKNOWN, connect_http_2, exchange_raw, get_unknown};
use crate::support::{
    api_headers, credentials, log_in, refresh_form, start, token, token_request, within,
};

#[tokio::test]
async fn a_reset_before_the_body_is_read_takes_no_effect() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    sim.script(Route::Token, [Fault::reset_before_read()]);

    let error = post_refresh_raw(&sim, &tokens.refresh).await.unwrap_err();
    let retry = token(&sim, refresh_form(&tokens.refresh)).await;

    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(retry.status, StatusCode::OK);
    assert_eq!(sim.counters().refreshes, 1);
    let requests = sim.requests();
    let reset = requests
        .iter()
        .rfind(|request| request.body().is_empty() && request.route() == Route::Token);
    assert!(reset.is_some());
}

#[tokio::test]
async fn a_reset_after_the_body_is_read_leaves_its_effect() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    sim.script(Route::Token, [Fault::reset_after_read()]);

    let error = post_refresh_raw(&sim, &tokens.refresh).await.unwrap_err();
    let retry = token(&sim, refresh_form(&tokens.refresh)).await;

    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(retry.json()["error"], "invalid_grant");
    assert_eq!(sim.counters().refreshes, 1);
    assert_eq!(sim.counters().refresh_reuses_detected, 1);
}

#[tokio::test]
async fn a_truncated_answer_stops_half_way() {
    let sim = start().await;
    let whole = get_unknown(&sim).await.body;
    sim.script(Route::Unknown, [Fault::truncated()]);

    let received = exchange_raw(&sim, UNKNOWN).await.unwrap();

    let received = String::from_utf8(received).unwrap();
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}", whole.len())));
    assert_eq!(body.len(), whole.len() / 2);
}

#[tokio::test]
async fn a_truncated_list_is_truncated_over_http_2_too() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    sim.script(Route::Vehicles, [Fault::truncated()]);
    let mut client = connect_http_2(&sim).await;
    let mut request = Request::get(format!("{}/v2/vehicle/guid", sim.api_url()))
        .body(Full::default())
        .unwrap();
    *request.headers_mut() = api_headers(&sim, &tokens.access);

    let answer = async { client.send_request(request).await?.collect().await };

    within(answer).await.unwrap_err();
    within(client.ready()).await.unwrap_err();
}

#[tokio::test]
async fn a_reset_over_http_2_ends_the_connection() {
    let sim = start().await;
    let mut client = connect_http_2(&sim).await;
    let url = format!("{}/nowhere", sim.api_url());
    let request = || Request::get(&url).body(Full::default()).unwrap();
    let before: Response<Incoming> = within(client.send_request(request())).await.unwrap();
    sim.script(Route::Unknown, [Fault::reset_after_read()]);

    within(client.send_request(request())).await.unwrap_err();

    assert_eq!(before.status(), StatusCode::FORBIDDEN);
    within(client.ready()).await.unwrap_err();
}

#[tokio::test]
async fn a_garbage_wire_has_no_http_on_it() {
    let sim = start().await;
    sim.script(Route::Unknown, [Fault::garbage_wire()]);

    let received = exchange_raw(&sim, UNKNOWN).await.unwrap();

    assert_eq!(received.len(), 513);
    assert_eq!(received[0], 0xff);
    assert!(!String::from_utf8_lossy(&received).contains("HTTP/1.1"));
}

#[tokio::test]
async fn connections_can_be_reset_as_they_come() {
    let sim = start().await;
    sim.reset_next_connections(2);

    for _ in 0..2 {
        let error = exchange_raw(&sim, UNKNOWN).await.unwrap_err();
        assert!(
            matches!(
                error.kind(),
                io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
            ),
            "{error:?}"
        );
    }
    let answer = get_unknown(&sim).await;

    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(sim.counters().connections_accepted, 3);
    assert_eq!(sim.counters().requests_total(), 1);
}

async fn post_refresh_raw(sim: &Simulator, refresh: &str) -> io::Result<Vec<u8>> {
    let request = token_request(sim, &credentials(sim), refresh_form(refresh));
    let (head, body) = request.into_parts();
    let body = within(body.collect()).await.unwrap().to_bytes();
    let mut text = format!(
        "POST {} HTTP/1.1\r\nhost: sim\r\ncontent-length: {}\r\n",
        head.uri.path(),
        body.len()
    );
    for (name, value) in &head.headers {
        write!(text, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
    }
    text.push_str("\r\n");
    text.push_str(std::str::from_utf8(&body).unwrap());
    exchange_raw(sim, &text).await
}
