//! What the layer is put on.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tokio::sync::Semaphore;
use tower::BoxError;
use tower::buffer::Buffer;
use tower::limit::ConcurrencyLimit;
use tower::util::BoxCloneService;

use crate::body::ReplyBody;
use crate::log::Model;
use crate::server::Server;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Below {
    Server,
    Limit(usize),
    Buffer(usize),
}

pub(crate) type Stack<B> = BoxCloneService<Request<B>, Response<ReplyBody>, BoxError>;

impl Below {
    /// Builds it; the semaphore is the limit's, if there is one.
    pub(crate) fn build<B>(self, model: &Arc<Model>) -> (Stack<B>, Option<Arc<Semaphore>>)
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static,
    {
        match self {
            Self::Server => (BoxCloneService::new(Server::new(model, false)), None),
            Self::Limit(calls) => {
                let permits = Arc::new(Semaphore::new(calls));
                let server = Server::new(model, false);
                let limit = ConcurrencyLimit::with_semaphore(server, Arc::clone(&permits));
                (BoxCloneService::new(limit), Some(permits))
            }
            Self::Buffer(calls) => {
                let buffer = Buffer::new(Server::new(model, true), calls);
                (BoxCloneService::new(buffer), None)
            }
        }
    }
}
