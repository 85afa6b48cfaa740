//! The builder of the layer, which checks its settings.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tower_client_call::{InvalidSetting, Principal};

use crate::any_store::AnyStore;
use crate::shared::Shared;
use crate::{CacheLayer, CacheStatus, ChooseRule, Rule, Store};

/// Builds a [`CacheLayer`]; made by [`CacheLayer::builder`].
#[must_use]
pub struct CacheLayerBuilder {
    store: Arc<dyn AnyStore>,
    rules: Arc<dyn ChooseRule>,
    settings: Settings,
}

/// What a cache does where its rules do not say.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) enabled: bool,
    pub(crate) shared: bool,
    pub(crate) principal: Option<Principal>,
    pub(crate) max_entry: u64,
    pub(crate) abandoned: Abandoned,
    pub(crate) collapse: bool,
    pub(crate) longest_wait: Duration,
    pub(crate) uncacheable_for: Duration,
    pub(crate) refresh_timeout: Duration,
    pub(crate) cache_status: Option<CacheStatus>,
}

/// What becomes of an answer whose caller stops reading it, when nobody else reads it either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Abandoned {
    /// It is dropped, and not stored. No task is left behind.
    #[default]
    Dropped,
    /// It is read to its end in a task of its own, and stored; but not for longer than this, nor
    /// more than these bytes.
    Finished {
        /// The time.
        time: Duration,
        /// How many bytes are read at most.
        bytes: u64,
    },
}

impl CacheLayerBuilder {
    pub(crate) fn new(store: impl Store) -> Self {
        Self {
            store: Arc::new(store),
            rules: Arc::new(Rule::standard()),
            settings: Settings {
                enabled: true,
                shared: false,
                principal: None,
                max_entry: 4 * 1024 * 1024,
                abandoned: Abandoned::Dropped,
                collapse: true,
                longest_wait: Duration::from_secs(30),
                uncacheable_for: Duration::from_secs(60),
                refresh_timeout: Duration::from_secs(60),
                cache_status: Some(CacheStatus::default()),
            },
        }
    }

    /// Asks this which [`Rule`] a call is cached by. Default: [`Rule::standard`] for all.
    pub fn rules(mut self, rules: impl ChooseRule) -> Self {
        self.rules = Arc::new(rules);
        self
    }

    /// Begins switched off; see [`CacheHandle::set_enabled`](crate::CacheHandle::set_enabled).
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.settings.enabled = enabled;
        self
    }

    /// Makes it a shared cache: calls without a [`Principal`] are everybody's, and the rules of RFC
    /// 9111 for shared caches count. Default: a private one, for one user or several that it keeps
    /// apart.
    ///
    /// Not above a layer that adds credentials: a shared cache has to see them on the request.
    pub fn shared(mut self) -> Self {
        self.settings.shared = true;
        self
    }

    /// Says that all calls are this principal's that do not name another: calls with credentials
    /// of their own are cached then, and what is stored is found by other layers that say the same.
    ///
    /// Without, such calls pass by: nobody knows whose they are.
    pub fn single_principal(mut self, principal: Principal) -> Self {
        self.settings.principal = Some(principal);
        self
    }

    /// Stores answers of at most so many bytes; longer ones are passed on as they arrive. Default
    /// 4 MiB.
    pub fn max_entry(mut self, bytes: u64) -> Self {
        self.settings.max_entry = bytes;
        self
    }

    /// Says what becomes of an answer whose caller stops reading. Default: it is dropped.
    pub fn abandoned(mut self, abandoned: Abandoned) -> Self {
        self.settings.abandoned = abandoned;
        self
    }

    /// Waits at most so long, all in all, for what other calls are fetching, and no longer than the
    /// call's own [`Deadline`](tower_client_call::Deadline); then fetches as well. More than zero.
    /// Default 30 s.
    pub fn longest_wait(mut self, longest: Duration) -> Self {
        self.settings.longest_wait = longest;
        self
    }

    /// Lets each call fetch for itself.
    pub fn without_collapsing(mut self) -> Self {
        self.settings.collapse = false;
        self
    }

    /// Remembers so long that calls for a resource need not wait for each other, since its answers
    /// cannot be shared. Default 60 s.
    pub fn uncacheable_for(mut self, time: Duration) -> Self {
        self.settings.uncacheable_for = time;
        self
    }

    /// Gives up a fetch in the background after this time; more than zero. Default 60 s.
    pub fn refresh_timeout(mut self, timeout: Duration) -> Self {
        self.settings.refresh_timeout = timeout;
        self
    }

    /// Tells in `Cache-Status` what it did, like this. Default: as `tower-client-cache`.
    pub fn cache_status(mut self, cache_status: CacheStatus) -> Self {
        self.settings.cache_status = Some(cache_status);
        self
    }

    /// Tells nothing in `Cache-Status`.
    pub fn without_cache_status(mut self) -> Self {
        self.settings.cache_status = None;
        self
    }

    /// Builds the layer.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the first setting that cannot be used.
    pub fn build(self) -> Result<CacheLayer, InvalidSetting> {
        let settings = &self.settings;
        for (name, time) in [
            ("longest_wait", settings.longest_wait),
            ("refresh_timeout", settings.refresh_timeout),
        ] {
            InvalidSetting::unless(!time.is_zero(), name, time, "more than zero")?;
        }
        Ok(self.into_layer())
    }

    /// Builds the layer with settings that are known to be good.
    pub(crate) fn into_layer(self) -> CacheLayer {
        CacheLayer::of(Shared::new(self.store, self.rules, self.settings))
    }
}

impl fmt::Debug for CacheLayerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheLayerBuilder")
            .field("store", &self.store)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
