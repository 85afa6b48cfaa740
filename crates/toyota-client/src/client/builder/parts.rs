//! The layers of a client, each as it was set or configured.

use tower_client_auth::{AuthLayer, Provider};
use tower_client_cache::{CacheLayer, CacheLayerBuilder, MemoryStore};
use tower_client_metrics::MetricsLayer;
use tower_client_retry::{RetryLayer, RetryLayerBuilder};

use super::{Switch, ToyotaClientBuilder};
use crate::auth::{self, SignInSource};
use crate::client::MAX_ANSWER_BYTES;
use crate::metrics::Registry;
use crate::pace::{PaceLayer, Pacing};
use crate::stack::{CachedLayer, Link, SendMetrics, cache_rules, link};
use crate::{ConfigError, Error, Login, Transport};

impl ToyotaClientBuilder {
    pub(super) fn transport(&self) -> Result<Link, Error> {
        match &self.transport {
            Some(transport) => Ok(transport.clone()),
            None => Ok(link(Transport::builder().build()?)),
        }
    }

    /// Returns where is measured; `None` is nowhere.
    pub(super) fn registry(&self) -> Option<Registry> {
        match &self.metrics {
            Switch::On(registry) => Some(registry.clone()),
            Switch::AsConfigured => Some(Registry::new()),
            Switch::Off => None,
        }
    }

    pub(super) fn send_metrics(registry: Option<&Registry>) -> Option<SendMetrics> {
        let registry = registry?.clone();
        Some(MetricsLayer::attempt(registry))
    }

    /// Signs in over this transport.
    pub(super) fn auth_layer(&self, transport: Link) -> Result<AuthLayer, Error> {
        let login = Login::new(transport, &self.config)?;
        let principal = auth::principal(&self.credentials);
        if self.store.is_some() && principal.id().is_empty() {
            return Err(ConfigError::nameless_store().into());
        }
        let mut source = SignInSource::new(login, self.credentials.clone());
        if let Some(credential) = &self.credential {
            source = source.starting_from(credential.clone());
        }
        let layer = auth::of_source(source, principal, &self.config);
        let layer = match &self.store {
            Some(add_store) => add_store(layer, &self.config),
            None => layer,
        };
        Ok(layer.build())
    }

    pub(super) fn pace_layer(&self) -> Result<Option<PaceLayer>, Error> {
        match &self.pace {
            Switch::On(pace) => Ok(Some(pace.clone())),
            Switch::AsConfigured => Ok(Some(PaceLayer::new(Pacing::default())?)),
            Switch::Off => Ok(None),
        }
    }

    pub(super) fn retry_layer(&self) -> Result<Option<RetryLayer>, Error> {
        let retry = match &self.retry {
            Switch::On(retry) => retry.clone(),
            Switch::AsConfigured => RetryLayerBuilder::default(),
            Switch::Off => return Ok(None),
        };
        Ok(Some(retry.collect_body(MAX_ANSWER_BYTES).build()?))
    }

    pub(super) fn cached_layer(&self, provider: Provider) -> Result<CachedLayer, Error> {
        let ttl = self
            .cache_ttl
            .unwrap_or(std::time::Duration::from_secs(300));
        let cache = self.begin_cache()?;
        let cache = cache
            .rules(cache_rules(&self.operations, ttl))
            .enabled(!matches!(self.cache, Switch::Off))
            // Nobody sees the fields of answers.
            .without_cache_status()
            .build()?;
        Ok(CachedLayer::new(
            cache,
            &self.config,
            &self.credentials,
            provider,
        ))
    }

    fn begin_cache(&self) -> Result<CacheLayerBuilder, Error> {
        match &self.cache {
            Switch::On(begin) => Ok(begin()),
            Switch::AsConfigured | Switch::Off => {
                let store = MemoryStore::builder().max_entries(1000).build()?;
                Ok(CacheLayer::builder(store))
            }
        }
    }
}
