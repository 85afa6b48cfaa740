//! Origins that fail, and clients that leave.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{OK, before, before_bytes};
use crate::sockets::client::{Client, Raw};
use crate::sockets::origin::{Act, Origin};
use crate::sockets::stage::Stage;

#[tokio::test]
async fn an_origin_that_is_down_is_told_of_until_it_is_back() {
    let origin = Origin::bind().await;
    let address = origin.address();
    let mut stage = Stage::private(origin).await;
    let mut client = Client::connect(stage.address).await;
    // Nobody has answered there yet, and now nobody listens.
    drop(std::mem::replace(&mut stage.origin, Origin::bind().await));

    let (head, body) = client.get("/").await;
    assert_eq!(head.status, 502);
    let text = String::from_utf8(body.to_vec()).unwrap();
    let expected = format!("the origin http://{address}/ did not answer: ");
    assert!(text.starts_with(&expected), "{text}");
    assert!(text.contains("Connection refused"), "{text}");

    stage.origin = Origin::bind_to(address)
        .await
        .answering(|_| vec![Act::write(OK)]);
    let (head, _) = client.get("/").await;
    assert_eq!(head.status, 200);
}

#[tokio::test]
async fn an_origin_that_closes_without_an_answer_is_told_of() {
    let stage = before(|_| vec![Act::Close]).await;

    let (head, body) = Client::connect(stage.address).await.get("/").await;

    assert_eq!(head.status, 502);
    assert!(
        body.starts_with(b"the origin http://127.0.0.1:"),
        "{body:?}"
    );
}

#[tokio::test]
async fn an_origin_that_speaks_something_else_is_told_of() {
    let stage = before_bytes("220 mail.example ESMTP\r\n").await;

    let (head, _) = Client::connect(stage.address).await.get("/").await;

    assert_eq!(head.status, 502);
}

#[tokio::test]
async fn an_answer_that_breaks_off_does_so_for_the_client_and_is_not_stored() {
    for (framing, begin) in [
        ("content-length: 6", "one"),
        ("transfer-encoding: chunked", "3\r\none\r\n"),
    ] {
        let head = format!("HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\n{framing}\r\n\r\n");
        let stage = before(move |_| vec![Act::write(format!("{head}{begin}")), Act::Close]).await;

        for asked in 1..=2 {
            let mut client = Raw::connect(stage.address).await;
            client.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
            client.head().await;

            assert_eq!(client.rest().await, begin.replace("\r\n", "\n"));
            assert_eq!(stage.origin.asked().len(), asked);
        }

        assert_eq!(stage.handle.size().await.unwrap().entries, 0);
    }
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_takes_its_request_along() {
    let never = Arc::new(Semaphore::new(0));
    let permits = Arc::clone(&never);
    let stage = before(move |asked| {
        let begin = "HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\ncontent-length: 6\r\n\r\none";
        match &*asked.target {
            "/begun" => vec![Act::write(begin), Act::Wait(Arc::clone(&permits))],
            _ => vec![Act::Wait(Arc::clone(&permits))],
        }
    })
    .await;
    let mut leaving = [
        Raw::connect(stage.address).await,
        Raw::connect(stage.address).await,
    ];
    leaving[0]
        .write("GET /begun HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    leaving[0].until("one").await;
    leaving[1]
        .write("GET /silent HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    stage.origin.until_asked(2).await;

    drop(leaving);

    stage.origin.until_all_closed().await;
    assert_eq!(stage.handle.size().await.unwrap().entries, 0);
    assert_eq!(stage.handle.stats().in_flight, 0);
}
