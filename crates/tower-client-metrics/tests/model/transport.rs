//! The service at the bottom: does what the plan says, and counts.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};

use http::{Request, Response, StatusCode};
use tower::Service;

use crate::body::{Payload, Script};
use crate::plan::{Answer, Leg, Outcome};
use crate::waiting::pause;
use crate::words::TransportError;

/// What really happened, counted by those to whom it did.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) sends: AtomicU64,
    pub(crate) answers: AtomicU64,
}

#[derive(Clone, Debug)]
pub(crate) struct Transport(pub(crate) Arc<Ledger>);

impl Service<Request<Payload>> for Transport {
    type Response = Response<Script>;
    type Error = TransportError;
    type Future =
        Pin<Box<dyn Future<Output = Result<Response<Script>, TransportError>> + Send + 'static>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Payload>) -> Self::Future {
        self.0.sends.fetch_add(1, Relaxed);
        let leg: &Arc<Leg> = request.extensions().get().unwrap();
        let leg = Arc::clone(leg);
        Box::pin(async move {
            pause(leg.delay).await;
            match &leg.outcome {
                Outcome::Answer(answer) => Ok(answer.response()),
                Outcome::Fails(fault, _) => Err(fault.error()),
                Outcome::Never => std::future::pending().await,
            }
        })
    }
}

impl Answer {
    pub(crate) fn response(&self) -> Response<Script> {
        let mut response = Response::new(self.body.clone());
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        *response.version_mut() = self.version.0;
        response
    }
}
