//! What is measured, for a Prometheus to scrape while a command runs.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use toyota_client::metrics::{Format, Registry};

/// Whoever scrapes needs one; more wait.
const MOST_CONNECTIONS: usize = 8;
/// A scrape takes milliseconds. Prometheus gives up after ten seconds by default: who dawdles
/// must not keep it waiting so long.
const LONGEST_HEAD: Duration = Duration::from_secs(2);
const LONGEST_CONNECTION: Duration = Duration::from_secs(5);
const LARGEST_HEAD: usize = 16 * 1024;

/// Serves `/metrics` until it is dropped.
#[derive(Debug)]
pub(crate) struct Scrape {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Scrape {
    pub(crate) async fn serve(address: SocketAddr, registry: Registry) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self {
            address: listener.local_addr()?,
            accepting: tokio::spawn(accept(listener, registry)),
        })
    }

    /// Returns where it is served: the port is known now, even if any was asked for.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/metrics", self.address)
    }
}

impl Drop for Scrape {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, registry: Registry) {
    let free = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    // The semaphore is never closed.
    while let Ok(place) = Arc::clone(&free).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of sockets, or the caller is gone already: the next may come through.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let registry = registry.clone();
        tokio::spawn(async move {
            // A scrape that breaks off is its sender's to notice.
            let _: Result<_, _> =
                tokio::time::timeout(LONGEST_CONNECTION, answer_on(stream, registry)).await;
            drop(place);
        });
    }
}

async fn answer_on(stream: TcpStream, registry: Registry) -> Result<(), hyper::Error> {
    let service = service_fn(|request| {
        let response = answer(&request, &registry);
        async { Ok::<_, Infallible>(response) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(LONGEST_HEAD)
        .max_buf_size(LARGEST_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await
}

fn answer<B>(request: &Request<B>, registry: &Registry) -> Response<Full<Bytes>> {
    if request.uri().path() != "/metrics" {
        return refusal(StatusCode::NOT_FOUND);
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED);
        let allowed = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(ALLOW, allowed);
        return response;
    }
    let accept = request.headers().get(ACCEPT);
    let format = Format::negotiate(accept.and_then(|value| value.to_str().ok()));
    let mut response = Response::new(registry.render(format).into());
    let content_type = HeaderValue::from_static(format.content_type());
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}
