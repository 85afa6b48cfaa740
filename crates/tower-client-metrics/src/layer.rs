//! The layer and its service.

use std::fmt;
use std::marker::PhantomData;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower::{Layer, Service};
use tracing::Span;

use crate::hearing::Hearing;
use crate::{
    AsError, AttemptRecorder, CallRecorder, Instruments, Meter, MeteredBody, Recorder,
    ResponseFuture,
};

/// Measures requests, by a strategy.
///
/// `V` is how errors are looked at, and is inferred.
#[must_use]
pub struct MetricsLayer<R, V> {
    recorder: R,
    view: PhantomData<fn() -> V>,
}

impl<I: Instruments, V> MetricsLayer<CallRecorder<I>, V> {
    /// Creates a layer that measures calls as their caller sees them: place it outermost.
    ///
    /// The defaults of [`CallRecorder`]; with others, build one and pass it to [`new`](Self::new).
    pub fn call(instruments: I) -> Self {
        Self::new(CallRecorder::new(instruments))
    }
}

impl<I: Instruments, V> MetricsLayer<AttemptRecorder<I>, V> {
    /// Creates a layer that measures each request that goes out: place it innermost, next to the
    /// transport.
    ///
    /// The defaults of [`AttemptRecorder`]; with others, build one and pass it to
    /// [`new`](Self::new).
    pub fn attempt(instruments: I) -> Self {
        Self::new(AttemptRecorder::new(instruments))
    }
}

impl<R, V> MetricsLayer<R, V> {
    /// Creates a layer with any strategy.
    pub const fn new(recorder: R) -> Self {
        let view = PhantomData;
        Self { recorder, view }
    }
}

impl<S, R: Clone, V> Layer<S> for MetricsLayer<R, V> {
    type Service = Metrics<S, R, V>;

    fn layer(&self, inner: S) -> Metrics<S, R, V> {
        Metrics {
            inner,
            recorder: self.recorder.clone(),
            view: PhantomData,
        }
    }
}

impl<R: Clone, V> Clone for MetricsLayer<R, V> {
    fn clone(&self) -> Self {
        Self::new(self.recorder.clone())
    }
}

impl<R: fmt::Debug, V> fmt::Debug for MetricsLayer<R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MetricsLayer").field(&self.recorder).finish()
    }
}

/// The service of [`MetricsLayer`].
pub struct Metrics<S, R, V> {
    inner: S,
    recorder: R,
    view: PhantomData<fn() -> V>,
}

impl<S, R, V> Metrics<S, R, V> {
    /// Returns the service below.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Returns the service below mutably.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the service below, without the measuring.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S: Clone, R: Clone, V> Clone for Metrics<S, R, V> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            recorder: self.recorder.clone(),
            view: PhantomData,
        }
    }
}

impl<S: fmt::Debug, R: fmt::Debug, V> fmt::Debug for Metrics<S, R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics")
            .field("inner", &self.inner)
            .field("recorder", &self.recorder)
            .finish()
    }
}

impl<S, R, V, B, D> Service<Request<B>> for Metrics<S, R, V>
where
    S: Service<Request<B>, Response = Response<D>, Error: AsError<V>>,
    R: Recorder,
    B: Body,
    D: Body,
{
    type Response = Response<MeteredBody<D, <R::Meter as Meter>::Body>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, R::Meter, V>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let meter = Hearing::new(self.recorder.start(&mut request));
        let inner = {
            let _entered = meter.span().map(Span::enter);
            self.inner.call(request)
        };
        ResponseFuture::new(inner, meter)
    }
}
