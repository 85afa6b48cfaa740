//! What is between two layers: a service whose type is forgotten.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use tower::{BoxError, Service, ServiceExt};
use tower_client::call::Delivery;

use crate::body::take_as;
use crate::{Body, HttpService};

/// The body of an answer on its way through the stack.
pub type AnswerBody = UnsyncBoxBody<Bytes, BoxError>;

/// A service between two layers of the [`stack`](crate::stack): what a layer of one's own is put
/// around.
///
/// A clone is one counter, whatever stands below, where a clone of tower's `BoxCloneSyncService` is
/// one of everything below; layers clone what is below them with each call. In return it is always
/// ready: what is below becomes ready as a part of the call, and a failure to is told as not sent.
#[derive(Clone)]
pub struct Link(Arc<dyn Erased>);

type Answering = Pin<Box<dyn Future<Output = Result<Response<AnswerBody>, BoxError>> + Send>>;

/// What is left of a service whose type is forgotten.
trait Erased: Send + Sync {
    fn call(&self, request: Request<Body>) -> Answering;
}

impl<S: HttpService> Erased for S {
    fn call(&self, request: Request<Body>) -> Answering {
        let mut service = self.clone();
        Box::pin(async move {
            let ready = service.ready().await;
            let ready = ready.map_err(|error| Delivery::NotSent.because(error))?;
            let answer = ready.call(request).await.map_err(Into::into)?;
            Ok(answer.map(answer_body))
        })
    }
}

/// Forgets a service's type.
pub(crate) fn link(service: impl HttpService) -> Link {
    Link(Arc::new(service))
}

impl Service<Request<Body>> for Link {
    type Response = Response<AnswerBody>;
    type Error = BoxError;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answering {
        self.0.call(request)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").finish_non_exhaustive()
    }
}

/// Forgets a body's type; one that is forgotten already is not boxed again.
fn answer_body<B>(body: B) -> AnswerBody
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let mut body = Some(body);
    if let Some(same) = take_as(&mut body) {
        return same;
    }
    match body {
        Some(body) => body.map_err(Into::into).boxed_unsync(),
        None => AnswerBody::default(),
    }
}
