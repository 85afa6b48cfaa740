//! What code sets of the cache.

use std::time::Duration;

use super::seconds;
use crate::{Config, ConfigError};

impl Config {
    /// Sets whether answers are cached.
    pub fn with_cache_enabled(self, enabled: bool) -> Self {
        self.by_code("cache.enabled", |it| it.cache.enabled = enabled)
    }

    /// Sets how long an answer is given again (300 s by default), in whole seconds.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it has fractions, or is longer than a day.
    pub fn with_cache_ttl(self, ttl: Duration) -> Result<Self, ConfigError> {
        self.by_text("with_cache_ttl", "cache.ttl", &seconds(ttl))
    }

    /// Sets how many answers are kept in memory (1,000 by default).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is none, or more than a million.
    pub fn with_cache_max_size(self, answers: usize) -> Result<Self, ConfigError> {
        self.by_text(
            "with_cache_max_size",
            "cache.max_size",
            &answers.to_string(),
        )
    }

    /// Sets where answers are kept: several are tiers, the first uppermost (`memory` by default).
    ///
    /// ```
    /// use toyota_client::Config;
    ///
    /// let config = Config::new().with_cache_store(&["memory"])?;
    ///
    /// assert!(config.cache.store[0].is_memory());
    /// # Ok::<_, toyota_client::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when there is none, or more than eight, or one is no store, or of a kind that is
    /// not built in: `disk:` needs this crate's feature `cache-disk`, and Redis `cache-redis`.
    pub fn with_cache_store(self, stores: &[&str]) -> Result<Self, ConfigError> {
        self.by_list("with_cache_store", "cache.store", stores)
    }
}
