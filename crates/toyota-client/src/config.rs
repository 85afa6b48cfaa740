//! The settings of a client, from code or from environment variables.

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "what reads files is written beside this")
)]
mod format;
mod tree;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::{BaseUrl, Brand};

const API_URL: &str = "https://ctpa-oneapi.tceu-ctp-prd.toyotaconnectedeurope.io";
const LOGIN_URL: &str = "https://b2c-login.toyota-europe.com";
const CLIENT_VERSION: &str = "2.14.0";
const TIMEOUT: Duration = Duration::from_secs(60);
/// An hour: longer than any answer is of use, short enough that no deadline overflows.
const MAX_TIMEOUT_SECS: f64 = 3600.0;

/// The settings of a client.
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
/// # Ok::<_, toyota_client::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Config {
    pub(crate) api_url: BaseUrl,
    pub(crate) login_url: BaseUrl,
    pub(crate) brand: Brand,
    pub(crate) api_key: Option<HeaderValue>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: SecretString,
    pub(crate) client_version: HeaderValue,
    pub(crate) timeout: Duration,
}

/// A setting with a value that is not allowed. Never holds the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}{} is not allowed: {allowed}", value.as_ref().map(|v| format!(" {v:?}")).unwrap_or_default())]
pub struct ConfigError {
    setting: String,
    value: Option<String>,
    allowed: String,
}

impl ConfigError {
    fn new(setting: &str, value: &str, allowed: impl fmt::Display) -> Self {
        Self {
            setting: setting.to_owned(),
            value: Some(value.chars().take(100).collect()),
            allowed: allowed.to_string(),
        }
    }

    fn secret(setting: &str, allowed: impl fmt::Display) -> Self {
        Self {
            setting: setting.to_owned(),
            value: None,
            allowed: allowed.to_string(),
        }
    }

    pub(crate) fn brand_header(name: &str, value: &str) -> Self {
        let allowed = "a header name and a value of visible ASCII characters";
        Self::new(&format!("brand header {name}"), value, allowed)
    }

    pub(crate) fn nameless_store() -> Self {
        let allowed = "credentials with a user name where tokens are stored";
        Self::secret("credentials", allowed)
    }

    pub(crate) fn unusable_client_secret() -> Self {
        Self::secret("client_secret", "a text")
    }

    /// Returns the name of the setting: the variable, or the method that was called.
    #[must_use]
    pub fn setting(&self) -> &str {
        &self.setting
    }

