//! An origin on a socket that writes just the bytes that a test wants.

use std::net::SocketAddr;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use tests::soon;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::case::{Ending, Ground, Reply};

/// What an origin does, one after another, once it has read a request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Writes this.
    Write(Vec<u8>),
    /// Goes on when there is a permit, which it takes.
    Wait(Arc<Semaphore>),
    /// Closes the connection; otherwise it reads the next request.
    Close,
}

impl Act {
    pub(crate) fn write(bytes: impl AsRef<[u8]>) -> Self {
        Self::Write(bytes.as_ref().to_vec())
    }
}

/// A request that reached the origin.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
}

/// An origin; dropped, it closes all its connections and its port.
#[derive(Debug)]
pub(crate) struct Origin {
    address: SocketAddr,
    seen: Arc<Seen>,
    listener: Option<TcpListener>,
    accepting: Option<JoinHandle<()>>,
}

/// What an origin sees; tests wait for changes.
#[derive(Debug, Default)]
struct Seen {
    asked: watch::Sender<Vec<Asked>>,
    /// Bytes of requests' bodies.
    received: watch::Sender<usize>,
    accepted: watch::Sender<usize>,
    open: watch::Sender<usize>,
}

impl Origin {
    /// Takes a port.
    pub(crate) async fn bind() -> Self {
        Self::bind_to("127.0.0.1:0".parse().unwrap()).await
    }

    pub(crate) async fn bind_to(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            listener: Some(listener),
            accepting: None,
        }
    }

    /// Begins to answer like this.
    pub(crate) fn answering(
        mut self,
        answer: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static,
    ) -> Self {
        let listener = self.listener.take().expect("it answers once");
        let answer: Arc<Answer> = Arc::new(answer);
        let accepting = accept(listener, Arc::clone(&self.seen), answer);
        self.accepting = Some(tokio::spawn(accepting));
        self
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn uri(&self) -> Uri {
        format!("http://{}", self.address).parse().unwrap()
    }

    /// Returns the requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.seen.asked.borrow().clone()
    }

    pub(crate) fn forget_asked(&self) {
        self.seen.asked.send_modify(Vec::clear);
    }

    pub(crate) async fn until_asked(&self, count: usize) {
        let mut asked = self.seen.asked.subscribe();
        soon(asked.wait_for(|asked| asked.len() >= count))
            .await
            .unwrap();
    }

    pub(crate) async fn until_received(&self, count: usize) {
        let mut received = self.seen.received.subscribe();
        soon(received.wait_for(|received| *received >= count))
            .await
            .unwrap();
    }

    /// Returns how many connections it has accepted.
    pub(crate) fn accepted(&self) -> usize {
        *self.seen.accepted.borrow()
    }

    /// Waits until the proxy has closed all connections.
    pub(crate) async fn until_all_closed(&self) {
        let mut open = self.seen.open.subscribe();
        soon(open.wait_for(|open| *open == 0)).await.unwrap();
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        if let Some(accepting) = &self.accepting {
            accepting.abort();
        }
    }
}

type Answer = dyn Fn(&Asked) -> Vec<Act> + Send + Sync;

async fn accept(listener: TcpListener, seen: Arc<Seen>, answer: Arc<Answer>) {
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        seen.accepted.send_modify(|count| *count += 1);
        seen.open.send_modify(|count| *count += 1);
        let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
        connections.spawn(async move {
            // None: the other side closed it.
            let _: Option<()> = converse(BufReader::new(stream), &seen, &*answer).await;
            seen.open.send_modify(|count| *count -= 1);
        });
    }
}

async fn converse(mut stream: BufReader<TcpStream>, seen: &Seen, answer: &Answer) -> Option<()> {
    loop {
        let asked = head(&mut stream).await?;
        let headers = asked.headers.clone();
        let acts = answer(&asked);
        seen.asked.send_modify(|all| all.push(asked));
        body(&mut stream, &headers, seen).await?;
        for act in acts {
            match act {
                Act::Write(bytes) => stream.write_all(&bytes).await.ok()?,
                Act::Wait(permits) => {
                    tokio::select! {
                        permit = permits.acquire() => permit.ok()?.forget(),
                        // The proxy writes no second request before the first is answered.
                        _ = stream.fill_buf() => return None,
                    }
                }
                Act::Close => return None,
            }
        }
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await.ok()?;
    Some(line.strip_suffix(b"\r\n")?.to_vec())
}

async fn head(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let first = String::from_utf8(line(stream).await?).unwrap();
    let (method, rest) = first.split_once(' ').unwrap();
    let (target, _) = rest.split_once(' ').unwrap();
    let mut headers = HeaderMap::new();
    loop {
        let line = line(stream).await?;
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|&byte| byte == b':').unwrap();
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        let name = HeaderName::from_bytes(name).unwrap();
        headers.append(name, HeaderValue::from_bytes(value).unwrap());
    }
    Some(Asked {
        method: method.parse().unwrap(),
        target: target.to_owned(),
        headers,
    })
}

/// Reads over a request's body.
async fn body(stream: &mut BufReader<TcpStream>, headers: &HeaderMap, seen: &Seen) -> Option<()> {
    let number = |text: &[u8], radix| {
        let text = std::str::from_utf8(text).unwrap();
        usize::from_str_radix(text, radix).unwrap()
    };
    if headers.contains_key("transfer-encoding") {
        loop {
            let length = number(&line(stream).await?, 16);
            skip(stream, length, seen).await?;
            line(stream).await?;
            if length == 0 {
                return Some(());
            }
        }
    }
    let length = headers.get("content-length");
    let length = length.map_or(0, |length| number(length.as_bytes(), 10));
    skip(stream, length, seen).await
}

async fn skip(stream: &mut BufReader<TcpStream>, length: usize, seen: &Seen) -> Option<()> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).await.ok()?;
    seen.received.send_modify(|count| *count += length);
    Some(())
}

/// Writes an answer of a case, to a request of this method.
pub(crate) fn wire(reply: &Reply, method: &Method, ground: &Ground) -> Vec<Act> {
    let Some((status, fields)) = reply.head(method, ground) else {
        return vec![Act::Close];
    };
    let is_chunked = matches!(reply.ending, Ending::Chunked | Ending::ShortOfChunks);
    let has_body = *method != Method::HEAD && !matches!(status.as_u16(), 204 | 304);
    let mut bytes = format!("HTTP/1.1 {} Scripted\r\n", status.as_u16()).into_bytes();
    for (name, value) in &fields {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    if is_chunked && has_body {
        bytes.extend(b"transfer-encoding: chunked\r\n");
    }
    bytes.extend(b"\r\n");
    if !has_body {
        return vec![Act::Write(bytes)];
    }
    if is_chunked && !reply.body.is_empty() {
        bytes.extend(format!("{:x}\r\n{}\r\n", reply.body.len(), reply.body).bytes());
    } else {
        bytes.extend(reply.body.bytes());
    }
    match reply.ending {
        Ending::Length => vec![Act::Write(bytes)],
        Ending::Chunked => vec![Act::Write([&bytes[..], b"0\r\n\r\n"].concat())],
        Ending::ShortOfLength | Ending::ShortOfChunks => vec![Act::Write(bytes), Act::Close],
    }
}
