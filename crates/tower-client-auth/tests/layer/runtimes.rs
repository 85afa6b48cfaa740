//! Callers that are in no tokio runtime.

use std::future::ready;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tokio::runtime::{Builder, Runtime};
use tower::{BoxError, Layer, Service, ServiceExt, service_fn};
use tower_client_auth::{AuthErrorKind, AuthLayer, StaticToken};
use tower_client_call::{Deadline, Delivery, DeliveryError};

use crate::script::{
    Api, Frames, Memory, SECOND, Source, auth, auth_error, get, hang, living, over, pass, storing,
    succeed, token, with,
};

#[test]
fn a_call_that_needs_a_credential_is_an_error_and_no_panic() {
    let layer = layer();

    let error = now(layer.layer(api()).oneshot(get())).unwrap_err();

    assert_eq!(Delivery::of(&*error), Delivery::NotSent);
    assert!(DeliveryError::is_permanent(&*error));
    assert_eq!(auth_error(Err(error)).kind(), AuthErrorKind::Runtime);
}

#[test]
fn nor_does_a_deadline_panic_there() {
    let request = with(Deadline::within(SECOND));

    let error = now(layer().layer(api()).oneshot(request)).unwrap_err();

    assert_eq!(auth_error(Err(error)).kind(), AuthErrorKind::Runtime);
}

#[test]
fn a_credential_that_is_there_needs_no_runtime() {
    let layer = layer();
    let provider = layer.provider();
    let runtime = runtime();
    let owner = provider.default_principal();
    runtime.block_on(provider.authenticate(&owner)).unwrap();

    let response = now(layer.layer(api()).oneshot(get())).unwrap();

    assert_eq!(response.status(), 200);
}

#[test]
fn the_provider_says_so_too() {
    let provider = layer().provider();
    let owner = provider.default_principal();

    let error = now(provider.authenticate(&owner)).unwrap_err();

    assert_eq!(error.kind(), AuthErrorKind::Runtime);
}

#[test]
fn a_runtime_that_ends_in_the_middle_of_a_fetch_fails_those_who_wait() {
    let source = Source::of([hang()]);
    let layer = auth(&source).build();
    let provider = layer.provider();
    let owner = provider.default_principal();
    let runtime = runtime();
    let mut waiting = pin!(provider.authenticate(&owner));
    let poll = |cx: &mut Context<'_>| Poll::Ready(waiting.as_mut().poll(cx).is_pending());
    assert!(runtime.block_on(std::future::poll_fn(poll)));

    drop(runtime);

    let error = now(waiting).unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
}

/// As in a program that makes one call and ends.
#[test]
fn a_runtime_that_ends_when_all_is_settled_loses_no_token_that_is_renewed_in_the_background() {
    let source = Source::of([living(20 * SECOND), token().after(SECOND)]);
    let memory = Memory::default();
    let runtime = runtime();

    runtime.block_on(async {
        let client = over(storing(&source, &memory), &Api::new());
        succeed(&client).await;
        pass(11 * SECOND).await;
        succeed(&client).await;
        let provider = client.provider();
        provider.settle(&provider.default_principal()).await;
    });
    drop(runtime);

    assert_eq!((source.count(), source.left()), (2, 0));
    assert_eq!(memory.kept().as_deref(), Some("token-2"));
}

fn layer() -> AuthLayer {
    auth(&StaticToken::new("s3cret")).build()
}

fn api()
-> impl Service<Request<Full<Bytes>>, Response = Response<Frames>, Error = BoxError, Future: Send>
+ Clone {
    service_fn(|_: Request<Full<Bytes>>| ready(Ok(Response::new(Frames::of([])))))
}

fn runtime() -> Runtime {
    let mut runtime = Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap()
}

/// What a future has at once, polled by hand.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut cx = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut cx) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for something"),
    }
}
