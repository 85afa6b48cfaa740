//! The connections: hyper-util's pooled client over TLS, with proxies, bounds and decompression.

mod dial;
mod tls;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use pin_project_lite::pin_project;
use rustls::pki_types::CertificateDer;
use tokio::net::TcpStream;
use tower::timeout::Timeout;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Service};
use tower_http::decompression::{self, Decompression, DecompressionBody};

use self::dial::Dial;
pub use self::tls::TlsError;
use crate::Body;

/// More than any answer of the service; a hostile one stops here.
const MAX_HEAD_BYTES: u32 = 64 * 1024;

/// One account sends one request at a time; this is for many accounts.
const MAX_IDLE_PER_HOST: usize = 32;

/// Boxed because the pool wants futures that can move; one box per connection is nothing.
type Connector = BoxCloneSyncService<Uri, MaybeHttpsStream<TokioIo<TcpStream>>, BoxError>;
type Client = legacy::Client<Connector, Body>;

/// A pooled HTTP/1.1 and HTTP/2 client: the bottom of the stack.
///
/// - TLS by rustls with ring, verified by the platform's trust store, which is read at the first
///   handshake and not before. The protocol is chosen by ALPN.
/// - `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` as curl reads them; `https` requests go through an
///   `http://` proxy by `CONNECT`. Plain `http` is for loopback and goes there directly.
/// - Connecting (name, TCP, proxy, TLS) is bounded in time, idle connections are closed, and the
///   head of an answer is bounded in size. Time for the answer is the caller's to bound.
/// - Bodies come decompressed (gzip, br). Redirects are not followed.
///
/// Clones share one pool and are cheap.
///
/// ```
/// use toyota_client::Transport;
///
/// let transport = Transport::builder()
///     .connect_timeout(std::time::Duration::from_secs(5))
///     .build()?;
/// # Ok::<_, toyota_client::TlsError>(())
/// ```
#[derive(Clone)]
pub struct Transport {
    inner: Decompression<Client>,
}

/// Sets up a [`Transport`].
#[derive(Clone, Debug)]
#[must_use]
pub struct TransportBuilder {
    connect_timeout: Duration,
    idle_timeout: Duration,
    roots: Vec<CertificateDer<'static>>,
}

impl Transport {
    /// Returns a builder: 10 s to connect, 30 s of idleness.
    pub fn builder() -> TransportBuilder {
        TransportBuilder {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            roots: Vec::new(),
        }
    }
}

impl TransportBuilder {
    /// Sets how long a connection may take to come up, TLS included.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets after how long an idle connection is closed.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Trusts one more root certificate, beside the platform's.
    pub fn root_certificate(mut self, certificate: CertificateDer<'static>) -> Self {
        self.roots.push(certificate);
        self
    }

    /// Creates the transport. Opens no connection and reads no file.
    ///
    /// # Errors
    ///
    /// [`TlsError`] when an added root is not a certificate.
    pub fn build(self) -> Result<Transport, TlsError> {
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls::config(self.roots)?)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(Dial::from_env());
        let client = legacy::Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle_timeout)
            .pool_max_idle_per_host(MAX_IDLE_PER_HOST)
            .http1_max_buf_size(MAX_HEAD_BYTES as usize)
            .http2_max_header_list_size(MAX_HEAD_BYTES)
            .http2_adaptive_window(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .build(BoxCloneSyncService::new(Timeout::new(
                connector,
                self.connect_timeout,
            )));
        Ok(Transport {
            inner: Decompression::new(client),
        })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

impl Service<Request<Body>> for Transport {
    type Response = Response<DecompressionBody<Incoming>>;
    type Error = legacy::Error;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), legacy::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> ResponseFuture {
        ResponseFuture {
            inner: self.inner.call(request),
        }
    }
}

pin_project! {
    /// Response future of [`Transport`].
    pub struct ResponseFuture {
        #[pin]
        inner: decompression::ResponseFuture<legacy::ResponseFuture>,
    }
}

impl fmt::Debug for ResponseFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

impl Future for ResponseFuture {
    type Output = Result<Response<DecompressionBody<Incoming>>, legacy::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().inner.poll(cx)
    }
}
