//! The layer and its service.

use std::fmt;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower::{BoxError, Layer, Service};
use tower_client_call::{CacheOutcome, CallRecord, RepeatBody};

use crate::call::Call;
use crate::plan::{Look, Plan};
use crate::report::{Report, note};
use crate::shared::Shared;
use crate::status::Fwd;
use crate::{CacheBody, CacheError, CacheHandle, CacheLayerBuilder, ResponseFuture, Store};

/// Answers again what was answered before.
///
/// It is ready when the service below is: what limits that one also holds back calls that would not
/// need it. Rules say how an answer is stored, and are no part of what it is found by: calls of one
/// URI should have one rule.
///
/// Its clones, and all services made by them, share what is stored and what is being fetched.
#[derive(Clone, Debug)]
#[must_use]
pub struct CacheLayer {
    shared: Arc<Shared>,
}

impl CacheLayer {
    /// Creates a private cache by RFC 9111 over a store.
    pub fn new(store: impl Store) -> Self {
        CacheLayerBuilder::new(store).into_layer()
    }

    /// Returns a builder with the defaults.
    pub fn builder(store: impl Store) -> CacheLayerBuilder {
        CacheLayerBuilder::new(store)
    }

    /// Returns what the owner of the cache looks into it with.
    #[must_use]
    pub fn handle(&self) -> CacheHandle {
        CacheHandle::of(Arc::clone(&self.shared))
    }

    pub(crate) fn of(shared: Shared) -> Self {
        let shared = Arc::new(shared);
        shared.listen();
        Self { shared }
    }
}

impl<S> Layer<S> for CacheLayer {
    type Service = Cache<S>;

    fn layer(&self, inner: S) -> Cache<S> {
        let shared = Arc::clone(&self.shared);
        Cache { inner, shared }
    }
}

/// The service of [`CacheLayer`].
#[derive(Clone)]
pub struct Cache<S> {
    inner: S,
    shared: Arc<Shared>,
}

impl<S> Cache<S> {
    /// Returns the service below.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Returns the service below mutably.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the service below, without the cache.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S: fmt::Debug> fmt::Debug for Cache<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("inner", &self.inner)
            .field("shared", &self.shared)
            .finish()
    }
}

impl<S, B, R> Service<Request<B>> for Cache<S>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: RepeatBody<Kept: Send> + Send + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<CacheBody<R>>;
    type Error = CacheError;
    type Future = ResponseFuture<S::Future, R>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), CacheError>> {
        let ready = self.inner.poll_ready(cx);
        ready.map_err(|error| CacheError::not_ready(error.into()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let shared = &self.shared;
        match Plan::of(shared, &request) {
            Plan::Off => {
                let record = CallRecord::find(request.extensions());
                note(shared, record, CacheOutcome::Bypass);
                ResponseFuture::untouched(self.inner.call(request))
            }
            Plan::Pass(why) => {
                let report = Report::new(Arc::clone(shared), request.extensions());
                let answer = self.inner.call(request);
                ResponseFuture::passing(answer, why, CacheOutcome::Bypass, report)
            }
            Plan::Change(owner) => {
                let call = Call::new(Arc::clone(shared), self.take_ready(), request);
                ResponseFuture::working(call.change(owner))
            }
            Plan::Look(look) => self.look(request, look),
        }
    }
}

impl<S> Cache<S> {
    fn look<B, R>(&mut self, request: Request<B>, look: Look) -> ResponseFuture<S::Future, R>
    where
        S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>>
            + Clone
            + Send
            + 'static,
        S::Future: Send + 'static,
        B: RepeatBody<Kept: Send> + Send + 'static,
        R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        // Read first: what is forgotten from here on is not to be stored.
        let epoch = shared.epochs.of(&look.key);
        let Some(variants) = shared.store.peek(&look.key) else {
            let call = Call::new(shared, self.take_ready(), request);
            return ResponseFuture::working(call.look(look, None));
        };
        let wanted = look.wanted(request.method(), request.headers());
        let record = CallRecord::find(request.extensions());
        if let Some(hit) = look.hit(&shared, wanted, record, &variants) {
            // What was readied is not needed: it may be a permit that others wait for.
            let ready = self.take_ready();
            if hit.is_to_be_refreshed {
                Call::new(shared, ready, request).refresh(&look, &variants, epoch);
            }
            return ResponseFuture::ready(hit.response);
        }
        if !shared.store.peeks_all() {
            let call = Call::new(shared, self.take_ready(), request);
            return ResponseFuture::working(call.look(look, None));
        }
        if look.is_for_origin_alone() && variants.is_empty() {
            let report = Report::new(shared, request.extensions());
            let answer = self.inner.call(request);
            return ResponseFuture::passing(answer, Fwd::UriMiss, CacheOutcome::Miss, report);
        }
        let call = Call::new(shared, self.take_ready(), request);
        ResponseFuture::working(call.look(look, Some((variants, epoch))))
    }
}

impl<S: Clone> Cache<S> {
    /// Returns the instance that was polled ready.
    fn take_ready(&mut self) -> S {
        let next = self.inner.clone();
        mem::replace(&mut self.inner, next)
    }
}
