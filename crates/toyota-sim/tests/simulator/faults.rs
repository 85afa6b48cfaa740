use std::{fmt::Write as _, io, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use toyota_sim::{Fault, Route, Simulator};

use crate::support::{
    Answer, Login, api_headers, credentials, get, log_in, refresh_form, start, token,
    token_request, within,
};

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

#[tokio::test]
async fn random_faults_come_back_with_their_seed() {
    let failures = async || {
        let sim = within(Simulator::builder().seed(5).start()).await.unwrap();
        sim.fail_randomly(Route::Unknown, 0.5, Fault::status(StatusCode::BAD_GATEWAY))
            .unwrap();
        let mut failures = Vec::new();
        for _ in 0..16 {
            failures.push(get_unknown(&sim).await.status == StatusCode::BAD_GATEWAY);
        }
        failures
    };

    let first = failures().await;

    assert_eq!(first, failures().await);
    assert!(first.contains(&true));
    assert!(first.contains(&false));
}

#[tokio::test]
async fn what_is_no_probability_is_refused() {
    let sim = start().await;

    let refused = sim.fail_randomly(Route::Unknown, 1.5, Fault::pass());

    assert_eq!(
        refused.unwrap_err().to_string(),
        "a probability lies between 0 and 1, but 1.5 does not"
    );
}

#[tokio::test]
async fn cleared_faults_are_gone() {
    let sim = start().await;
    sim.script(Route::Unknown, [Fault::status(StatusCode::BAD_GATEWAY)]);
    sim.fail_randomly(Route::Unknown, 1.0, Fault::status(StatusCode::BAD_GATEWAY))
        .unwrap();
    sim.reset_next_connections(1);

    sim.clear_faults();

    assert_eq!(get_unknown(&sim).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_refused() {
    let sim = start().await;
    let mut login = Login::new(&sim);

    let answer = login
        .post(&json!({"authId": "x".repeat(1024 * 1024)}))
        .await;

    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn text_that_is_no_http_harms_nobody() {
    let sim = start().await;

    for nonsense in [
        "\0\0\0\0\r\n\r\n",
        "GET\r\n\r\n",
        "\u{7f}PRI * HTTP/9\r\n\r\n",
    ] {
        // An error and an answer are both fine.
        let _: io::Result<Vec<u8>> = exchange_raw(&sim, nonsense).await;
    }

    assert_eq!(get_unknown(&sim).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn no_status_takes_the_simulator_down() {
    let sim = start().await;
    for status in [100, 101, 199, 204, 205, 304, 599, 999] {
        let fault = Fault::status(StatusCode::from_u16(status).unwrap()).body("body");
        sim.script(Route::Unknown, [fault.clone(), fault]);

        // Not every status can be sent with a body, or at all.
        let close = "GET /nowhere HTTP/1.1\r\nhost: sim\r\nconnection: close\r\n\r\n";
        let _: io::Result<Vec<u8>> = exchange_raw(&sim, close).await;
        let mut client = connect_http_2(&sim).await;
        let request = Request::get(format!("{}/nowhere", sim.api_url()));
        let request = request.body(Full::default()).unwrap();
        let _: hyper::Result<Response<Incoming>> = within(client.send_request(request)).await;
    }

    assert_eq!(sim.counters().requests(Route::Unknown), 16);
    assert_eq!(get_unknown(&sim).await.status, StatusCode::FORBIDDEN);
}

const UNKNOWN: &str = "GET /nowhere HTTP/1.1\r\nhost: sim\r\n\r\n";

async fn get_unknown(sim: &Simulator) -> Answer {
    get(sim, "/nowhere", http::HeaderMap::new()).await
}

async fn connect(sim: &Simulator) -> TcpStream {
    let address = sim.api_url().trim_start_matches("http://");
    within(TcpStream::connect(address)).await.unwrap()
}

/// Sends text and reads until the simulator closes the connection.
async fn exchange_raw(sim: &Simulator, text: &str) -> io::Result<Vec<u8>> {
    let mut stream = connect(sim).await;
    let mut received = Vec::new();
    within(async {
        stream.write_all(text.as_bytes()).await?;
        stream.read_to_end(&mut received).await
    })
    .await?;
    Ok(received)
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

async fn connect_http_2(sim: &Simulator) -> http2::SendRequest<Full<Bytes>> {
    let io = TokioIo::new(connect(sim).await);
    let (client, connection) = within(http2::handshake(TokioExecutor::new(), io))
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}
