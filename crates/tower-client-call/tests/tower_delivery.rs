//! What `Delivery::of` makes of the errors of tower's own layers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
#![cfg(feature = "tower")]

use std::task::{Context, Poll};

use tower::{BoxError, Service, ServiceBuilder, ServiceExt};
use tower_client_call::Delivery;

/// Never ready: pending, or failed.
#[derive(Clone)]
struct NeverReady(Option<&'static str>);

impl Service<()> for NeverReady {
    type Response = ();
    type Error = BoxError;
    type Future = std::future::Ready<Result<(), BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self.0 {
            Some(error) => Poll::Ready(Err(error.into())),
            None => Poll::Pending,
        }
    }

    fn call(&mut self, (): ()) -> Self::Future {
        panic!("called without being ready")
    }
}

#[tokio::test]
async fn a_load_that_was_shed_was_not_sent() {
    let mut service = ServiceBuilder::new().load_shed().service(NeverReady(None));

    let error = service.ready().await.unwrap().call(()).await.unwrap_err();

    assert_eq!(Delivery::of(&*error), Delivery::NotSent);
}

#[tokio::test]
async fn a_request_in_the_buffer_of_a_broken_service_was_not_sent() {
    let service = ServiceBuilder::new()
        .buffer(4)
        .service(NeverReady(Some("broken")));

    let error = service.oneshot(()).await.unwrap_err();

    assert_eq!(Delivery::of(&*error), Delivery::NotSent);
}

#[tokio::test]
async fn a_request_that_timed_out_may_have_been_sent() {
    let silent = tower::service_fn(|()| std::future::pending::<Result<(), BoxError>>());
    let limit = std::time::Duration::from_millis(1);
    let service = ServiceBuilder::new().timeout(limit).service(silent);

    let error = service.oneshot(()).await.unwrap_err();

    assert_eq!(Delivery::of(&*error), Delivery::MaybeSent);
}
