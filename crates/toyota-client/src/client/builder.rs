//! Putting a client together.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tower::Layer;
use tower_client_auth::{AuthLayerBuilder, Credential, Persist};
use tower_client_cache::{CacheLayer, CacheLayerBuilder, MemoryStore, Store};
use tower_client_retry::{RetryLayer, RetryLayerBuilder};

use super::cached::{Cached, rules};
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
    cache: Option<Arc<BeginCache>>,
    cache_ttl: Duration,
    is_cached: bool,
    registry: Registry,
}

/// Gives a layer its store, whose type this forgets.
type AddStore = dyn Fn(AuthLayerBuilder, &Config) -> AuthLayerBuilder + Send + Sync;

/// Begins a cache over a store, whose type this forgets.
type BeginCache = dyn Fn() -> CacheLayerBuilder + Send + Sync;

/// An answer about one account, or one car of it, is one entry.
const MAX_CACHED: usize = 1_000;

impl ToyotaClientBuilder {
    /// With the defaults: no credentials, three attempts, a cache in memory.
    pub(super) fn new() -> Self {
        Self {
            config: Config::new(),
            credentials: Credentials::without_password(),
            credential: None,
            store: None,
            retry: RetryLayer::builder(),
            cache: None,
            cache_ttl: Duration::from_secs(300),
            is_cached: true,
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

    /// Caches answers here: a store whose clones are the same store. Clients can share one; each
    /// account, make and session finds its own in it. Default: 1,000 answers in memory, for this
    /// client and its clones.
    pub fn cache(mut self, store: impl Store + Clone) -> Self {
        self.cache = Some(Arc::new(move || CacheLayer::builder(store.clone())));
        self
    }

    /// Answers the same question (for the cars, or where one is, or what it reports) without asking
    /// the service for this time, in whole seconds. Default 300 s.
    ///
    /// After that nothing old is served, also if the service fails. A
    /// [`CallRecord`](tower_client_call::CallRecord) tells which answer was cached.
    pub fn cache_ttl(mut self, ttl: Duration) -> Self {
        self.cache_ttl = ttl;
        self
    }

    /// Asks the service each time. The client's [`cache`](ToyotaClient::cache) begins switched off.
    pub fn without_cache(mut self) -> Self {
        self.is_cached = false;
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
        let cache = self.begin_cache()?.build()?;
        let mut source = SignInSource::new(login, self.credentials.clone());
        if let Some(credential) = self.credential {
            source = source.starting_from(credential);
        }
        let mut layer = auth::of_source(source, principal, &self.config);
        if let Some(add_store) = self.store {
            layer = add_store(layer, &self.config);
        }
        let auth = layer.build();
        let provider = auth.provider();
        let service = ToyotaService::new(auth.layer(transport), &self.config)?;
        let retry = self.retry.collect_body(MAX_ANSWER_BYTES).build()?;
        let service = retry.layer(service);
        let service = Cached::new(&cache, service, &self.config, &self.credentials, provider);
        let client = ToyotaClient::new(service, &self.config);
        Ok(client.measured_in(self.registry))
    }

    fn begin_cache(&self) -> Result<CacheLayerBuilder, Error> {
        let cache = match &self.cache {
            Some(begin) => begin(),
            None => {
                let store = MemoryStore::builder().max_entries(MAX_CACHED).build()?;
                CacheLayer::builder(store)
            }
        };
        let cache = cache.rules(rules(self.cache_ttl)).enabled(self.is_cached);
        // Nobody sees the fields of answers.
        Ok(cache.without_cache_status())
    }
}

impl fmt::Debug for ToyotaClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToyotaClientBuilder")
            .field("config", &self.config)
            .field("credentials", &self.credentials)
            .field("retry", &self.retry)
            .field("cache_ttl", &self.cache_ttl)
            .field("is_cached", &self.is_cached)
            .finish_non_exhaustive()
    }
}
