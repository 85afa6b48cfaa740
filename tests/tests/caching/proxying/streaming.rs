//! Bodies that pass through while they arrive.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use tests::soon;
use tokio::sync::Semaphore;

use super::{OK, before, before_bytes};
use crate::sockets::client::{Client, Raw};
use crate::sockets::origin::Act;

#[tokio::test]
async fn an_answer_passes_before_it_is_complete() {
    for cache_control in ["max-age=60", "no-store"] {
        let held = Arc::new(Semaphore::new(0));
        let permits = Arc::clone(&held);
        let begin = format!(
            "HTTP/1.1 200 OK\r\ncache-control: {cache_control}\r\n\
            transfer-encoding: chunked\r\n\r\n3\r\none\r\n"
        );
        let stage = before(move |_| {
            let end = Act::write("3\r\ntwo\r\n0\r\n\r\n");
            vec![Act::write(&begin), Act::Wait(Arc::clone(&permits)), end]
        })
        .await;
        let mut client = Raw::connect(stage.address).await;

        client.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
        client.until("3\r\none\r\n").await;
        held.add_permits(1);

        assert_eq!(client.until("0\r\n\r\n").await, "3\ntwo\n0\n\n");
    }
}

#[tokio::test]
async fn a_request_passes_before_it_is_complete() {
    let stage = before_bytes(OK).await;
    let mut client = Raw::connect(stage.address).await;

    client
        .write("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n")
        .await;
    stage.origin.until_received(3).await;
    client.write("3\r\ntwo\r\n0\r\n\r\n").await;

    let head = client.head().await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    stage.origin.until_received(6).await;
}

#[tokio::test]
async fn a_client_that_waits_until_its_body_is_wanted_is_told() {
    let stage = before_bytes(OK).await;
    let mut client = Raw::connect(stage.address).await;

    client
        .write("PUT / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n")
        .await;
    assert_eq!(client.head().await, "HTTP/1.1 100 Continue\n\n");
    client.write("one").await;

    let head = client.head().await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    stage.origin.until_received(3).await;
}

#[tokio::test]
async fn a_long_request_passes_as_it_is() {
    const LENGTH: usize = 8 << 20;
    let stage = before_bytes(OK).await;
    let mut client = Client::connect(stage.address).await;

    let request = Request::put("/")
        .body(Full::new(Bytes::from(vec![7; LENGTH])))
        .unwrap();
    let (head, _) = client.whole(request).await.unwrap();

    assert_eq!(head.status, 200);
    stage.origin.until_received(LENGTH).await;
    assert_eq!(
        stage.origin.asked()[0].headers["content-length"],
        LENGTH.to_string()
    );
}

#[tokio::test]
async fn an_answer_passes_that_is_too_long_to_be_stored() {
    const PIECE: usize = 1 << 20;
    const PIECES: usize = 64;
    for is_chunked in [true, false] {
        let stage = before(move |_| {
            let framing = if is_chunked {
                "transfer-encoding: chunked".to_owned()
            } else {
                format!("content-length: {}", PIECE * PIECES)
            };
            let head = format!("HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\n{framing}\r\n\r\n");
            let pieces = (0..).take(PIECES).map(|number| {
                let piece = vec![number; PIECE];
                Act::Write(if is_chunked {
                    [format!("{PIECE:x}\r\n").as_bytes(), &piece, b"\r\n"].concat()
                } else {
                    piece
                })
            });
            let end = Act::write(if is_chunked { "0\r\n\r\n" } else { "" });
            std::iter::once(Act::write(head))
                .chain(pieces)
                .chain([end])
                .collect()
        })
        .await;
        let mut client = Client::connect(stage.address).await;

        let request = Request::get("/").body(Full::default()).unwrap();
        let mut body = client.send(request).await.unwrap().into_body();
        let mut length = 0;
        while let Some(frame) = soon(body.frame()).await {
            let data = frame.unwrap().into_data().unwrap();
            for (at, byte) in (length..).zip(&data) {
                assert_eq!(usize::from(*byte), at / PIECE);
            }
            length += data.len();
        }

        assert_eq!(length, PIECE * PIECES);
        assert_eq!(stage.handle.size().await.unwrap().entries, 0);
    }
}
