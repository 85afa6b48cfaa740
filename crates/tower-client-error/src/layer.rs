//! The layer and its service.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower::{Layer, Service};
use tower_client_call::PeekedBody;

use crate::{Call, HttpApi, MapError, ResponseFuture};

/// Turns failed calls into typed errors, by a strategy.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ErrorLayer<M = HttpApi> {
    map: M,
}

/// With the mapping for any HTTP API.
impl Default for ErrorLayer {
    fn default() -> Self {
        Self::new(HttpApi)
    }
}

impl<M> ErrorLayer<M> {
    /// Creates a layer with a strategy of one's own.
    pub const fn new(map: M) -> Self {
        Self { map }
    }
}

impl<S, M: Clone> Layer<S> for ErrorLayer<M> {
    type Service = MapErrors<S, M>;

    fn layer(&self, inner: S) -> MapErrors<S, M> {
        let map = self.map.clone();
        MapErrors { inner, map }
    }
}

/// The service of [`ErrorLayer`].
#[derive(Clone, Copy, Debug)]
pub struct MapErrors<S, M = HttpApi> {
    inner: S,
    map: M,
}

impl<S, M> MapErrors<S, M> {
    /// Returns the service below.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Returns the service below mutably.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the service below, without the mapping.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, M, B, R> Service<Request<B>> for MapErrors<S, M>
where
    S: Service<Request<B>, Response = Response<R>>,
    M: MapError<S::Error> + Clone,
    R: Body<Data = Bytes>,
{
    type Response = Response<PeekedBody<R>>;
    type Error = M::Error;
    type Future = ResponseFuture<S::Future, R, M>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), M::Error>> {
        self.inner
            .poll_ready(cx)
            .map_err(|error| self.map.not_ready(&Call::of(&Request::new(())), error))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let call = Call::of(&request);
        ResponseFuture::new(self.inner.call(request), call, self.map.clone())
    }
}
