//! The service that all processes ask, on a socket.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::sleep;

/// How long an answer takes whose path begins with `/slow`.
const SLOW: Duration = Duration::from_millis(300);

/// Answers with the version of what is asked for, as it was when it was asked for; a `POST` makes the
/// next. Where the path begins with `/held`, the first answer waits until it is let go; with
/// `/failing` it is a 503 then; with `/private` no answer may be stored.
#[derive(Debug)]
pub(crate) struct Origin {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    paths: Mutex<HashMap<String, Path>>,
    are_let_go: watch::Sender<bool>,
}

/// What is known of a path.
#[derive(Clone, Copy, Debug, Default)]
struct Path {
    version: u64,
    reads: u64,
}

impl Origin {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            paths: Mutex::default(),
            are_let_go: watch::Sender::new(false),
        });
        tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { address, state }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns how often a path was asked for.
    pub(crate) fn reads(&self, path: &str) -> u64 {
        let paths = self.state.paths.lock().unwrap();
        paths.get(path).copied().unwrap_or_default().reads
    }

    /// Lets go what is held.
    pub(crate) fn let_go(&self) {
        self.state.are_let_go.send_replace(true);
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        let service = service_fn(move |request| {
            let state = Arc::clone(&state);
            async move { Ok::<_, Infallible>(state.answer(&request).await) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl State {
    async fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path();
        if request.method() == Method::POST {
            let version = self.note(path, |path| path.version += 1).version;
            return response(StatusCode::OK, "no-store", version);
        }
        let Path { version, reads } = self.note(path, |path| path.reads += 1);
        let way = path.split('/').nth(1).unwrap_or_default();
        match (way, reads) {
            ("slow", _) => sleep(SLOW).await,
            ("held" | "failing", 1) => {
                let mut are_let_go = self.are_let_go.subscribe();
                are_let_go.wait_for(|are| *are).await.unwrap();
            }
            _ => {}
        }
        match (way, reads) {
            ("failing", 1) => response(StatusCode::SERVICE_UNAVAILABLE, "no-store", version),
            ("private", _) => response(StatusCode::OK, "no-store", version),
            _ => response(StatusCode::OK, "max-age=3600", version),
        }
    }

    fn note(&self, path: &str, change: impl FnOnce(&mut Path)) -> Path {
        let mut paths = self.paths.lock().unwrap();
        let path = paths.entry(path.to_owned()).or_default();
        change(path);
        *path
    }
}

fn response(status: StatusCode, cache_control: &str, version: u64) -> Response<Full<Bytes>> {
    let response = Response::builder().status(status);
    let response = response.header("cache-control", cache_control);
    response.body(Full::from(version.to_string())).unwrap()
}
