//! What is sent to the simulator, or asked of it, and harms nobody.

use std::io;

use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use serde_json::json;
use toyota_sim::{Fault, Route};

use super::{connect_http_2, exchange_raw, get_unknown};
use crate::support::{Login, start, within};

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
