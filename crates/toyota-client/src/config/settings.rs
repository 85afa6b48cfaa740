//! What can be set, section by section, with its defaults.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use http::HeaderValue;
use secrecy::SecretString;
use tower_client::cache::{BoxStore, InvalidSetting, MemoryStore, StoreUrl};
use tower_client::retry::{Backoff, Jitter};

use super::LogFilter;
use crate::pace::Pacing;
use crate::routes::RouteOverride;
use crate::wake::WakeSettings;
use crate::{BaseUrl, Brand, Units};

const API_URL: &str = "https://ctpa-oneapi.tceu-ctp-prd.toyotaconnectedeurope.io";
const LOGIN_URL: &str = "https://b2c-login.toyota-europe.com";
const CLIENT_VERSION: &str = "2.14.0";

/// All settings, as [`Config`](super::Config) holds them: to be read by field, as in
/// `config.cache.ttl`.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Settings {
    /// Where the API is, and what it is told.
    pub api: ApiSettings,
    /// Who signs in, where, and as which app.
    pub auth: AuthSettings,
    /// How long answers are good for.
    pub cache: CacheSettings,
    /// How failed calls are repeated.
    pub retry: RetrySettings,
    /// How often cars may be woken, and how long their answers are waited for.
    pub wake: WakeSettings,
    /// How programs show what they tell.
    pub display: DisplaySettings,
    /// Whether and where measurements can be read.
    pub metrics: MetricsSettings,
    /// What is logged, how, and where to.
    pub logging: LoggingSettings,
}

/// Where the API is, and what it is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiSettings {
    /// Where API requests go.
    pub base_url: BaseUrl,
    /// The gateway's key, marked sensitive.
    pub key: Option<HeaderValue>,
    /// The app version that the client claims to be.
    pub client_version: HeaderValue,
    /// The make.
    pub brand: Brand,
    /// How long one call may take in all, and each request of a sign-in.
    pub timeout: Duration,
    /// How many requests of one account may be under way at once.
    pub max_in_flight: usize,
    /// How far apart two requests of one account begin, at least.
    pub min_gap: Duration,
    /// Other paths than the built-in ones.
    pub routes: Option<Vec<RouteOverride>>,
}

impl Default for ApiSettings {
    fn default() -> Self {
        let pacing = Pacing::default();
        Self {
            base_url: BaseUrl::from_static(API_URL),
            key: None,
            client_version: HeaderValue::from_static(CLIENT_VERSION),
            brand: Brand::TOYOTA,
            timeout: Duration::from_secs(60),
            max_in_flight: pacing.max_in_flight,
            min_gap: pacing.min_gap,
            routes: None,
        }
    }
}

/// Who signs in, where, and as which app. What is not set is the brand's, where it has one.
#[derive(Clone)]
#[non_exhaustive]
pub struct AuthSettings {
    /// Where sign-in requests go.
    pub login_url: BaseUrl,
    /// The account's mail address.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<SecretString>,
    /// The OAuth client's identifier, instead of the brand's.
    pub client_id: Option<String>,
    /// The OAuth client's secret.
    pub client_secret: Option<SecretString>,
    /// The realm at the login host, instead of the brand's.
    pub realm: Option<String>,
    /// Where the authorization's answer points to, instead of the brand's.
    pub redirect_uri: Option<String>,
    /// The folder in which tokens are stored, instead of the platform's.
    pub token_dir: Option<PathBuf>,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            login_url: BaseUrl::from_static(LOGIN_URL),
            username: None,
            password: None,
            client_id: None,
            client_secret: None,
            realm: None,
            redirect_uri: None,
            token_dir: None,
        }
    }
}

/// Does not show the user name: it is a mail address.
impl fmt::Debug for AuthSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthSettings")
            .field("login_url", &self.login_url)
            .field("has_username", &self.username.is_some())
            .field("has_password", &self.password.is_some())
            .field("client_id", &self.client_id)
            .field("has_client_secret", &self.client_secret.is_some())
            .field("realm", &self.realm)
            .field("redirect_uri", &self.redirect_uri)
            .field("token_dir", &self.token_dir)
            .finish()
    }
}

/// How long answers are good for, and where they are kept.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CacheSettings {
    /// Whether answers are cached.
    pub enabled: bool,
    /// How long an answer is given again, in whole seconds.
    pub ttl: Duration,
    /// How many answers are kept in memory.
    pub max_size: usize,
    /// Where answers are kept: several are tiers, the first uppermost.
    pub store: Vec<StoreUrl>,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            ttl: Duration::from_secs(300),
            max_size: 1_000,
            store: "memory".parse().into_iter().collect(),
        }
    }
}

impl CacheSettings {
    /// Opens the store, or the tiers: in memory as many answers are kept as is said. A folder, or a
    /// server, is looked for when the store is first used.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] if a store cannot be had as it is set.
    pub fn open(&self) -> Result<BoxStore, InvalidSetting> {
        StoreUrl::open_all_by(&self.store, |url| {
            if !url.is_memory() {
                return url.open();
            }
            let memory = MemoryStore::builder().max_entries(self.max_size);
            Ok(BoxStore::new(memory.build()?))
        })
    }
}

/// How failed calls are repeated.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RetrySettings {
    /// How often a call is attempted, the first time included.
    pub max_attempts: u32,
    /// How long the first wait is.
    pub base_delay: Duration,
    /// How long the longest wait is.
    pub max_delay: Duration,
    /// By how much each wait is longer than the one before.
    pub factor: f64,
    /// By which part a wait is longer or shorter at random.
    pub jitter: f64,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(60),
            factor: 2.0,
            jitter: 0.25,
        }
    }
}

impl RetrySettings {
    /// Returns the waits as the retry layer takes them.
    #[must_use]
    pub fn backoff(&self) -> Backoff {
        let jitter = if self.jitter > 0.0 {
            Jitter::Proportional(self.jitter)
        } else {
            Jitter::None
        };
        Backoff {
            base: self.base_delay,
            factor: self.factor,
            max: self.max_delay,
            jitter,
        }
    }
}

/// How programs show what they tell: a library has every number in its own unit.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct DisplaySettings {
    /// Whose miles and gallons, if any.
    pub units: Units,
}

/// Whether and where measurements can be read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MetricsSettings {
    /// Whether calls are measured.
    pub enabled: bool,
    /// Where measurements are served for Prometheus.
    pub listen: Option<SocketAddr>,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            listen: None,
        }
    }
}

/// What is logged, how, and where to. A library logs to whoever listens: these are for programs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoggingSettings {
    /// A level, or levels by target.
    pub level: LogFilter,
    /// How a line looks.
    pub format: LogFormat,
    /// The file, instead of stderr.
    pub file: Option<PathBuf>,
    /// When a new file begins.
    pub rotation: LogRotation,
    /// How many files are kept.
    pub keep: usize,
}

impl Default for LoggingSettings {
    fn default() -> Self {
        Self {
            level: LogFilter::info(),
            format: LogFormat::Json,
            file: None,
            rotation: LogRotation::Daily,
            keep: 7,
        }
    }
}

/// How a logged line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A JSON document, for machines.
    Json,
    /// Text, for people.
    Pretty,
}

/// When a new log file begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogRotation {
    /// Never: one file grows.
    Never,
    /// Each hour.
    Hourly,
    /// Each day.
    Daily,
}
