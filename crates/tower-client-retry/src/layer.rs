//! The layer and its service.

use std::fmt;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower::{BoxError, Layer, Service};
use tower_client_call::{PeekedBody, RepeatBody, RequestHead, StopReason};

use crate::call::Call;
use crate::shared::{Obstacle, Shared};
use crate::{Policy, ResponseFuture, RetryError, RetryLayerBuilder, StandardPolicy};

/// Repeats the calls that are safe to repeat.
///
/// Its clones, and all services made by them, share budget and cool-downs.
#[must_use]
pub struct RetryLayer<P = StandardPolicy> {
    shared: Arc<Shared<P>>,
}

impl RetryLayer {
    /// Returns a builder with the defaults.
    pub fn builder() -> RetryLayerBuilder {
        RetryLayerBuilder::default()
    }
}

impl<P> RetryLayer<P> {
    pub(crate) fn new(shared: Shared<P>) -> Self {
        let shared = Arc::new(shared);
        Self { shared }
    }
}

/// Three attempts, a budget and a cool-down of its own.
impl Default for RetryLayer {
    fn default() -> Self {
        RetryLayerBuilder::default().into_layer()
    }
}

impl<S, P> Layer<S> for RetryLayer<P> {
    type Service = Retry<S, P>;

    fn layer(&self, inner: S) -> Retry<S, P> {
        let shared = Arc::clone(&self.shared);
        Retry { inner, shared }
    }
}

impl<P> Clone for RetryLayer<P> {
    fn clone(&self) -> Self {
        let shared = Arc::clone(&self.shared);
        Self { shared }
    }
}

impl<P: fmt::Debug> fmt::Debug for RetryLayer<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RetryLayer").field(&self.shared).finish()
    }
}

/// The service of [`RetryLayer`].
pub struct Retry<S, P = StandardPolicy> {
    inner: S,
    shared: Arc<Shared<P>>,
}

impl<S, P> Retry<S, P> {
    /// Returns the service below.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Returns the service below mutably.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the service below, without the retries.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S: Clone, P> Clone for Retry<S, P> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<S: fmt::Debug, P: fmt::Debug> fmt::Debug for Retry<S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("inner", &self.inner)
            .field("shared", &self.shared)
            .finish()
    }
}

impl<S, P, B, R> Service<Request<B>> for Retry<S, P>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone,
    P: Policy,
    B: RepeatBody,
    R: Body<Data = Bytes, Error: Into<BoxError>>,
{
    type Response = Response<PeekedBody<R>>;
    type Error = RetryError;
    type Future = ResponseFuture<S, P, B, R>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), RetryError>> {
        let ready = self.inner.poll_ready(cx);
        ready.map_err(|error| RetryError::not_ready(StopReason::NotReady, error.into()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if let Some(obstacle) = self.shared.obstacle(&request) {
            return self.hold(request, obstacle);
        }
        let head = RequestHead::of(&request);
        let body = request.body().keep();
        let answer = self.inner.call(request);
        let next = self.inner.clone();
        let call = Call::new(Arc::clone(&self.shared), next, head, body);
        ResponseFuture::sent(call, answer)
    }
}

impl<S: Clone, P> Retry<S, P> {
    /// Begins a call that is not sent at once. What was readied for it is left to others meanwhile.
    #[cold]
    fn hold<B, R>(&mut self, request: Request<B>, obstacle: Obstacle) -> ResponseFuture<S, P, B, R>
    where
        S: Service<Request<B>>,
        B: RepeatBody,
        R: Body,
    {
        let next = self.inner.clone();
        drop(mem::replace(&mut self.inner, next.clone()));
        let (head, body) = (RequestHead::of(&request), request.body().keep());
        let call = Call::new(Arc::clone(&self.shared), next, head, body);
        ResponseFuture::held(call, request, obstacle)
    }
}
