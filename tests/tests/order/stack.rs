//! Services of one type, so that layers can be put over them in any order.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use tokio::time::timeout;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Layer, Service, ServiceExt};
use toyota_client::Body;

pub(crate) type Stack =
    BoxCloneSyncService<Request<Body>, Response<UnsyncBoxBody<Bytes, BoxError>>, BoxError>;
/// What a call came to: its whole answer, or its error.
pub(crate) type End = Result<Response<Bytes>, BoxError>;

/// Puts a layer over a service.
pub(crate) type Over = Box<dyn Fn(Stack) -> Stack>;

/// Forgets a layer's type.
pub(crate) fn over<L, B>(layer: L) -> Over
where
    L: Layer<Stack> + 'static,
    L::Service: Service<Request<Body>, Response = Response<B>, Error: Into<BoxError> + 'static>
        + Clone
        + Send
        + Sync
        + 'static,
    <L::Service as Service<Request<Body>>>::Future: Send + 'static,
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    Box::new(move |inner| boxed(layer.layer(inner)))
}

/// Puts layers over a service, the outermost first.
pub(crate) fn stack(
    layers: impl IntoIterator<Item = Over, IntoIter: DoubleEndedIterator>,
    below: Stack,
) -> Stack {
    let layers = layers.into_iter().rev();
    layers.fold(below, |inner, over| over(inner))
}

/// Forgets a service's types.
pub(crate) fn boxed<S, B>(service: S) -> Stack
where
    S: Service<Request<Body>, Response = Response<B>, Error: Into<BoxError> + 'static>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let service = service
        .map_err(Into::into)
        .map_response(|response: Response<B>| {
            response.map(|body| body.map_err(Into::into).boxed_unsync())
        });
    BoxCloneSyncService::new(service)
}

/// Longer than any call takes where time is paused: what is not done by then hangs.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Makes a call, and reads its answer to the end.
pub(crate) async fn ask(stack: &Stack, request: Request<Body>) -> End {
    let whole = async {
        let (head, body) = stack.clone().oneshot(request).await?.into_parts();
        let body = body.collect().await?;
        Ok(Response::from_parts(head, body.to_bytes()))
    };
    timeout(PATIENCE, whole).await.expect("done long before")
}
