//! What code sets: the last word, by the rules that hold for files and variables.

mod cache;
mod wake;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::draft::Draft;
use super::{Config, ConfigError, LogFormat, LogRotation, Origin, Place, Settings, key};
use crate::{BaseUrl, Brand};

/// What code sets wins over files and variables. Each of these fails with a [`ConfigError`] if the
/// value is not allowed: [`keys`](super::keys) tells what is.
impl Config {
    /// Sets where API requests go.
    pub fn with_api_url(self, url: BaseUrl) -> Self {
        self.by_code("api.base_url", |it| it.api.base_url = url)
    }

    /// Sets the make.
    pub fn with_brand(self, brand: Brand) -> Self {
        self.by_code("api.brand", |it| it.api.brand = brand)
    }

    /// Sets the gateway's API key.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when a header cannot carry it.
    pub fn with_api_key(self, key: impl Into<SecretString>) -> Result<Self, ConfigError> {
        self.by_text("with_api_key", "api.key", key.into().expose_secret())
    }

    /// Sets the app version that the client claims to be. The service checks that requests are
    /// signed with the same text, not which version it is.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is empty or has characters other than visible ASCII.
    pub fn with_client_version(self, text: &str) -> Result<Self, ConfigError> {
        self.by_text("with_client_version", "api.client_version", text)
    }

    /// Sets how long one call may take in all, its body included (60 s by default), and each
    /// request of a sign-in.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is zero, longer than an hour, or no longer than the gap that was set.
    pub fn with_timeout(self, timeout: Duration) -> Result<Self, ConfigError> {
        self.by_text("with_timeout", "api.timeout", &seconds(timeout))
    }

    /// Sets how many requests of one account may be under way at once (1 by default).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is none, or more than 16.
    pub fn with_max_in_flight(self, requests: usize) -> Result<Self, ConfigError> {
        self.by_text(
            "with_max_in_flight",
            "api.max_in_flight",
            &requests.to_string(),
        )
    }

    /// Sets how far apart two requests of one account begin, at least (0.1 s by default).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is longer than a minute, or not shorter than the timeout.
    pub fn with_min_gap(self, gap: Duration) -> Result<Self, ConfigError> {
        self.by_text("with_min_gap", "api.min_gap", &seconds(gap))
    }

    /// Sets other paths for functions that the service has moved: by feature, first tried first.
    ///
    /// ```
    /// use toyota_client::Config;
    ///
    /// let config = Config::new().with_routes(&["status=/v3/vehicle/status,old"])?;
    /// # assert_eq!(config.api.routes.as_ref().map(Vec::len), Some(1));
    /// # Ok::<_, toyota_client::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when there are more than 64, or one is none:
    /// [`RouteOverride`](crate::routes::RouteOverride) tells what is.
    pub fn with_routes(self, routes: &[&str]) -> Result<Self, ConfigError> {
        self.by_list("with_routes", "api.routes", routes)
    }

    /// Sets where sign-in requests go.
    pub fn with_login_url(self, url: BaseUrl) -> Self {
        self.by_code("auth.login_url", |it| it.auth.login_url = url)
    }

    /// Sets who signs in.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is no mail address.
    pub fn with_username(self, name: &str) -> Result<Self, ConfigError> {
        self.by_text("with_username", "auth.username", name)
    }

    /// Sets the password of who signs in.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is empty or longer than 4096 bytes.
    pub fn with_password(self, password: impl Into<SecretString>) -> Result<Self, ConfigError> {
        self.by_text(
            "with_password",
            "auth.password",
            password.into().expose_secret(),
        )
    }

    /// Sets the OAuth client's identifier, instead of the brand's.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is empty or has characters other than visible ASCII.
    pub fn with_client_id(self, id: &str) -> Result<Self, ConfigError> {
        self.by_text("with_client_id", "auth.client_id", id)
    }

    /// Sets the OAuth client's secret.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is empty or longer than 4096 bytes.
    pub fn with_client_secret(self, secret: impl Into<SecretString>) -> Result<Self, ConfigError> {
        self.by_text(
            "with_client_secret",
            "auth.client_secret",
            secret.into().expose_secret(),
        )
    }

    /// Sets the realm at the login host, instead of the brand's.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is no segment of a path.
    pub fn with_realm(self, realm: &str) -> Result<Self, ConfigError> {
        self.by_text("with_realm", "auth.realm", realm)
    }

    /// Sets where the authorization's answer points to, instead of the brand's.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is no absolute URI.
    pub fn with_redirect_uri(self, uri: &str) -> Result<Self, ConfigError> {
        self.by_text("with_redirect_uri", "auth.redirect_uri", uri)
    }

