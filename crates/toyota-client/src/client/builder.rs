//! Putting a client together.

mod parts;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tower::Layer;
use tower_client::auth::{AuthLayerBuilder, Credential, Persist};
use tower_client::cache::{CacheLayer, CacheLayerBuilder, Store};
use tower_client::retry::RetryLayerBuilder;

use super::user::User;
use super::{AccountName, ToyotaClient};
use crate::auth;
use crate::metrics::Registry;
use crate::operations::Operations;
use crate::pace::PaceLayer;
use crate::service::ToyotaLayer;
use crate::stack::{Layers, Link, OwnLayers, Place, link, over};
use crate::wake::WakeSettings;
use crate::{Clock, Config, Credentials, Error, HttpService, Memory};

/// Puts a [`ToyotaClient`] together: the layers of [`stack`](crate::stack), set up by a [`Config`].
///
/// What is set here goes before what the configuration says, in whatever order it is said.
#[derive(Clone)]
#[must_use]
pub struct ToyotaClientBuilder {
    config: Config,
    credentials: Option<Credentials>,
    credential: Option<Credential>,
    store: Option<Arc<AddStore>>,
    operations: Operations,
    clock: Clock,
    memory: Memory,
    wakes: Option<WakeSettings>,
    is_authenticated: bool,
    retry: Switch<RetryLayerBuilder>,
    cache: Switch<Arc<BeginCache>>,
    cache_ttl: Option<Duration>,
    pace: Switch<PaceLayer>,
    metrics: Switch<Registry>,
    own: OwnLayers,
    transport: Option<Link>,
}

/// Whether there is a layer, and how it is set up.
#[derive(Clone)]
enum Switch<T> {
    AsConfigured,
    Off,
    On(T),
}

/// Gives a layer its store, whose type this forgets.
type AddStore = dyn Fn(AuthLayerBuilder, &Config) -> AuthLayerBuilder + Send + Sync;

/// Begins a cache over a store, whose type this forgets.
type BeginCache = dyn Fn() -> CacheLayerBuilder + Send + Sync;

impl ToyotaClientBuilder {
    /// With the defaults of [`Config`].
    pub(super) fn new() -> Self {
        Self {
            config: Config::new(),
            credentials: None,
            credential: None,
            store: None,
            operations: Operations::default(),
            clock: Clock::system(),
            memory: Memory::in_process(),
            wakes: None,
            is_authenticated: true,
            retry: Switch::AsConfigured,
            cache: Switch::AsConfigured,
            cache_ttl: None,
            pace: Switch::AsConfigured,
            metrics: Switch::AsConfigured,
            own: OwnLayers::default(),
            transport: None,
        }
    }

    /// Sets the configuration.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Sets what to sign in with, instead of what is configured.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
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

    /// Puts no credentials on requests: for a layer of one's own that does, at
    /// [`Place::Attempts`] or [`Place::Sends`].
    pub fn without_auth(mut self) -> Self {
        self.is_authenticated = false;
        self
    }

    /// Sets how calls are repeated, instead of as configured.
    ///
    /// Whatever it says, an answer is read to its end in each attempt, so that one that breaks off
    /// is asked for again.
    pub fn retry(mut self, retry: RetryLayerBuilder) -> Self {
        self.retry = Switch::On(retry);
        self
    }

    /// Repeats nothing.
    pub fn without_retry(mut self) -> Self {
        self.retry = Switch::Off;
        self
    }

    /// Caches answers here: a store whose clones are the same store. Clients can share one; each
    /// account, make and session finds its own in it. Default: as configured, which is in memory,
    /// for this client and its clones.
    pub fn cache(mut self, store: impl Store + Clone) -> Self {
        self.cache = Switch::On(Arc::new(move || CacheLayer::builder(store.clone())));
        self
    }

    /// Answers the same question (for the cars, or where one is, or what it reports) without asking
    /// the service for this time, in whole seconds, unless the operation's
    /// [rules](Self::operations) say another. Default: as configured.
    ///
    /// After that nothing old is served, also if the service fails. A
    /// [`CallRecord`](tower_client::call::CallRecord) tells which answer was cached.
    pub fn cache_ttl(mut self, ttl: Duration) -> Self {
        self.cache_ttl = Some(ttl);
        self
    }

