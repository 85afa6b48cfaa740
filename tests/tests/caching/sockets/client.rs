//! Clients of the proxy: one that reads HTTP, and one that reads and writes bytes.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tests::soon;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A client with one connection, which it makes anew when it was closed.
#[derive(Debug)]
pub(crate) struct Client {
    address: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let sender = handshake(address).await;
        Self { address, sender }
    }

    /// Sends a request; nothing comes back if the connection is closed without an answer.
    pub(crate) async fn send(
        &mut self,
        mut request: Request<Full<Bytes>>,
    ) -> Option<Response<Incoming>> {
        let host = HeaderValue::from_static("proxy.example");
        request.headers_mut().insert("host", host);
        if self.sender.ready().await.is_err() {
            self.sender = handshake(self.address).await;
        }
        soon(self.sender.send_request(request)).await.ok()
    }

    /// Sends a request and reads the whole answer; its body is nothing if it is broken off.
    pub(crate) async fn whole(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Option<(response::Parts, Option<Bytes>)> {
        let (head, body) = self.send(request).await?.into_parts();
        let body = soon(body.collect()).await.ok();
        Some((head, body.map(|body| body.to_bytes())))
    }

    /// Asks for a path, and reads an answer that has to be whole.
    pub(crate) async fn get(&mut self, path: &str) -> (response::Parts, Bytes) {
        let request = Request::get(path).body(Full::default()).unwrap();
        let (head, body) = self.whole(request).await.expect("an answer");
        (head, body.expect("a whole body"))
    }
}

async fn handshake(address: SocketAddr) -> SendRequest<Full<Bytes>> {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// A client that writes and reads bytes.
#[derive(Debug)]
pub(crate) struct Raw {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Raw {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let read = Vec::new();
        Self { stream, read }
    }

    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Reads until something has come, and returns all to its end: an answer's head up to the empty
    /// line, a body up to what ends it.
    pub(crate) async fn until(&mut self, end: &str) -> String {
        loop {
            let found = find(&self.read, end.as_bytes());
            if let Some(start) = found {
                let rest = self.read.split_off(start + end.len());
                let text = std::mem::replace(&mut self.read, rest);
                return text.escape_ascii().to_string().replace("\\r\\n", "\n");
            }
            let read = soon(self.stream.read_buf(&mut self.read)).await.unwrap();
            assert!(
                read > 0,
                "closed after {:?}",
                self.read.escape_ascii().to_string()
            );
        }
    }

    /// Reads an answer's head.
    pub(crate) async fn head(&mut self) -> String {
        self.until("\r\n\r\n").await
    }

    /// Reads to the end of the connection.
    pub(crate) async fn rest(&mut self) -> String {
        while soon(self.stream.read_buf(&mut self.read))
            .await
            .unwrap_or(0)
            > 0
        {}
        let text = std::mem::take(&mut self.read);
        text.escape_ascii().to_string().replace("\\r\\n", "\n")
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
