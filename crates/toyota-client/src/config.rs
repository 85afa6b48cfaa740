//! The settings of a client, from one place: a file, the environment, code.
//!
//! ```
//! use toyota_client::Config;
//!
//! let config = Config::from_vars(|name| match name {
//!     "TOYOTA_CACHE_TTL" => Some("60".to_owned()),
//!     _ => None,
//! })?
//! .with_retry_max_attempts(5)?;
//!
//! assert_eq!(config.cache.ttl.as_secs(), 60);
//! assert_eq!(config.retry.max_attempts, 5);
//! # Ok::<_, toyota_client::ConfigError>(())
//! ```
//!
//! Later wins: defaults, the file, environment variables, what code sets by `with_*`. [`keys`] lists
//! all there is to set; a file has a table for each section, and all three formats say the same:
//!
//! ```toml
//! [cache]
//! ttl = 60
//! ```
//!
//! What is wrong is told all at once, by a [`ConfigError`].

mod draft;
mod embed;
mod error;
mod file;
mod format;
mod key;
mod kind;
mod load;
mod log_filter;
mod origin;
mod problem;
mod schema;
mod settings;
mod suggest;
mod template;
mod tree;
mod with;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::error::ConfigError;
pub use self::file::platform_folder;
pub use self::key::{Key, keys};
pub use self::load::ConfigLoader;
pub use self::log_filter::{InvalidLogFilter, LogFilter, LogLevel};
pub use self::origin::Origin;
pub use self::problem::{Place, Problem};
pub use self::schema::schema;
pub use self::settings::{
    ApiSettings, AuthSettings, CacheSettings, DisplaySettings, LogFormat, LogRotation,
    LoggingSettings, MetricsSettings, RetrySettings, Settings,
};
pub use self::template::template;
use crate::Credentials;

/// The settings of a client, each within its bounds. They are read by field, as those of
/// [`Settings`], and set by `with_*`.
///
/// Nothing secret is built in: the API key and the OAuth client's secret belong to the app's
/// maker and come from outside.
///
/// ```
/// use toyota_client::{Brand, Config};
///
/// let config = Config::new()
///     .with_brand(Brand::LEXUS)
///     .with_api_key("key")?
///     .with_client_version("2.14.0")?;
///
/// assert_eq!(config.api.brand.code, "L");
/// # Ok::<_, toyota_client::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Config {
    settings: Settings,
    /// Where those come from that are not the defaults.
    origins: BTreeMap<&'static str, Origin>,
    file: Option<Arc<Path>>,
    warnings: Vec<Problem>,
}

impl Deref for Config {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        &self.settings
    }
}

impl Config {
    /// Creates the settings for Toyota in Europe, without API key.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the settings from a file (`.toml`, `.yaml`, `.yml` or `.json`) and from nowhere else.
    ///
    /// Blocks while the file is read.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with everything that is wrong.
    pub fn from_file(path: impl Into<PathBuf>) -> Result<Self, ConfigError> {
        Self::loader().file(path).without_variables().load()
    }

    /// Reads the settings from environment variables; [`keys`] lists them. One that is empty counts
    /// as not set.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with all variables whose values are not allowed.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::loader().without_files().load()
    }

    /// Reads the settings from named variables, as [`from_env`](Self::from_env) does.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with all variables whose values are not allowed.
    pub fn from_vars(read: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let set = keys().filter_map(|key| Some((key.variable(), read(key.variable())?)));
        Self::loader().without_files().variables(set).load()
    }

    /// Reads the settings from a file and from environment variables, which win. The file is the
    /// one that `TOYOTA_CONFIG` names; or, if there is one, `config.toml`, `config.yaml`,
    /// `config.yml` or `config.json` in the folder `toyota` among the user's configuration
    /// (`~/.config/toyota`; on Windows `%APPDATA%\toyota`).
    ///
    /// Blocks while the file is read.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with everything that is wrong.
    pub fn load() -> Result<Self, ConfigError> {
        Self::loader().load()
    }

    /// Returns what reads settings, to be told from where.
    pub fn loader() -> ConfigLoader {
        ConfigLoader::new()
    }

    /// Returns where a value comes from; `None` if there is no such key.
    ///
    /// ```
    /// use toyota_client::Config;
    /// use toyota_client::config::Origin;
    ///
    /// let config = Config::new().with_cache_enabled(false);
    ///
    /// assert_eq!(config.origin("cache.enabled"), Some(&Origin::Code));
    /// assert_eq!(config.origin("cache.ttl"), Some(&Origin::Default));
    /// assert_eq!(config.origin("cache.colour"), None);
    /// ```
    #[must_use]
    pub fn origin(&self, path: &str) -> Option<&Origin> {
        let key = key::find(path)?;
        Some(self.origins.get(key.path()).unwrap_or(&Origin::Default))
    }

    /// Returns the value in force as text, a secret as `***`; `None` if there is none.
    #[must_use]
    pub fn value(&self, key: &Key) -> Option<String> {
        key.text(&self.settings)
    }

    /// Returns the file that was read.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Returns what is no error but probably none of the user's intentions: a variable that is
    /// nearly one of ours, a file with secrets that others can read.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Returns what to sign in with: user name and password, or a user name alone, or `None` if
    /// nothing is set.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when there is a password and nobody whose it is.
    pub fn credentials(&self) -> Result<Option<Credentials>, ConfigError> {
        let (name, password) = (self.auth.username.as_ref(), self.auth.password.clone());
        let whose = "a password is nobody's without a user name";
        let nobody = || ConfigError::missing("auth.username", whose);
        match (name, password) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(nobody()),
            (Some(name), None) => Credentials::of_user(name).map(Some).map_err(|_| nobody()),
            (Some(name), Some(password)) => {
                let known = Credentials::new(name, password);
                known.map(Some).map_err(|_| nobody())
            }
        }
    }

    /// Returns the OAuth client's identifier: the one that is set, or the brand's.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when none is set and the brand has none that is public.
    pub fn client_id(&self) -> Result<&str, ConfigError> {
        let id = self.auth.client_id.as_deref();
        let id = id.unwrap_or(&self.api.brand.client_id);
        if id.is_empty() {
            let needed = "this brand needs the OAuth client identifier of its app";
            return Err(ConfigError::missing("auth.client_id", needed));
        }
        Ok(id)
    }

    /// Returns the realm at the login host: the one that is set, or the brand's.
    #[must_use]
    pub fn realm(&self) -> &str {
        let realm = self.auth.realm.as_deref();
        realm.unwrap_or(&self.api.brand.realm)
    }

    /// Returns where the authorization's answer points to: what is set, or the brand's.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        let uri = self.auth.redirect_uri.as_deref();
        uri.unwrap_or(&self.api.brand.redirect_uri)
    }
}

#[cfg(test)]
mod tests;
