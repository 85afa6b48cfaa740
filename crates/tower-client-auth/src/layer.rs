//! The layer and its service.

use std::fmt;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower::{BoxError, Layer, Service};
use tower_client_call::{CallRecord, PeekedBody, Principal, RepeatBody};

use crate::call::Call;
use crate::error::Failure;
use crate::flight::spawn;
use crate::origins::Origins;
use crate::shared::Shared;
use crate::slot::Slot;
use crate::windows::Freshness;
use crate::{AuthLayerBuilder, Provider, ResponseFuture, TokenSource};

/// Puts a valid credential on every request.
///
/// Its clones, and all services made by them, share their credentials.
#[derive(Clone)]
#[must_use]
pub struct AuthLayer {
    shared: Arc<Shared>,
}

impl AuthLayer {
    /// Creates a layer with the defaults: credentials from `source`, as `authorization: Bearer`,
    /// to these origins.
    pub fn new(source: impl TokenSource, origins: Origins) -> Self {
        Self::builder(source, origins).build()
    }

    /// Returns a builder with the defaults.
    pub fn builder(source: impl TokenSource, origins: Origins) -> AuthLayerBuilder {
        AuthLayerBuilder::new(source, origins)
    }

    pub(crate) fn of(shared: Shared) -> Self {
        let shared = Arc::new(shared);
        Self { shared }
    }

    /// Returns the handle by which the credentials are looked at and changed.
    #[must_use]
    pub fn provider(&self) -> Provider {
        Provider::new(Arc::clone(&self.shared))
    }

    /// Returns a policy for tower-http's redirects, for a layer that stands outside of them.
    #[cfg(feature = "follow-redirect")]
    #[must_use]
    pub fn redirect_policy(&self) -> crate::RedirectPolicy {
        crate::RedirectPolicy::new(Arc::clone(&self.shared))
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = Auth<S>;

    fn layer(&self, inner: S) -> Auth<S> {
        let shared = Arc::clone(&self.shared);
        Auth { inner, shared }
    }
}

impl fmt::Debug for AuthLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthLayer").field(&self.shared).finish()
    }
}

/// The service of [`AuthLayer`].
#[derive(Clone, Debug)]
pub struct Auth<S> {
    inner: S,
    shared: Arc<Shared>,
}

impl<S> Auth<S> {
    /// Returns the service below.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Returns the service below mutably.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the service below, without the credentials.
    pub fn into_inner(self) -> S {
        self.inner
    }

    /// Returns the handle by which the credentials are looked at and changed.
    #[must_use]
    pub fn provider(&self) -> Provider {
        Provider::new(Arc::clone(&self.shared))
    }
}

impl<S, B, R> Service<Request<B>> for Auth<S>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone,
    B: RepeatBody,
    R: Body<Data = Bytes>,
{
    type Response = Response<PeekedBody<R>>;
    /// The service's own, as it came, or a
    /// [`DeliveryError`](tower_client_call::DeliveryError) around an
    /// [`AuthError`](crate::AuthError).
    type Error = BoxError;
    type Future = ResponseFuture<S, B, R>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let shared = &self.shared;
        if !shared.origins.contain(request.uri()) {
            return self.elsewhere(request);
        }
        let principal = Principal::of(&request);
        let slot = match principal {
            None => Arc::clone(shared.principals.default()),
            Some(principal) => shared.principals.of(principal),
        };
        let current = slot.current();
        let own = |epoch| principal.is_none_or(|it| it.epoch() == epoch);
        let Some(held) = current.as_ref().filter(|held| own(held.epoch())) else {
            return self.wait(slot, request);
        };
        match held.freshness() {
            Freshness::Fresh => {}
            Freshness::Soft => self.renew(&slot, &request),
            Freshness::Hard | Freshness::Expired => return self.wait(slot, request),
        }
        let service = self.inner.clone();
        let shared = Arc::clone(shared);
        let call = Call::new(shared, Arc::clone(&slot), service, &request, Some(held));
        held.put_on(request.headers_mut());
        // Others may replace it while the service below does whatever it does.
        drop(current);
        let future = self.inner.call(request);
        ResponseFuture::sent(Some(call), future)
    }
}

impl<S> Auth<S> {
    /// Sends a request that goes where credentials may not, or does not.
    #[cold]
    fn elsewhere<B, R>(&mut self, request: Request<B>) -> ResponseFuture<S, B, R>
    where
        S: Service<Request<B>>,
        B: RepeatBody,
        R: Body,
    {
        if self.shared.refuse_elsewhere {
            return ResponseFuture::refused(Failure::Elsewhere.into());
        }
        ResponseFuture::sent(None, self.inner.call(request))
    }

    /// Begins a call that has no credential yet. What was readied for it is left to others
    /// meanwhile, such as to a source that signs in through the same service.
    #[cold]
    fn wait<B, R>(&mut self, slot: Arc<Slot>, request: Request<B>) -> ResponseFuture<S, B, R>
    where
        S: Service<Request<B>> + Clone,
        B: RepeatBody,
        R: Body,
    {
        let next = self.inner.clone();
        drop(mem::replace(&mut self.inner, next.clone()));
        let call = Call::new(Arc::clone(&self.shared), slot, next, &request, None);
        ResponseFuture::waiting(call, request)
    }

    /// Renews a credential in the background, if nobody does.
    #[cold]
    fn renew<B>(&self, slot: &Arc<Slot>, request: &Request<B>) {
        let record = CallRecord::find(request.extensions());
        if let Some(ticket) = slot.renew(record) {
            spawn(&self.shared, slot, ticket);
        }
    }
}
