//! What a service has to be, under one name.

use bytes::Bytes;
use http::{Request, Response};
use tower::{BoxError, Service};

use crate::Body;

/// Any tower service that takes HTTP requests and can be shared: a short name for its bounds.
///
/// Implemented for every type that has them, and not to be implemented otherwise.
pub trait HttpService:
    Service<
        Request<Body>,
        Response = Response<<Self as HttpService>::ResponseBody>,
        Error: Into<BoxError>,
        Future: Send,
    > + Clone
    + Send
    + Sync
    + 'static
{
    /// The body of its answers.
    type ResponseBody: http_body::Body<Data = Bytes, Error: Into<BoxError> + Send> + Send + 'static;
}

impl<S, R> HttpService for S
where
    S: Service<Request<Body>, Response = Response<R>, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
    R: http_body::Body<Data = Bytes, Error: Into<BoxError> + Send> + Send + 'static,
{
    type ResponseBody = R;
}
