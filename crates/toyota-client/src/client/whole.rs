//! A whole call as a service: what is measured is what the caller gets.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::response::Parts;
use http::{Request, Response};
use http_body_util::Empty;
use tower::Service;
use tower_client::call::{CallEvent, CallRecord};
use tower_client::error::Call;

use crate::envelope::NoAnswer;
use crate::exchange::{Limits, exchange};
use crate::{Body, Error, HttpService};

/// Makes calls from the request to the [`Answer`]. An answer that breaks off, takes too long or
/// cannot be read is an error of this service, as it is one for the caller.
#[derive(Debug)]
pub(super) struct Whole<S, T> {
    pub(super) service: S,
    pub(super) limits: Limits,
    /// Makes of the bytes what the call is for.
    pub(super) read: fn(Bytes) -> Result<T, NoAnswer>,
}

/// What an answer says, among the extensions of a response whose body was read for it.
pub(super) struct Answer<T>(Arc<T>);

// By hand: what it says need not be cloned.
impl<T> Clone for Answer<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Send + Sync + 'static> Answer<T> {
    pub(super) fn of<B>(mut response: Response<B>) -> Option<T> {
        let Self(answer) = response.extensions_mut().remove()?;
        Arc::into_inner(answer)
    }
}

impl<S: HttpService, T: Send + Sync + 'static> Service<Request<Body>> for Whole<S, T> {
    type Response = Response<Empty<Bytes>>;
    type Error = Error;
    // Boxed for the same reason as the exchange.
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    /// Readiness is awaited by the exchange, which bounds it.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let call = Call::of(&request);
        let record = CallRecord::find(request.extensions()).cloned();
        let answer = exchange(self.service.clone(), request, self.limits);
        let read = self.read;
        Box::pin(async move {
            let answer = answer.await;
            let answer = answer.map_err(|error| Error::of_exchange(&call, error))?;
            let (head, body) = answer.into_parts();
            if let Some(record) = record {
                let bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
                record.tell(CallEvent::Received { bytes });
            }
            let answer = read(body).map_err(|problem| unreadable(&call, &head, problem))?;
            let mut response = Response::from_parts(head, Empty::new());
            response.extensions_mut().insert(Answer(Arc::new(answer)));
            Ok(response)
        })
    }
}

/// It is not what was asked for, or hides an error.
fn unreadable(call: &Call, head: &Parts, problem: NoAnswer) -> Error {
    match problem {
        NoAnswer::NotJson => Error::unreadable(call, head, None),
        NoAnswer::Error(json) => Error::unreadable(call, head, Some(&json)),
    }
}
