//! A transport that never leaves the process.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tower::{BoxError, Service};
use toyota_client::Body;
use toyota_sim::Simulator;

/// Sends each request over a connection of its own, in memory.
#[derive(Clone, Debug)]
pub(crate) struct Line(pub(crate) Arc<Simulator>);

impl Service<Request<Body>> for Line {
    type Response = Response<Incoming>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let io = TokioIo::new(self.0.connect());
        Box::pin(async move {
            let (mut sender, connection) = http1::handshake(io).await?;
            tokio::spawn(connection);
            Ok(sender.send_request(request).await?)
        })
    }
}
