//! Puts the signed-in user on every request: signs in at the first, renews when it is time.
//!
//! The tokens are kept by one keeper for all clones: whoever needs new ones first obtains them,
//! the others wait for that. A sign-in or refresh runs in a task of its own, so that a caller who
//! leaves does not take a rotated refresh token with it.

mod account;
mod keeper;

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Either, Full, Limited};
use serde_json::Value;
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_client_call::{Delivery, DeliveryError};

use self::keeper::Keeper;
use crate::envelope::{Message, Refusal, refusal};
use crate::{BaseUrl, Body, Config, Credentials, HttpService, Login, LoginError, Tokens};

/// A refusal of a token is a few hundred bytes.
const MAX_PEEK_BYTES: usize = 64 * 1024;
const MAX_PEEK_TIME: Duration = Duration::from_secs(5);

/// Puts the signed-in user on every request to the API.
///
/// - The first request signs in; tokens are renewed a minute before they expire.
/// - A refresh that fails for a passing reason keeps the old tokens and never falls back to the
///   password. One that is refused for good does, if there is a password.
/// - After a permanent refusal every request fails at once with the same
///   [`LoginError`]: nothing hammers the login host or locks the account.
/// - A token that the API refuses (401, or its 403 that says so) is renewed once and the request
///   repeated once, if its body can be.
/// - A request to another origin than the API's goes through untouched.
///
/// ```no_run
/// use toyota_client::{Config, Credentials, Login, SessionLayer, ToyotaService, Transport};
/// use tower::ServiceBuilder;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = Config::from_env()?;
/// let transport = Transport::builder().build()?;
/// let login = Login::new(transport.clone(), &config)?;
/// let credentials = Credentials::new("owner@example.com", "password")?;
///
/// let service = ServiceBuilder::new()
///     .layer(SessionLayer::new(login, credentials, &config))
///     .service(ToyotaService::new(transport, &config)?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct SessionLayer<L> {
    keeper: Keeper<L>,
    api_url: BaseUrl,
}

impl<L> SessionLayer<L> {
    /// Creates a layer that signs in with these credentials when the first request needs it.
    pub fn new(login: Login<L>, credentials: Credentials, config: &Config) -> Self {
        Self {
            keeper: Keeper::new(login, credentials, config),
            api_url: config.api_url.clone(),
        }
    }

    /// Starts with these tokens instead of a sign-in.
    pub fn tokens(self, tokens: Tokens) -> Self {
        Self {
            keeper: self.keeper.with_tokens(tokens),
            ..self
        }
    }
}

impl<S, L: Clone> Layer<S> for SessionLayer<L> {
    type Service = Session<S, L>;

    fn layer(&self, inner: S) -> Session<S, L> {
        Session {
            inner,
            layer: self.clone(),
        }
    }
}

impl<L> fmt::Debug for SessionLayer<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionLayer")
            .field("api_url", &self.api_url)
            .finish_non_exhaustive()
    }
}

/// The service of [`SessionLayer`].
#[derive(Clone, Debug)]
pub struct Session<S, L> {
    inner: S,
    layer: SessionLayer<L>,
}

impl<S, L> Session<S, L> {
    /// Returns the service below.
    #[must_use]
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Returns the service below mutably.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the service below, without the session.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.inner
    }
}

/// The answer of the service below, or one whose body had to be read to understand it.
pub type SessionBody<R> = Either<R, Full<Bytes>>;

impl<S, L> Service<Request<Body>> for Session<S, L>
where
    S: HttpService,
    L: HttpService,
{
    type Response = Response<SessionBody<S::ResponseBody>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let next = self.inner.clone();
        let ready = mem::replace(&mut self.inner, next.clone());
        let layer = self.layer.clone();
        Box::pin(async move {
            let target = layer.api_url.resolve(request.uri());
            if !target.is_some_and(|target| layer.api_url.same_origin(&target)) {
                let mut ready = ready;
                let response = ready.call(request).await.map_err(Into::into)?;
                return Ok(response.map(Either::Left));
            }
            signed_in(ready, next, &layer.keeper, request).await
        })
    }
}

/// Sends a request for the user, and once more if its token was refused.
async fn signed_in<S: HttpService, L: HttpService>(
    mut ready: S,
    next: S,
    keeper: &Keeper<L>,
    mut request: Request<Body>,
) -> Result<Response<SessionBody<S::ResponseBody>>, BoxError> {
    let account = keeper.account().await;
    let account = account.map_err(|error| without_account(Delivery::NotSent, error))?;
    account.put_on(request.headers_mut());
    let repeat = try_clone(&request);
    let response = ready.call(request).await.map_err(Into::into)?;
    let (response, refused) = peek(response).await;
    if !refused {
        return Ok(response);
    }
    keeper.refused(&account).await;
    let Some(mut request) = repeat else {
        return Ok(response);
    };
    tracing::debug!("the token was refused; renewing it and repeating the request");
    let account = keeper.account().await;
    let account = account.map_err(|error| without_account(Delivery::Answered, error))?;
    account.put_on(request.headers_mut());
    let response = next.oneshot(request).await.map_err(Into::into)?;
    Ok(response.map(Either::Left))
}

/// What becomes of a request that nobody is signed in for.
fn without_account(delivery: Delivery, error: LoginError) -> DeliveryError {
    let (permanent, wait) = (error.is_permanent(), error.retry_after());
    let error = delivery.because(error);
    match wait {
        _ if permanent => error.permanent(),
        Some(wait) => error.after(wait),
        None => error,
    }
}

fn try_clone(request: &Request<Body>) -> Option<Request<Body>> {
    let mut clone = Request::new(request.body().try_clone()?);
    *clone.method_mut() = request.method().clone();
    *clone.uri_mut() = request.uri().clone();
    *clone.version_mut() = request.version();
    *clone.headers_mut() = request.headers().clone();
    *clone.extensions_mut() = request.extensions().clone();
    Some(clone)
}

/// Tells whether an answer refuses the token. Toyota's gateway says so by 403 and a word in the
/// body, so the body of a 403 is read, within bounds, and passed on as far as it came.
async fn peek<R>(response: Response<R>) -> (Response<SessionBody<R>>, bool)
where
    R: http_body::Body<Data = Bytes, Error: Into<BoxError>>,
{
    match response.status() {
        StatusCode::UNAUTHORIZED => (response.map(Either::Left), true),
        StatusCode::FORBIDDEN => {
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, MAX_PEEK_BYTES).collect();
            let body = match tokio::time::timeout(MAX_PEEK_TIME, body).await {
                Ok(Ok(body)) => body.to_bytes(),
                Ok(Err(_)) | Err(_) => Bytes::new(),
            };
            let json: Value = serde_json::from_slice(&body).unwrap_or_default();
            let refused = refusal(parts.status, &Message::of(&json)) == Refusal::Token;
            let response = Response::from_parts(parts, Either::Right(Full::new(body)));
            (response, refused)
        }
        _ => (response.map(Either::Left), false),
    }
}