    /// Sets the folder in which `toyota` stores tokens, instead of the platform's.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is empty or no UTF-8, or begins with a `~`.
    pub fn with_token_dir(self, folder: impl AsRef<Path>) -> Result<Self, ConfigError> {
        self.by_path("with_token_dir", "auth.token_dir", folder.as_ref())
    }

    /// Sets how often a call is attempted, the first time included (3 by default).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is none, or more than 100.
    pub fn with_retry_max_attempts(self, attempts: u32) -> Result<Self, ConfigError> {
        self.by_text(
            "with_retry_max_attempts",
            "retry.max_attempts",
            &attempts.to_string(),
        )
    }

    /// Sets how long the first wait is, and the longest (1 s and 60 s by default).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when one is zero or longer than a day, or the longest is not.
    pub fn with_retry_delays(self, base: Duration, max: Duration) -> Result<Self, ConfigError> {
        let mut draft = Draft::of(self);
        let method = "with_retry_delays";
        set(&mut draft, method, "retry.base_delay", &seconds(base));
        set(&mut draft, method, "retry.max_delay", &seconds(max));
        draft.finish()
    }

    /// Sets by how much each wait is longer than the one before (2 by default).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is less than 1, or more than 100.
    pub fn with_retry_factor(self, factor: f64) -> Result<Self, ConfigError> {
        self.by_text("with_retry_factor", "retry.factor", &factor.to_string())
    }

    /// Sets by which part a wait is longer or shorter at random (0.25 by default).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is less than 0, or more than 1.
    pub fn with_retry_jitter(self, part: f64) -> Result<Self, ConfigError> {
        self.by_text("with_retry_jitter", "retry.jitter", &part.to_string())
    }

    /// Sets whether calls are measured.
    pub fn with_metrics_enabled(self, enabled: bool) -> Self {
        self.by_code("metrics.enabled", |it| it.metrics.enabled = enabled)
    }

    /// Sets where measurements are served for Prometheus.
    pub fn with_metrics_listen(self, address: SocketAddr) -> Self {
        self.by_code("metrics.listen", |it| it.metrics.listen = Some(address))
    }

    /// Sets what is logged: a level, or a filter by target.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when a part of it is neither a level nor `target=level`.
    pub fn with_log_level(self, filter: &str) -> Result<Self, ConfigError> {
        self.by_text("with_log_level", "logging.level", filter)
    }

    /// Sets how a logged line looks.
    pub fn with_log_format(self, format: LogFormat) -> Self {
        self.by_code("logging.format", |it| it.logging.format = format)
    }

    /// Sets the file that is logged to, instead of stderr.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is no UTF-8, begins with a `~`, or can only be a folder.
    pub fn with_log_file(self, file: impl AsRef<Path>) -> Result<Self, ConfigError> {
        self.by_path("with_log_file", "logging.file", file.as_ref())
    }

    /// Sets when a new log file begins.
    pub fn with_log_rotation(self, rotation: LogRotation) -> Self {
        self.by_code("logging.rotation", |it| it.logging.rotation = rotation)
    }

    /// Sets how many log files are kept (7 by default).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is none, or more than a thousand.
    pub fn with_log_keep(self, files: usize) -> Result<Self, ConfigError> {
        self.by_text("with_log_keep", "logging.keep", &files.to_string())
    }

    fn by_code(mut self, path: &'static str, set: impl FnOnce(&mut Settings)) -> Self {
        set(&mut self.settings);
        self.origins.insert(path, Origin::Code);
        self
    }

    fn by_text(self, method: &'static str, path: &str, text: &str) -> Result<Self, ConfigError> {
        let mut draft = Draft::of(self);
        set(&mut draft, method, path, text);
        draft.finish()
    }

    fn by_list(
        self,
        method: &'static str,
        path: &'static str,
        items: &[&str],
    ) -> Result<Self, ConfigError> {
        let mut draft = Draft::of(self);
        if let Some(key) = key::find(path) {
            draft.set_list(key, items, Place::Method(method), Origin::Code);
        }
        draft.finish()
    }

    fn by_path(self, method: &'static str, path: &str, value: &Path) -> Result<Self, ConfigError> {
        // What is no text is no path either: no platform has one with this in it.
        self.by_text(method, path, value.to_str().unwrap_or("\0"))
    }
}

fn set(draft: &mut Draft, method: &'static str, path: &str, text: &str) {
    if let Some(key) = key::find(path) {
        draft.set(key, text, || Place::Method(method), Origin::Code);
    }
}

fn seconds(time: Duration) -> String {
    time.as_secs_f64().to_string()
}
