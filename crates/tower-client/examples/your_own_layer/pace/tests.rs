//! What the layer owes to its callers and to the service below.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use tokio::time::timeout;
use tower::ServiceExt;
use tower_client::call::{Deadline, Delivery, DeliveryError, Operation};

use super::*;

const INTERVAL: Duration = Duration::from_millis(100);

#[tokio::test(start_paused = true)]
async fn the_instance_that_was_polled_ready_is_the_one_that_is_called() {
    let mut service = PaceLayer::new(INTERVAL, |_| {}).layer(Strict::default());
    let started = Instant::now();

    let first = service.ready().await.unwrap().call(request());
    let second = service.ready().await.unwrap().call(request());
    let (first, second) = tokio::join!(first, second);

    assert!(first.is_ok() && second.is_ok());
    assert_eq!(started.elapsed(), INTERVAL);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_too_late_is_not_sent_and_says_so() {
    let mut service = PaceLayer::new(INTERVAL, |_| {}).layer(Strict::default());
    let first = service.ready().await.unwrap().call(request());
    first.await.unwrap();
    let mut hasty = request();
    let soon = Deadline::within(INTERVAL / 2);
    hasty.extensions_mut().insert(soon);
    let started = Instant::now();

    let refused = service.ready().await.unwrap().call(hasty).await;

    let error = refused.unwrap_err();
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(Delivery::of(&*error), Delivery::NotSent);
    assert_eq!(DeliveryError::wait_of(&*error), Some(INTERVAL));
    assert!(!service.inner.is_ready, "what was readied is given back");
}

#[tokio::test(start_paused = true)]
async fn how_each_request_ended_is_reported() {
    let reports = Arc::new(Mutex::new(Vec::new()));
    let reported = Arc::clone(&reports);
    let report = move |seen: &Seen<'_>| reported.lock().unwrap().push(seen.to_string());
    let service = PaceLayer::new(INTERVAL, report).layer(Strict::default());
    let mut request = request();
    request
        .extensions_mut()
        .insert(Operation::new("trip", "/v1/trips/{id}"));

    for _ in 0..2 {
        service.clone().oneshot(request.clone()).await.unwrap();
    }

    let expected = [
        "trip, nobody's, attempt 1, waited 0 ms: 200",
        "trip, nobody's, attempt 1, waited 100 ms: 200",
    ];
    assert_eq!(*reports.lock().unwrap(), expected);
}

#[tokio::test(start_paused = true)]
async fn who_leaves_before_the_turn_has_sent_nothing_and_is_not_reported() {
    let reports = Arc::new(AtomicU32::new(0));
    let reported = Arc::clone(&reports);
    let report = move |_: &Seen<'_>| {
        reported.fetch_add(1, Relaxed);
    };
    let below = Strict::default();
    let service = PaceLayer::new(INTERVAL, report).layer(below.clone());
    service.clone().oneshot(request()).await.unwrap();

    let left = timeout(INTERVAL / 2, service.oneshot(request())).await;

    assert!(left.is_err());
    assert_eq!(below.calls.load(Relaxed), 1);
    assert_eq!(reports.load(Relaxed), 1);
}

fn request() -> Request<()> {
    Request::new(())
}

/// Panics unless it is polled ready before each call. A clone is not ready.
#[derive(Debug, Default)]
struct Strict {
    is_ready: bool,
    calls: Arc<AtomicU32>,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self {
            is_ready: false,
            calls: Arc::clone(&self.calls),
        }
    }
}

impl Service<Request<()>> for Strict {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        assert!(mem::take(&mut self.is_ready), "called before it was ready");
        self.calls.fetch_add(1, Relaxed);
        ready(Ok(Response::new(())))
    }
}
