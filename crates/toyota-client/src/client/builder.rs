//! Putting a client together.

use std::fmt;
use std::sync::Arc;

use tower::Layer;
use tower_client_auth::{AuthLayerBuilder, Credential, Persist};
use tower_client_retry::{RetryLayer, RetryLayerBuilder};

use super::{MAX_ANSWER_BYTES, Stack, ToyotaClient};
use crate::auth::{self, SignInSource};
use crate::metrics::{AsError, Registry, measured};
use crate::{
    Config, ConfigError, Credentials, Error, HttpService, Login, ToyotaService, Transport,
};

/// Puts a [`ToyotaClient`] together.
#[derive(Clone)]
#[must_use]
pub struct ToyotaClientBuilder {
    config: Config,
    credentials: Credentials,
    credential: Option<Credential>,
    store: Option<Arc<AddStore>>,
    retry: RetryLayerBuilder,
    registry: Registry,
}

/// Gives a layer its store, whose type this forgets.
type AddStore = dyn Fn(AuthLayerBuilder, &Config) -> AuthLayerBuilder + Send + Sync;

impl ToyotaClientBuilder {
    /// With the defaults: no credentials, three attempts.
    pub(super) fn new() -> Self {
        Self {
            config: Config::new(),
            credentials: Credentials::without_password(),
            credential: None,
            store: None,
            retry: RetryLayer::builder(),
            registry: Registry::new(),
        }
    }

    /// Sets the configuration.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Sets what to sign in with.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Starts with the credential of an earlier sign-in.
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credential = Some(credential);
        self
    }

    /// Keeps tokens here, such as in a [`FileStore`](auth::FileStore): the next process does not
    /// sign in again, and processes that share it refresh once between them. Default: they end
    /// with the client. Needs credentials with a user name, under which tokens are kept.
    pub fn token_store(mut self, store: impl Persist) -> Self {
        let store = Arc::new(store);
        self.store = Some(Arc::new(move |layer, config| {
            layer.persist(Arc::clone(&store), auth::issuer(config))
        }));
        self
    }

    /// Sets how calls are repeated, instead of by the defaults of [`RetryLayer`].
    ///
    /// Whatever it says, an answer is read to its end in each attempt, so that one that breaks off
    /// is asked for again. With `max_attempts(1)` nothing is repeated.
    pub fn retry(mut self, retry: RetryLayerBuilder) -> Self {
        self.retry = retry;
        self
    }

    /// Measures calls and requests in this registry, which several clients can share, instead of
    /// in one of its own.
    pub fn metrics(mut self, registry: Registry) -> Self {
        self.registry = registry;
        self
    }

    /// Builds the client over a transport of its own. Opens no connection.
    ///
    /// # Errors
    ///
    /// [`Error`] of [`Kind::Validation`](crate::Kind::Validation) when a setting cannot be used.
    pub fn build(self) -> Result<ToyotaClient, Error> {
        let transport = Transport::builder().build()?;
        self.build_over(transport)
    }

    /// Builds the client over this transport: one with other settings, a shared one, or any
    /// service that answers absolute URIs.
    ///
    /// # Errors
    ///
    /// [`Error`] of [`Kind::Validation`](crate::Kind::Validation) when a setting cannot be used.
    pub fn build_over<T, V>(self, transport: T) -> Result<ToyotaClient<Stack<T, V>>, Error>
    where
        T: HttpService<Error: AsError<V>>,
        V: 'static,
    {
        let transport = measured(transport, &self.registry);
        let login = Login::new(transport.clone(), &self.config)?;
        let principal = auth::principal(&self.credentials);
        if self.store.is_some() && principal.id().is_empty() {
            return Err(ConfigError::nameless_store().into());
        }
        let mut source = SignInSource::new(login, self.credentials);
        if let Some(credential) = self.credential {
            source = source.starting_from(credential);
        }
        let mut layer = auth::of_source(source, principal, &self.config);
        if let Some(add_store) = self.store {
            layer = add_store(layer, &self.config);
        }
        let service = ToyotaService::new(layer.build().layer(transport), &self.config)?;
        let retry = self.retry.collect_body(MAX_ANSWER_BYTES).build()?;
        let client = ToyotaClient::new(retry.layer(service), &self.config);
        Ok(client.measured_in(self.registry))
    }
}

impl fmt::Debug for ToyotaClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToyotaClientBuilder")
            .field("config", &self.config)
            .field("credentials", &self.credentials)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
