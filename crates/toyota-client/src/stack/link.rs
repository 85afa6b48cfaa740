//! What is between two layers: a service whose type is forgotten.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceExt};

use crate::body::take_as;
use crate::{Body, HttpService};

/// The body of an answer on its way through the stack.
pub type AnswerBody = UnsyncBoxBody<Bytes, BoxError>;

/// A service between two layers of the [`stack`](crate::stack): what a layer of one's own is put
/// around.
pub type Link = BoxCloneSyncService<Request<Body>, Response<AnswerBody>, BoxError>;

/// Forgets a service's type.
pub(crate) fn link<S: HttpService>(service: S) -> Link {
    let service = service
        .map_err(Into::into)
        .map_response(|response: Response<S::ResponseBody>| response.map(answer_body));
    Link::new(service)
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
