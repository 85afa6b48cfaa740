//! The grants that need no browser.

use std::collections::HashMap;
use std::fmt;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use secrecy::{ExposeSecret, SecretString};
use tower::{BoxError, Service};
use tower_client_call::Principal;

use super::exchange::exchange;
use super::{OAuthClient, OAuthError};
use crate::{Credential, RefreshToken, TokenError, TokenSource};

/// Refreshes: exchanges a refresh token for an access token (RFC 6749 section 6).
///
/// The refresh token is the one that the last credential remembers ([`RefreshToken`]), at first the
/// principal's [`initial_token`](Self::initial_token); without either the error is permanent. One
/// in the answer takes its place, otherwise it stays.
///
/// An access token whose answer does not say how long it is good for (a positive `expires_in`) does
/// not expire as far as we know: it is used until it is refused. The time that the exchange took is
/// taken off the lifetime.
///
/// Where refresh tokens rotate give the layer a store ([`Persist`](crate::Persist)): an initial
/// token is worth nothing once it was used.
#[derive(Clone)]
pub struct RefreshTokenGrant<S> {
    service: S,
    client: OAuthClient,
    initial: HashMap<Principal, RefreshToken>,
}

impl<S> RefreshTokenGrant<S> {
    /// Creates the source, which asks by this service.
    #[must_use]
    pub fn new(service: S, client: OAuthClient) -> Self {
        Self {
            service,
            client,
            initial: HashMap::new(),
        }
    }

    /// Begins with this refresh token for a principal, as long as there is no other. Requests that
    /// do not say whose they are belong to `Principal::new("")` unless the layer is told otherwise.
    ///
    /// It belongs to this principal in this epoch only: nobody else is signed in by it, and after a
    /// logout nobody at all.
    #[must_use]
    pub fn initial_token(mut self, principal: &Principal, token: impl Into<SecretString>) -> Self {
        let token = RefreshToken::from(token.into());
        self.initial.insert(principal.clone(), token);
        self
    }
}

impl<S, R> TokenSource for RefreshTokenGrant<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    R: Body<Data = Bytes> + Send,
    R::Error: Into<BoxError>,
{
    async fn fetch(
        &self,
        principal: &Principal,
        previous: Option<&Credential>,
    ) -> Result<Credential, TokenError> {
        let remembered = previous.and_then(Credential::get::<RefreshToken>);
        let token = remembered.or_else(|| self.initial.get(principal).cloned());
        let token = token.ok_or_else(OAuthError::not_signed_in)?;
        let request = self.client.request(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", token.secret().expose_secret()),
        ]);
        let granted = exchange(self.service.clone(), request).await?;
        let token = granted.refresh_token.unwrap_or(token);
        Ok(granted.credential.with(token))
    }
}

impl<S> fmt::Debug for RefreshTokenGrant<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshTokenGrant")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// Asks for a token of our own, by our id and secret alone (RFC 6749 section 4.4): the same for
/// every principal.
///
/// Lifetimes are those of [`RefreshTokenGrant`]; a refresh token, which an answer should not have,
/// is not kept.
#[derive(Clone)]
pub struct ClientCredentialsGrant<S> {
    service: S,
    client: OAuthClient,
}

impl<S> ClientCredentialsGrant<S> {
    /// Creates the source, which asks by this service.
    #[must_use]
    pub fn new(service: S, client: OAuthClient) -> Self {
        Self { service, client }
    }
}

impl<S, R> TokenSource for ClientCredentialsGrant<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    R: Body<Data = Bytes> + Send,
    R::Error: Into<BoxError>,
{
    async fn fetch(&self, _: &Principal, _: Option<&Credential>) -> Result<Credential, TokenError> {
        let grant = [("grant_type", "client_credentials")];
        let request = self.client.request(&grant);
        let granted = exchange(self.service.clone(), request).await?;
        Ok(granted.credential)
    }
}

impl<S> fmt::Debug for ClientCredentialsGrant<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentialsGrant")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
