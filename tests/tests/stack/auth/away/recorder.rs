//! A server on another address family than the simulator's.

use std::convert::Infallible;
use std::net::{Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{HeaderMap, LOCATION};
use http::{Request, Response, StatusCode};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// Answers with a redirect where it was told to, else with nothing; keeps the heads of requests.
pub(super) struct Recorder {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    redirect: Option<String>,
    heads: Vec<HeaderMap>,
}

impl Recorder {
    /// Starts one on `[::1]`, if this machine has it.
    pub(super) async fn on_ipv6() -> Option<Self> {
        let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.ok()?;
        let recorder = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::default(),
        };
        tokio::spawn(serve(listener, Arc::clone(&recorder.state)));
        Some(recorder)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn redirect_once(&self, to: &str) {
        self.state.lock().unwrap().redirect = Some(to.to_owned());
    }

    /// Returns the head of the only request since the last time.
    pub(super) fn take_only(&self) -> HeaderMap {
        let mut heads = std::mem::take(&mut self.state.lock().unwrap().heads);
        assert_eq!(heads.len(), 1);
        heads.remove(0)
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        let service = service_fn(move |request: Request<Incoming>| {
            let answer = state.lock().unwrap().answer(request.headers());
            async move { Ok::<_, Infallible>(answer) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl State {
    fn answer(&mut self, head: &HeaderMap) -> Response<Empty<Bytes>> {
        self.heads.push(head.clone());
        let mut answer = Response::new(Empty::new());
        if let Some(to) = self.redirect.take() {
            *answer.status_mut() = StatusCode::FOUND;
            answer.headers_mut().insert(LOCATION, to.parse().unwrap());
        }
        answer
    }
}