    /// Returns what would be allowed.
    #[must_use]
    pub fn allowed(&self) -> &str {
        &self.allowed
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

impl Config {
    /// Creates the settings for Toyota in Europe, without API key.
    pub fn new() -> Self {
        Self {
            api_url: BaseUrl::from_static(API_URL),
            login_url: BaseUrl::from_static(LOGIN_URL),
            brand: Brand::TOYOTA,
            api_key: None,
            client_id: None,
            client_secret: SecretString::default(),
            client_version: HeaderValue::from_static(CLIENT_VERSION),
            timeout: TIMEOUT,
        }
    }

    /// Creates the settings from environment variables, see [`from_vars`](Self::from_vars).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the first variable whose value is not allowed.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// Creates the settings from named variables, each optional: `TOYOTA_API_URL`,
    /// `TOYOTA_LOGIN_URL`, `TOYOTA_BRAND` (`T`, `L`, `S`), `TOYOTA_API_KEY`,
    /// `TOYOTA_OAUTH_CLIENT_ID`, `TOYOTA_OAUTH_CLIENT_SECRET`, `TOYOTA_CLIENT_VERSION`,
    /// `TOYOTA_TIMEOUT` (seconds, fractions allowed).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the first variable whose value is not allowed.
    pub fn from_vars(read: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let named = |setting: &'static str| {
            let value = read(setting).filter(|value| !value.trim().is_empty());
            value.map(|value| (setting, value))
        };
        let mut config = Self::new();
        if let Some((setting, value)) = named("TOYOTA_API_URL") {
            config.api_url = parse(setting, &value)?;
        }
        if let Some((setting, value)) = named("TOYOTA_LOGIN_URL") {
            config.login_url = parse(setting, &value)?;
        }
        if let Some((setting, value)) = named("TOYOTA_BRAND") {
            config.brand = Brand::by_name(value.trim())
                .ok_or_else(|| ConfigError::new(setting, &value, "T, L or S"))?;
        }
        if let Some((setting, value)) = named("TOYOTA_API_KEY") {
            config.api_key = Some(api_key(setting, value.trim())?);
        }
        if let Some((setting, value)) = named("TOYOTA_OAUTH_CLIENT_ID") {
            config.client_id = Some(token(setting, value.trim())?.to_owned());
        }
        if let Some((_, value)) = named("TOYOTA_OAUTH_CLIENT_SECRET") {
            config.client_secret = value.into();
        }
        if let Some((setting, value)) = named("TOYOTA_CLIENT_VERSION") {
            config.client_version = version(setting, value.trim())?;
        }
        if let Some((setting, value)) = named("TOYOTA_TIMEOUT") {
            config.timeout = seconds(setting, value.trim())?;
        }
        Ok(config)
    }

    /// Sets where API requests go.
    pub fn with_api_url(mut self, url: BaseUrl) -> Self {
        self.api_url = url;
        self
    }

    /// Sets where sign-in requests go.
    pub fn with_login_url(mut self, url: BaseUrl) -> Self {
        self.login_url = url;
        self
    }

    /// Sets the make.
    pub fn with_brand(mut self, brand: Brand) -> Self {
        self.brand = brand;
        self
    }

    /// Sets the gateway's API key.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when a header cannot carry it.
    pub fn with_api_key(mut self, key: impl Into<SecretString>) -> Result<Self, ConfigError> {
        self.api_key = Some(api_key("api_key", key.into().expose_secret())?);
        Ok(self)
    }

    /// Sets the OAuth client's identifier, instead of the brand's.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is empty or has characters other than visible ASCII.
    pub fn with_client_id(mut self, id: &str) -> Result<Self, ConfigError> {
        self.client_id = Some(token("client_id", id)?.to_owned());
        Ok(self)
    }

    /// Sets the OAuth client's secret.
    pub fn with_client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.client_secret = secret.into();
        self
    }

    /// Sets the app version that the client claims to be. The service checks that requests are
    /// signed with the same text, not which version it is.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is empty or has characters other than visible ASCII.
    pub fn with_client_version(mut self, text: &str) -> Result<Self, ConfigError> {
        self.client_version = version("client_version", text)?;
        Ok(self)
    }

    /// Sets how long one call may take in all, its body included (60 s by default), and each
    /// request of a sign-in.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is zero or longer than an hour.
    pub fn with_timeout(mut self, timeout: Duration) -> Result<Self, ConfigError> {
        self.timeout = seconds("timeout", &timeout.as_secs_f64().to_string())?;
        Ok(self)
    }

    /// Returns where API requests go.
    #[must_use]
    pub fn api_url(&self) -> &BaseUrl {
        &self.api_url
    }

    /// Returns where sign-in requests go.
    #[must_use]
    pub fn login_url(&self) -> &BaseUrl {
        &self.login_url
    }

    /// Tells whether an API key is set.
    #[must_use]
    pub fn has_api_key(&self) -> bool {
        self.api_key.is_some()
    }

    /// Returns the OAuth client's identifier in force.
    pub(crate) fn effective_client_id(&self) -> Result<&str, ConfigError> {
        let id = self.client_id.as_deref().unwrap_or(&self.brand.client_id);
        if id.is_empty() {
            let allowed = "this brand needs the OAuth client identifier of its app";
            return Err(ConfigError::new("TOYOTA_OAUTH_CLIENT_ID", id, allowed));
        }
        Ok(id)
    }
}

fn parse<T: FromStr<Err: fmt::Display>>(setting: &str, value: &str) -> Result<T, ConfigError> {
    value
        .parse()
        .map_err(|error| ConfigError::new(setting, value, error))
}

