//! The client, over a service that answers once what it was told to.

use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use tokio::runtime::{Builder, Runtime};
use tower::Service;
use toyota_client::{Body, Clock, Config, ToyotaClient, Vin};

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
}

/// Waits for what needs no network and no time.
pub fn wait<T>(call: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(call))
}

/// A car.
pub fn vin() -> Vin {
    Vin::new("JTSIM00000PET0001").expect("a VIN")
}

/// A client whose first request is answered so, and all others by an empty object.
pub fn client(status: StatusCode, body: &[u8]) -> ToyotaClient<Once> {
    of(status, body, true)
}

/// A client whose requests are all answered so.
pub fn client_of_all(status: StatusCode, body: &[u8]) -> ToyotaClient<Once> {
    of(status, body, false)
}

fn of(status: StatusCode, body: &[u8], is_once: bool) -> ToyotaClient<Once> {
    let once = Once {
        status,
        body: Bytes::copy_from_slice(body),
        is_once,
        is_over: Arc::default(),
    };
    ToyotaClient::new(once, &Config::new())
        .by_clock(Clock::from_fn(|| {
            "2026-11-23T12:00:00Z".parse().expect("a time")
        }))
        .unmeasured()
}

/// Answers so once, or always.
#[derive(Clone)]
pub struct Once {
    status: StatusCode,
    body: Bytes,
    is_once: bool,
    is_over: Arc<AtomicBool>,
}

/// Shows nothing of what is answered.
impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").finish_non_exhaustive()
    }
}

impl Service<Request<Body>> for Once {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        let is_over = self.is_over.swap(self.is_once, Ordering::Relaxed);
        let mut response = if is_over {
            Response::new(Bytes::from_static(b"{}").into())
        } else {
            Response::new(self.body.clone().into())
        };
        if !is_over {
            *response.status_mut() = self.status;
        }
        ready(Ok(response))
    }
}
