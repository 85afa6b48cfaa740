//! Toyota's API as a tower service: base URL, identity and redirects around any transport.
//!
//! ```
//! use http::{Request, Response};
//! use toyota_client::{Body, Config, ToyotaService};
//! use tower::{ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), tower::BoxError> {
//! // Any service can stand in for the transport; this one answers with what it was asked.
//! let echo = service_fn(|request: Request<Body>| async move {
//!     Ok::<_, std::convert::Infallible>(Response::new(request.uri().to_string()))
//! });
//! let config = Config::new().with_api_key("key")?;
//!
//! let response = ToyotaService::new(echo, &config)?
//!     .oneshot(Request::get("/v2/vehicle/guid").body(Body::empty())?)
//!     .await?;
//!
//! assert!(response.into_body().ends_with("toyotaconnectedeurope.io/v2/vehicle/guid"));
//! # Ok(())
//! # }
//! ```

mod identity;
mod redirect;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service};
use tower_client::call::{Delivery, DeliveryError};
use tower_http::follow_redirect::{self, FollowRedirect};

use self::identity::Identity;
pub use self::identity::InvalidTarget;
pub(crate) use self::identity::correlate;
use self::redirect::WithinOrigin;
use crate::{Body, Config, ConfigError, Transport};

/// Puts a [`ToyotaService`] around a transport.
#[derive(Clone, Debug)]
pub struct ToyotaLayer {
    identity: Arc<Identity>,
}

impl ToyotaLayer {
    /// Creates the layer.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when a header of the brand is not one.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let identity = Arc::new(Identity::new(config)?);
        Ok(Self { identity })
    }
}

impl<S> Layer<S> for ToyotaLayer {
    type Service = ToyotaService<S>;

    fn layer(&self, inner: S) -> ToyotaService<S> {
        ToyotaService {
            inner: FollowRedirect::with_policy(inner, WithinOrigin::default()),
            identity: Arc::clone(&self.identity),
        }
    }
}

/// Toyota's API as a tower service.
///
/// - A request with a path only goes to the API's base URL.
/// - A request to the API's origin is given the app's identity: API key, version, brand and region
///   headers, and an `x-correlationid` if it has none. One that is already there stays, so that
///   the repeats of one call can share it. A request to elsewhere gets nothing.
/// - Redirects are followed for `GET` and `HEAD` within the API's origin, at most five; any other
///   comes back as the answer it is, so no header leaves for another host.
///
/// Who the request is for (token, user headers) is not its business: see
/// [`mod@crate::auth`], whose layer belongs below this service.
#[derive(Clone)]
pub struct ToyotaService<S = Transport> {
    inner: FollowRedirect<S, WithinOrigin>,
    identity: Arc<Identity>,
}

impl<S> ToyotaService<S> {
    /// Creates the service around a transport.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when a header of the brand is not one.
    pub fn new(inner: S, config: &Config) -> Result<Self, ConfigError> {
        Ok(ToyotaLayer::new(config)?.layer(inner))
    }

    /// Returns the transport.
    #[must_use]
    pub fn get_ref(&self) -> &S {
        self.inner.get_ref()
    }

    /// Returns the transport mutably.
    pub fn get_mut(&mut self) -> &mut S {
        self.inner.get_mut()
    }

    /// Returns the transport, without the rest.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.inner.into_inner()
    }
}

impl<S: fmt::Debug> fmt::Debug for ToyotaService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToyotaService")
            .field("inner", self.get_ref())
            .field("identity", &self.identity)
            .finish()
    }
}

impl<S, B, R> Service<Request<B>> for ToyotaService<S>
where
    S: Service<Request<Body>, Response = Response<R>, Error: Into<BoxError>> + Clone,
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<R>;
    type Error = BoxError;
    type Future = ResponseFuture<S>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture<S> {
        let mut request = request.map(Body::new);
        let state = match self.identity.put_on(&mut request) {
            Ok(()) => State::Calling {
                future: self.inner.call(request),
            },
            Err(error) => State::Refused {
                error: Some(Delivery::NotSent.because(error).permanent()),
            },
        };
        ResponseFuture { state }
    }
}

pin_project! {
    /// Response future of [`ToyotaService`].
    pub struct ResponseFuture<S>
    where
        S: Service<Request<Body>>,
    {
        #[pin]
        state: State<S>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<S>
    where
        S: Service<Request<Body>>,
    {
        Calling { #[pin] future: follow_redirect::ResponseFuture<S, Body, WithinOrigin> },
        Refused { error: Option<DeliveryError> },
    }
}

impl<S: Service<Request<Body>>> fmt::Debug for ResponseFuture<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

impl<S, R> Future for ResponseFuture<S>
where
    S: Service<Request<Body>, Response = Response<R>, Error: Into<BoxError>> + Clone,
{
    type Output = Result<Response<R>, BoxError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProj::Calling { future } => future.poll(cx).map_err(Into::into),
            StateProj::Refused { error } => match error.take() {
                Some(error) => Poll::Ready(Err(error.into())),
                None => Poll::Pending,
            },
        }
    }
}
