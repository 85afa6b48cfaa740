//! Connections on both sides, and requests that are under way at once.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tests::soon;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::{OK, before, before_bytes};
use crate::sockets::client::{Client, Raw};
use crate::sockets::origin::Act;

#[tokio::test]
async fn connections_are_kept_on_both_sides() {
    let stage = before_bytes(OK).await;
    let mut client = Raw::connect(stage.address).await;

    for _ in 0..10 {
        client
            .write("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n")
            .await;
        client.head().await;
    }

    assert_eq!(stage.origin.asked().len(), 10);
    // A request may be faster than the last one's connection is back.
    assert!(stage.origin.accepted() <= 2);
}

#[tokio::test]
async fn a_connection_to_the_origin_is_closed_when_it_was_idle_for_two_seconds() {
    let stage = before_bytes(OK).await;
    Client::connect(stage.address).await.get("/").await;
    let begin = Instant::now();

    stage.origin.until_all_closed().await;

    let idle = begin.elapsed();
    assert!(idle > Duration::from_millis(1_900), "{idle:?}");
    assert!(idle < Duration::from_secs(10), "{idle:?}");
}

#[tokio::test]
async fn an_origin_that_never_answers_blocks_nobody_else() {
    let never = Arc::new(Semaphore::new(0));
    let stage = before(move |asked| match &*asked.target {
        "/never" => vec![Act::Wait(Arc::clone(&never))],
        _ => vec![Act::write(OK)],
    })
    .await;
    let mut waiting = Raw::connect(stage.address).await;
    waiting
        .write("GET /never HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    stage.origin.until_asked(1).await;

    for path in ["/a", "/b"] {
        let (head, _) = Client::connect(stage.address).await.get(path).await;
        assert_eq!(head.status, 200);
    }
}

#[tokio::test]
async fn a_thousand_misses_at_once_are_one_request() {
    const CONNECTIONS: usize = 8;
    const CALLS_OF_EACH: usize = 125;
    let held = Arc::new(Semaphore::new(0));
    let permits = Arc::clone(&held);
    let stage = before(move |asked| match &*asked.target {
        "/marker" => vec![Act::write(OK)],
        _ => vec![
            Act::Wait(Arc::clone(&permits)),
            Act::write(
                "HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\ncontent-length: 3\r\n\r\none",
            ),
        ],
    })
    .await;

    let mut calls = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let mut client = http2(stage.address).await;
        for _ in 0..CALLS_OF_EACH {
            let answer = client.send_request(ask("/one"));
            calls.spawn(async move {
                let body = answer.await.unwrap().into_body();
                body.collect().await.unwrap().to_bytes()
            });
        }
        // Its frames came last, so the proxy has begun with all others.
        soon(client.send_request(ask("/marker"))).await.unwrap();
    }
    held.add_permits(1);
    let bodies = soon(calls.join_all()).await;

    assert_eq!(bodies.len(), CONNECTIONS * CALLS_OF_EACH);
    assert!(bodies.iter().all(|body| body == "one"));
    let asked = stage.origin.asked();
    let count = asked.iter().filter(|asked| asked.target == "/one").count();
    assert_eq!(count, 1);
    assert_eq!(stage.handle.stats().collapsed, 999);
}

#[tokio::test]
async fn an_end_lets_exchanges_end_that_have_begun() {
    let held = Arc::new(Semaphore::new(0));
    let permits = Arc::clone(&held);
    let mut stage = before(move |_| {
        let begin = Act::write("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\none");
        vec![begin, Act::Wait(Arc::clone(&permits)), Act::write("two")]
    })
    .await;
    let mut client = Raw::connect(stage.address).await;
    let mut idle = Raw::connect(stage.address).await;
    client.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    client.until("one").await;

    stage.end();
    assert_eq!(idle.rest().await, "");
    held.add_permits(1);

    assert_eq!(client.rest().await, "two");
    soon(&mut stage.serving).await.unwrap();
    assert!(TcpStream::connect(stage.address).await.is_err());
}

async fn http2(address: std::net::SocketAddr) -> SendRequest<Full<Bytes>> {
    let stream = TcpStream::connect(address).await.unwrap();
    let io = TokioIo::new(stream);
    let (client, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    client
}

fn ask(path: &str) -> Request<Full<Bytes>> {
    let uri = format!("http://proxy.example{path}");
    Request::get(uri).body(Full::default()).unwrap()
}
