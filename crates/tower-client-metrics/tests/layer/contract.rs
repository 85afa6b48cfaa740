//! What the service owes to those above and below it.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use http::Response;
use tower::buffer::BufferLayer;
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Layer, Service, ServiceBuilder, ServiceExt};
use tower_client_metrics::{
    AttemptMeter, CallBodyMeter, CallRecorder, Metrics, MetricsLayer, ResponseFuture, Typed,
};

use crate::book::{Book, CALLS, DURATION};
use crate::frames::Frames;
use crate::kit::{Always, Call, SECOND, answer, measured, trip};

#[test]
fn readiness_is_that_of_the_service_below() {
    let book = Book::default();
    for (gate, expected) in [
        (Gate::Closed, "Pending"),
        (Gate::Broken, "Ready(Err(Kind(BrokenPipe)))"),
        (Gate::Open, "Ready(Ok(()))"),
    ] {
        let mut service = measured(&book, Gated { gate, ready: false });

        let readiness = service.poll_ready(&mut Context::from_waker(Waker::noop()));

        assert_eq!(format!("{readiness:?}"), expected);
    }
    assert!(book.makings().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_instance_that_was_ready_is_called() {
    let mut service = measured(
        &Book::default(),
        Gated {
            gate: Gate::Open,
            ready: false,
        },
    );

    for _ in 0..3 {
        let response = service.ready().await.unwrap().call(trip()).await;
        assert_eq!(response.unwrap().status(), 200);
    }
}

#[tokio::test(start_paused = true)]
async fn clones_and_layers_share_their_recorder() {
    let book = Book::default();
    let layer = MetricsLayer::call(book.clone());
    let one = layer.layer(Always(200));
    let [two, three] = [one.clone(), layer.clone().layer(Always(200))];

    for service in [one, two, three] {
        drop(service.oneshot(trip()).await.unwrap());
    }

    assert_eq!(book.sum(CALLS), 3.0);
    assert!(book.makings().into_values().all(|times| times == 1));
}

#[tokio::test(start_paused = true)]
async fn instruments_may_be_shared() {
    let book = Arc::new(Book::default());
    let stack = ServiceBuilder::new()
        .layer(MetricsLayer::call(Arc::clone(&book)))
        .layer(MetricsLayer::attempt(Arc::clone(&book)))
        .service(Always(200));

    drop(stack.oneshot(trip()).await.unwrap());

    assert_eq!((book.sum(CALLS), book.times(DURATION)), (1.0, 1));
    assert_eq!(book.under_way(), [0.0, 0.0]);
}

#[tokio::test(start_paused = true)]
async fn the_service_below_is_called_once_and_can_be_reached() {
    let called = Arc::new(AtomicUsize::new(0));
    let counting = Counting(Arc::clone(&called));
    let mut service = MetricsLayer::call(Book::default()).layer(counting);

    drop(service.call(trip()).await.unwrap());

    assert_eq!(called.load(Ordering::Relaxed), 1);
    assert!(Arc::ptr_eq(&service.get_ref().0, &called));
    service.get_mut().0 = Arc::new(AtomicUsize::new(7));
    assert_eq!(service.into_inner().0.load(Ordering::Relaxed), 7);
}

#[tokio::test(start_paused = true)]
async fn it_stands_over_and_under_towers_own_layers() {
    let book = Book::default();
    let stack = ServiceBuilder::new()
        .layer(BufferLayer::new(4))
        .layer(TimeoutLayer::new(SECOND))
        .layer(MetricsLayer::call(book.clone()))
        .layer(BufferLayer::new(4))
        .layer(ConcurrencyLimitLayer::new(1))
        .layer(TimeoutLayer::new(SECOND))
        .layer(MetricsLayer::attempt(book.clone()))
        .service(Always(200));

    let calls = (0..3).map(|_| tokio::spawn(stack.clone().oneshot(trip())));
    for call in calls.collect::<Vec<_>>() {
        drop(call.await.unwrap().unwrap());
    }

    assert_eq!((book.sum(CALLS), book.times(DURATION)), (3.0, 3));
    assert_eq!(book.under_way(), [0.0, 0.0]);
}

#[tokio::test(start_paused = true)]
async fn it_stands_over_a_service_in_a_box_and_can_be_in_one() {
    let book = Book::default();
    let typed: BoxCloneSyncService<Call, Response<Frames>, Infallible> =
        BoxCloneSyncService::new(Always(200));
    let boxed: BoxCloneSyncService<Call, Response<Frames>, BoxError> =
        BoxCloneSyncService::new(Always(404).map_err(BoxError::from));

    let typed = BoxCloneSyncService::new(measured(&book, typed));
    let boxed = BoxCloneSyncService::new(measured(&book, boxed));
    let responses = (
        typed.oneshot(trip()).await.unwrap(),
        boxed.oneshot(trip()).await.unwrap(),
    );

    assert_eq!(
        (responses.0.status().as_u16(), responses.1.status().as_u16()),
        (200, 404)
    );
    assert_eq!((book.sum(CALLS), book.times(DURATION)), (2.0, 2));
}

#[tokio::test(start_paused = true)]
async fn a_permit_below_is_kept_no_longer_than_without_it() {
    let service = ServiceBuilder::new()
        .layer(MetricsLayer::call(Book::default()))
        .layer(ConcurrencyLimitLayer::new(1))
        .service(Always(200));

    let first = service.clone().oneshot(trip()).await.unwrap();
    let second = service.oneshot(trip()).await;

    assert_eq!(second.unwrap().status(), first.status());
}

#[test]
fn futures_and_bodies_may_go_to_other_threads() {
    fn is_send<T: Send>(_: &T) {}
    fn are_send_and_sync<T: Send + Sync + 'static>() {}
    let mut service: Metrics<_, CallRecorder<Book>, Typed> =
        MetricsLayer::call(Book::default()).layer(Always(200));

    is_send(&service.call(trip()));

    are_send_and_sync::<ResponseFuture<Ready<()>, AttemptMeter<Book>, std::rc::Rc<()>>>();
    are_send_and_sync::<tower_client_metrics::MeteredBody<Frames, CallBodyMeter<Book>>>();
    are_send_and_sync::<MetricsLayer<CallRecorder<Book>, std::rc::Rc<()>>>();
}

#[derive(Clone, Copy, Debug)]
enum Gate {
    Open,
    Closed,
    Broken,
}

/// Refuses to be called without having been ready; a clone has not been.
#[derive(Debug)]
struct Gated {
    gate: Gate,
    ready: bool,
}

impl Clone for Gated {
    fn clone(&self) -> Self {
        let ready = false;
        Self { ready, ..*self }
    }
}

impl Service<Call> for Gated {
    type Response = Response<Frames>;
    type Error = io::Error;
    type Future = Ready<io::Result<Response<Frames>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.gate {
            Gate::Open => self.ready = true,
            Gate::Closed => return Poll::Pending,
            Gate::Broken => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Call) -> Self::Future {
        assert!(std::mem::take(&mut self.ready), "it was not ready");
        ready(Ok(answer(200)))
    }
}

#[derive(Clone, Debug)]
struct Counting(Arc<AtomicUsize>);

impl Service<Call> for Counting {
    type Response = Response<Frames>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Frames>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Call) -> Self::Future {
        self.0.fetch_add(1, Ordering::Relaxed);
        ready(Ok(answer(200)))
    }
}
