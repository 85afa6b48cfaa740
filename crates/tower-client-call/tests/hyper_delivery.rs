//! What `Delivery::of` makes of hyper's errors, which only sockets bring forth.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
#![cfg(feature = "hyper")]

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tower_client_call::Delivery;

type Body = Full<Bytes>;

fn client(http2: bool) -> Client<HttpConnector, Body> {
    Client::builder(TokioExecutor::new())
        .http2_only(http2)
        .build_http()
}

/// Sends a POST to a server of one connection, and tells how its failure is understood.
async fn failure<F>(http2: bool, serve: impl FnOnce(TcpStream) -> F) -> Delivery
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap());
    let request = Request::post(uri).body(Body::from("order")).unwrap();
    let client = client(http2);
    let answer = tokio::spawn(async move { client.request(request).await });
    let (stream, _) = listener.accept().await.unwrap();
    let server = tokio::spawn(serve(stream));
    let answer = tokio::time::timeout(Duration::from_secs(10), answer).await;
    let error = answer.unwrap().unwrap().unwrap_err();
    server.abort();
    Delivery::of(&error)
}

#[tokio::test]
async fn a_port_that_refuses_was_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let request = Request::post(uri).body(Body::default()).unwrap();

    let error = client(false).request(request).await.unwrap_err();

    assert_eq!(Delivery::of(&error), Delivery::NotSent);
}

#[tokio::test]
async fn a_name_that_does_not_resolve_was_sent_nothing() {
    let request = Request::post("http://name.invalid/")
        .body(Body::default())
        .unwrap();

    let error = client(false).request(request).await.unwrap_err();

    assert_eq!(Delivery::of(&error), Delivery::NotSent);
}

/// Linux says "no route to host" of an established connection too, when its peer is lost.
#[tokio::test]
async fn a_connection_that_lost_its_route_may_have_delivered_the_request() {
    for how in [
        io::ErrorKind::HostUnreachable,
        io::ErrorKind::NetworkDown,
        io::ErrorKind::NetworkUnreachable,
        io::ErrorKind::ConnectionRefused,
        io::ErrorKind::AddrNotAvailable,
    ] {
        let lost = TokioIo::new(Lost {
            how,
            written: false,
            reader: None,
        });
        let connected = hyper::client::conn::http1::handshake(lost).await;
        let (mut sender, connection) = connected.unwrap();
        tokio::spawn(connection);
        let request = Request::post("/").body(Body::from("order")).unwrap();

        let error = sender.send_request(request).await.unwrap_err();

        assert_eq!(Delivery::of(&error), Delivery::MaybeSent, "{how:?}");
    }
}

/// A connection that takes what is written and then fails.
struct Lost {
    how: io::ErrorKind,
    written: bool,
    reader: Option<Waker>,
}

impl AsyncRead for Lost {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.written {
            return Poll::Ready(Err(self.how.into()));
        }
        self.reader = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl AsyncWrite for Lost {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.written = true;
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_connection_that_closed_after_the_request_may_have_got_it() {
    let delivery = failure(false, |mut stream| async move {
        let mut request = [0; 1024];
        assert!(stream.read(&mut request).await.unwrap() > 0);
    });

    assert_eq!(delivery.await, Delivery::MaybeSent);
}

#[tokio::test]
async fn an_answer_that_is_not_http_may_have_acted() {
    let delivery = failure(false, |mut stream| async move {
        let mut request = [0; 1024];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        stream.write_all(b"\xffnoise\r\n\r\n").await.unwrap();
    });

    assert_eq!(delivery.await, Delivery::MaybeSent);
}

#[tokio::test]
async fn a_request_on_a_connection_that_is_gone_was_not_sent() {
    let (near, far) = tokio::io::duplex(1024);
    let handshake = hyper::client::conn::http1::handshake::<_, Body>(TokioIo::new(near));
    let (mut sender, connection) = handshake.await.unwrap();
    drop((connection, far));

    let error = sender
        .send_request(Request::new(Body::default()))
        .await
        .unwrap_err();

    assert_eq!(Delivery::of(&error), Delivery::NotSent);
}

const SETTINGS: u8 = 4;
const RST_STREAM: u8 = 3;
const GOAWAY: u8 = 7;
const HEADERS: u8 = 1;

fn frame(kind: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, 0]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// An HTTP/2 server that answers the first request's HEADERS with this frame.
async fn answer_with(mut stream: TcpStream, answer: Vec<u8>) {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await.unwrap();
    stream.write_all(&frame(SETTINGS, 0, &[])).await.unwrap();
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        stream.read_exact(&mut payload).await.unwrap();
        if head[3] == HEADERS {
            break;
        }
    }
    stream.write_all(&answer).await.unwrap();
    // Stays open: only the frame may tell.
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn http2_says_which_requests_it_did_not_process() {
    let reset = |code: u32| frame(RST_STREAM, 1, &code.to_be_bytes());
    let go_away = |code: u32| {
        let mut payload = 0_u32.to_be_bytes().to_vec();
        payload.extend(code.to_be_bytes());
        frame(GOAWAY, 0, &payload)
    };
    const NO_ERROR: u32 = 0;
    const INTERNAL_ERROR: u32 = 2;
    const REFUSED_STREAM: u32 = 7;
    const CANCEL: u32 = 8;
    for (answer, delivery) in [
        (reset(REFUSED_STREAM), Delivery::NotSent),
        (reset(CANCEL), Delivery::MaybeSent),
        (reset(INTERNAL_ERROR), Delivery::MaybeSent),
        (go_away(NO_ERROR), Delivery::NotSent),
        (go_away(INTERNAL_ERROR), Delivery::MaybeSent),
    ] {
        let shown = format!("{answer:?}");

        let seen = failure(true, |stream| answer_with(stream, answer)).await;

        assert_eq!(seen, delivery, "{shown}");
    }
}
