//! Requests, services and stacks that the tests have in common.

use std::convert::Infallible;
use std::future::{Ready, poll_fn, ready};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tower_client_call::Operation;
use tower_client_metrics::{AttemptRecorder, CallRecorder, Metrics, MetricsLayer};

use crate::book::Book;
use crate::frames::Frames;

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const URI: &str = "https://api.example/v1/trips/7?since=yesterday";
pub(crate) const TRIP: Operation = Operation::new("trip", "/v1/trips/{id}");

pub(crate) type Call = Request<Full<Bytes>>;

/// Both layers around a service, as they are meant to be used.
pub(crate) type Stack<S, V> = Metrics<Metrics<S, AttemptRecorder<Book>, V>, CallRecorder<Book>, V>;

/// Puts both layers around a service.
pub(crate) fn measured<S, V>(book: &Book, service: S) -> Stack<S, V>
where
    MetricsLayer<CallRecorder<Book>, V>:
        Layer<Metrics<S, AttemptRecorder<Book>, V>, Service = Stack<S, V>>,
{
    ServiceBuilder::new()
        .layer(MetricsLayer::call(book.clone()))
        .layer(MetricsLayer::attempt(book.clone()))
        .service(service)
}

/// With content, so that there is a size to be recorded.
pub(crate) fn get(uri: &str) -> Call {
    Request::get(uri).body("which?".into()).unwrap()
}

/// A request of [`TRIP`].
pub(crate) fn trip() -> Call {
    let mut request = get(URI);
    request.extensions_mut().insert(TRIP);
    request
}

pub(crate) fn answer(status: u16) -> Response<Frames> {
    answer_with(status, Frames::of([]).telling_end())
}

pub(crate) fn answer_with(status: u16, body: Frames) -> Response<Frames> {
    Response::builder().status(status).body(body).unwrap()
}

pub(crate) type Answer<E> = Ready<Result<Response<Frames>, E>>;

/// A service that always gives this answer at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Always(pub(crate) u16);

impl Service<Call> for Always {
    type Response = Response<Frames>;
    type Error = Infallible;
    type Future = Answer<Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Call) -> Self::Future {
        ready(Ok(answer(self.0)))
    }
}

/// A service that answers one request, with this body.
pub(crate) fn giving(
    body: Frames,
) -> impl Service<Call, Response = Response<Frames>, Error = io::Error, Future = Answer<io::Error>>
{
    let mut body = Some(body);
    service_fn(move |_| ready(Ok(answer_with(200, body.take().unwrap()))))
}

/// Sends a request through the layer that measures those that go out, and leaves its answer.
pub(crate) async fn send<S>(book: &Book, service: S, request: Call)
where
    S: Service<Call, Response = Response<Frames>, Error = Infallible>,
{
    let layer = MetricsLayer::attempt(book.clone());
    drop(layer.layer(service).oneshot(request).await.unwrap());
}

/// Waits until it is polled again.
pub(crate) async fn pause() {
    let mut paused = false;
    poll_fn(|_| {
        if std::mem::replace(&mut paused, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Returns what a future gives when it is polled once.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    match poll(pin!(future)) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

/// Polls a future once.
pub(crate) fn poll<T>(future: Pin<&mut (impl Future<Output = T> + ?Sized)>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}
