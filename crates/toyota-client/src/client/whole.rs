//! A whole call as a service: what is measured is what the caller gets.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::response::Parts;
use http::{Request, Response};
use http_body_util::Empty;
use serde_json::Value;
use tower::Service;
use tower_client::call::{CallEvent, CallRecord};
use tower_client::error::Call;

use crate::envelope::{NoAnswer, read_answer};
use crate::exchange::{Limits, exchange};
use crate::{Body, Error, HttpService};

/// Makes calls from the request to the [`Answer`]. An answer that breaks off, takes too long or
/// cannot be read is an error of this service, as it is one for the caller.
#[derive(Debug)]
pub(super) struct Whole<S> {
    pub(super) service: S,
    pub(super) limits: Limits,
}

/// The JSON of an answer, among the extensions of a response whose body was read for it.
#[derive(Clone, Debug)]
pub(super) struct Answer(Value);

impl Answer {
    pub(super) fn of<B>(mut response: Response<B>) -> Value {
        let answer = response.extensions_mut().remove();
        answer.map_or(Value::Null, |Self(json)| json)
    }
}

impl<S: HttpService> Service<Request<Body>> for Whole<S> {
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
        Box::pin(async move {
            let answer = answer.await;
            let answer = answer.map_err(|error| Error::of_exchange(&call, error))?;
            let (head, body) = answer.into_parts();
            if let Some(record) = record {
                let bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
                record.tell(CallEvent::Received { bytes });
            }
            let json = read(&call, &head, &body)?;
            let mut response = Response::from_parts(head, Empty::new());
            response.extensions_mut().insert(Answer(json));
            Ok(response)
        })
    }
}

/// JSON, or nothing; and no error hidden inside.
fn read(call: &Call, head: &Parts, body: &[u8]) -> Result<Value, Error> {
    read_answer(body).map_err(|problem| match problem {
        NoAnswer::NotJson => Error::unreadable(call, head, None),
        NoAnswer::Error(json) => Error::unreadable(call, head, Some(&json)),
    })
}