/// A text that any header can carry: what identifiers, versions and keys look like.
const TOKEN: &str = "1 to 256 visible ASCII characters";

fn is_token(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn token<'a>(setting: &str, value: &'a str) -> Result<&'a str, ConfigError> {
    if is_token(value) {
        Ok(value)
    } else {
        Err(ConfigError::new(setting, value, TOKEN))
    }
}

fn version(setting: &str, value: &str) -> Result<HeaderValue, ConfigError> {
    HeaderValue::from_str(token(setting, value)?)
        .map_err(|_| ConfigError::new(setting, value, TOKEN))
}

fn api_key(setting: &str, value: &str) -> Result<HeaderValue, ConfigError> {
    let key = HeaderValue::from_str(value)
        .ok()
        .filter(|_| is_token(value));
    let mut key = key.ok_or_else(|| ConfigError::secret(setting, TOKEN))?;
    key.set_sensitive(true);
    Ok(key)
}

fn seconds(setting: &str, value: &str) -> Result<Duration, ConfigError> {
    value
        .parse()
        .ok()
        .filter(|seconds| *seconds <= MAX_TIMEOUT_SECS)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|timeout| !timeout.is_zero())
        .ok_or_else(|| ConfigError::new(setting, value, "seconds above 0, at most 3600"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(vars: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_vars(|name| {
            let found = vars.iter().find(|(var, _)| *var == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn defaults_are_the_public_hosts() {
        let config = from(&[]).unwrap();

        assert_eq!(config.api_url, API_URL.parse().unwrap());
        assert_eq!(config.login_url, LOGIN_URL.parse().unwrap());
        assert_eq!(config.effective_client_id(), Ok("oneapp"));
        assert_eq!(config.timeout, Duration::from_secs(60));
        assert!(!config.has_api_key());
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let config = from(&[("TOYOTA_BRAND", ""), ("TOYOTA_TIMEOUT", " ")]).unwrap();

        assert_eq!(config.brand, Brand::TOYOTA);
        assert_eq!(config.timeout, TIMEOUT);
    }

    #[test]
    fn an_error_names_the_variable_the_value_and_what_is_allowed() {
        for (var, value, message) in [
            (
                "TOYOTA_BRAND",
                "X",
                r#"TOYOTA_BRAND "X" is not allowed: T, L or S"#,
            ),
            (
                "TOYOTA_API_URL",
                "http://h",
                r#"TOYOTA_API_URL "http://h" is not allowed: credentials travel only by https, or by http to a loopback address"#,
            ),
            (
                "TOYOTA_TIMEOUT",
                "0",
                r#"TOYOTA_TIMEOUT "0" is not allowed: seconds above 0, at most 3600"#,
            ),
        ] {
            assert_eq!(from(&[(var, value)]).unwrap_err().to_string(), message);
        }
        for timeout in ["-1", "NaN", "inf", "1e300", "3600.1", "soon", "1e-12"] {
            assert!(from(&[("TOYOTA_TIMEOUT", timeout)]).is_err(), "{timeout}");
        }
    }

    #[test]
    fn a_bad_secret_is_not_repeated_in_the_error() {
        let error = from(&[("TOYOTA_API_KEY", "s3cret\nvalue")]).unwrap_err();

        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }

    #[test]
    fn a_brand_without_a_public_registration_asks_for_one() {
        let config = from(&[("TOYOTA_BRAND", "subaru")]).unwrap();
        assert_eq!(
            config.effective_client_id().unwrap_err().setting(),
            "TOYOTA_OAUTH_CLIENT_ID"
        );

        let config = config.with_client_id("theirs").unwrap();
        assert_eq!(config.effective_client_id(), Ok("theirs"));
    }

    #[test]
    fn debug_shows_no_secret() {
        let config = Config::new()
            .with_api_key("k3y")
            .unwrap()
            .with_client_secret("s3cret");

        let shown = format!("{config:?}");
        assert!(
            !shown.contains("k3y") && !shown.contains("s3cret"),
            "{shown}"
        );
    }
}
