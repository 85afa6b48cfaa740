//! The layers of a client, each as it was set or configured.

use tower_client::auth::{AuthLayer, Origins, Provider, TokenError, source_fn};
use tower_client::cache::{CacheLayer, CacheLayerBuilder};
use tower_client::metrics::MetricsLayer;
use tower_client::retry::{Policy, RetryLayer, StandardPolicy};

use super::{Switch, ToyotaClientBuilder};
use crate::auth::{self, SignInSource};
use crate::client::MAX_ANSWER_BYTES;
use crate::metrics::Registry;
use crate::operations::check_ttl;
use crate::pace::{PaceLayer, Pacing};
use crate::stack::{
    CachedLayer, Link, Retries, SendMetrics, UnlessCold, cache_rules, is_cold_status, link,
};
use crate::{ConfigError, Credentials, Error, Login, Transport};

/// Why there is no credential to be had.
#[derive(Debug, thiserror::Error)]
#[error("this client signs nobody in")]
struct NoSignIn;

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
            Switch::AsConfigured if self.config.metrics.enabled => Some(Registry::new()),
            Switch::AsConfigured | Switch::Off => None,
        }
    }

    pub(super) fn send_metrics(registry: Option<&Registry>) -> Option<SendMetrics> {
        let registry = registry?.clone();
        Some(MetricsLayer::attempt(registry))
    }

    /// Returns what to sign in with: what was set, or configured, or nothing.
    pub(super) fn credentials_in_force(&self) -> Result<Credentials, Error> {
        if let Some(credentials) = &self.credentials {
            return Ok(credentials.clone());
        }
        let configured = self.config.credentials()?;
        Ok(configured.unwrap_or_else(Credentials::without_password))
    }

    /// Signs in over this transport, if somebody signs in at all.
    pub(super) fn auth_layer(
        &self,
        transport: Link,
        credentials: &Credentials,
    ) -> Result<AuthLayer, Error> {
        let principal = auth::principal(credentials);
        if !self.is_authenticated {
            let nobody = source_fn(|_, _| async { Err(TokenError::permanent(NoSignIn)) });
            let layer = AuthLayer::builder(nobody, Origins::default()).principal(principal);
            return Ok(layer.build());
        }
        let login = Login::new(transport, &self.config)?;
        if self.store.is_some() && principal.id().is_empty() {
            return Err(ConfigError::nameless_store().into());
        }
        let mut source = SignInSource::new(login, credentials.clone());
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
            Switch::AsConfigured => {
                let api = &self.config.api;
                let pacing = Pacing {
                    max_in_flight: api.max_in_flight,
                    min_gap: api.min_gap,
                };
                Ok(Some(PaceLayer::new(pacing)?))
            }
            Switch::Off => Ok(None),
        }
    }

    pub(super) fn retries(&self) -> Result<Retries, Error> {
        match &self.retry {
            Switch::On(retry) => {
                let retry = retry.clone().collect_body(MAX_ANSWER_BYTES);
                Ok(Retries::Own(retry.build()?))
            }
            Switch::AsConfigured => {
                let configured = &self.config.retry;
                let policy: UnlessCold = StandardPolicy::new().unless(is_cold_status);
                let retry = RetryLayer::builder()
                    .max_attempts(configured.max_attempts)
                    .backoff(configured.backoff())
                    .policy(policy)
                    .collect_body(MAX_ANSWER_BYTES);
                Ok(Retries::Configured(retry.build()?))
            }
            Switch::Off => Ok(Retries::Off),
        }
    }

    pub(super) fn cached_layer(
        &self,
        credentials: &Credentials,
        provider: Provider,
    ) -> Result<CachedLayer, Error> {
        let configured = &self.config.cache;
        let ttl = self.cache_ttl.unwrap_or(configured.ttl);
        check_ttl("cache_ttl", ttl)?;
        let enabled = match self.cache {
            Switch::On(_) => true,
            Switch::AsConfigured => configured.enabled,
            Switch::Off => false,
        };
        let cache = self.begin_cache()?;
        let cache = cache
            .rules(cache_rules(&self.operations, ttl))
            .enabled(enabled)
            // Nobody sees the fields of answers.
            .without_cache_status()
            .build()?;
        Ok(CachedLayer::new(cache, &self.config, credentials, provider))
    }

    fn begin_cache(&self) -> Result<CacheLayerBuilder, Error> {
        match &self.cache {
            Switch::On(begin) => Ok(begin()),
            // What is switched off can be forgotten, and switched on again.
            Switch::AsConfigured | Switch::Off => {
                Ok(CacheLayer::builder(self.config.cache.open()?))
            }
        }
    }
}
