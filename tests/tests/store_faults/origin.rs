//! The service that is asked: an answer is a function of its key and of the key's version.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, Uri};
use http_body_util::Full;
use tokio::time::sleep;
use tower::Service;

/// How many keys there are.
pub(crate) const KEYS: usize = 128;
/// How long an answer takes at least, and how much longer at most.
const TAKES: Duration = Duration::from_millis(10);
const SPREAD: Duration = Duration::from_millis(10);

/// Answers a `GET` with the version that its key has when it is asked; a `POST` makes the next, and
/// answers with that.
#[derive(Clone, Debug)]
pub(crate) struct Origin(Arc<Vec<AtomicU64>>);

impl Origin {
    pub(crate) fn new() -> Self {
        let versions = std::iter::repeat_with(AtomicU64::default).take(KEYS);
        Self(Arc::new(versions.collect()))
    }
}

impl Service<Request<Full<Bytes>>> for Origin {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        let key = key_of(request.uri());
        let version = if request.method() == Method::POST {
            self.0[key].fetch_add(1, SeqCst) + 1
        } else {
            self.0[key].load(SeqCst)
        };
        Box::pin(async move {
            sleep(TAKES + SPREAD.mul_f64(fastrand::f64())).await;
            let response = Response::builder().header("cache-control", "max-age=3600");
            Ok(response.body(Full::from(body(key, version))).unwrap())
        })
    }
}

pub(crate) fn request(method: Method, key: usize) -> Request<Full<Bytes>> {
    let request = Request::builder().method(method);
    let uri = format!("http://origin.example/{key}");
    request.uri(uri).body(Full::default()).unwrap()
}

fn key_of(uri: &Uri) -> usize {
    uri.path().trim_start_matches('/').parse().unwrap()
}

/// A body of a kilobyte or more that no other key or version has.
pub(crate) fn body(key: usize, version: u64) -> String {
    format!("{key} {version} ").repeat(128)
}

/// Returns the version that a body is of; `None` if it is not one of this key.
pub(crate) fn version(key: usize, of: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(of).ok()?;
    let version = text.split(' ').nth(1)?.parse().ok()?;
    (text == body(key, version)).then_some(version)
}