    /// Asks the service each time. The client's [`cache`](ToyotaClient::cache) begins switched off.
    pub fn without_cache(mut self) -> Self {
        self.cache = Switch::Off;
        self
    }

    /// Sets how requests are paced, instead of as configured: give clones of one layer to several
    /// clients of an account.
    pub fn pace(mut self, pace: PaceLayer) -> Self {
        self.pace = Switch::On(pace);
        self
    }

    /// Sends requests as they come, any number at once. The service answers a handful that come
    /// together with 429.
    pub fn without_pace(mut self) -> Self {
        self.pace = Switch::Off;
        self
    }

    /// Measures calls and requests in this registry, which several clients can share, instead of
    /// in one of its own.
    pub fn metrics(mut self, registry: Registry) -> Self {
        self.metrics = Switch::On(registry);
        self
    }

    /// Measures nothing. The client's [registry](ToyotaClient::metrics) stays empty.
    pub fn without_metrics(mut self) -> Self {
        self.metrics = Switch::Off;
        self
    }

    /// Sets how each operation is treated: what is cached, what may be repeated, what goes first,
    /// how long it may take.
    pub fn operations(mut self, operations: Operations) -> Self {
        self.operations = operations;
        self
    }

    /// Tells ages, quotas and periods by this clock, instead of the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Remembers here what is learnt of cars, such as by which routes they are asked and how often they
    /// were woken; clients can share one. Default: as long as the client and its clones live.
    pub fn memory(mut self, memory: Memory) -> Self {
        self.memory = memory;
        self
    }

    /// Sets how often cars may be woken, and how long their answers are waited for, instead of as configured.
    pub fn wakes(mut self, wakes: WakeSettings) -> Self {
        self.wakes = Some(wakes);
        self
    }

    /// Adds a layer outside of all that answer or repeat: [`layer_at`](Self::layer_at)
    /// [`Place::Calls`].
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Link, Service: HttpService> + Send + Sync + 'static,
    {
        self.layer_at(Place::Calls, layer)
    }

    /// Adds a layer at a place, inside of those that were added there before.
    pub fn layer_at<L>(mut self, place: Place, layer: L) -> Self
    where
        L: Layer<Link, Service: HttpService> + Send + Sync + 'static,
    {
        self.own.add(place, layer);
        self
    }

    /// Sends requests through this service, instead of a [`Transport`](crate::Transport) of the client's own: a
    /// transport with other settings, one that is shared, or any service that answers absolute URIs.
    pub fn service(mut self, transport: impl HttpService) -> Self {
        self.transport = Some(link(transport));
        self
    }

    /// Builds the client. Opens no connection, reads no file, and starts no task.
    ///
    /// # Errors
    ///
    /// [`Error`] of [`Kind::Validation`](crate::Kind::Validation) when a setting cannot be used.
    pub fn build(self) -> Result<ToyotaClient, Error> {
        let registry = self.registry();
        let send_metrics = Self::send_metrics(registry.as_ref());
        let transport = over(send_metrics, self.transport()?);
        let credentials = self.credentials_in_force()?;
        let auth = self.auth_layer(transport.clone(), &credentials)?;
        let provider = auth.provider();
        let layers = Layers {
            cache: self.cached_layer(&credentials, provider.clone())?,
            retry: self.retries()?,
            pace: self.pace_layer()?,
            identity: ToyotaLayer::new(&self.config)?,
            auth: self.is_authenticated.then_some(auth),
            own: self.own,
        };
        let user = self
            .is_authenticated
            .then(|| User::signed_in(provider.clone()));
        let stack = layers.around(transport, provider);
        let account = AccountName::new(stack.account());
        let client = ToyotaClient::new(stack, &self.config)
            .by_rules(self.operations)
            .by_clock(self.clock)
            .remembering(self.memory)
            .waking(self.wakes.unwrap_or(self.config.wake))?;
        let client = ToyotaClient {
            account,
            user,
            ..client
        };
        Ok(match registry {
            Some(registry) => client.measured_in(registry),
            None => client.unmeasured(),
        })
    }
}

impl fmt::Debug for ToyotaClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToyotaClientBuilder")
            .field("config", &self.config)
            .field("credentials", &self.credentials)
            .field("own_layers", &self.own)
            .finish_non_exhaustive()
    }
}
