//! The table itself.

use super::{Key, Privacy};
use crate::Units;
use crate::config::kind::{
    Address, BrandCode, Factor, Filter, Flag, HeaderText, MailAddress, Optional, Realm,
    RedirectUri, Routes, Seconds, SecretText, Slot, Stores, Url, UserPath, Visible, Whole, Word,
};
use crate::config::{LogFormat, LogRotation};
use crate::operations::{LONGEST_TIMEOUT_SECS, LONGEST_TTL_SECS};
use crate::pace::{LONGEST_GAP_SECS, MOST_IN_FLIGHT};

/// A place among the settings, and the kind of its values.
macro_rules! slot {
    ($($field:ident).+: $kind:expr) => {
        &Slot {
            kind: $kind,
            get: |settings| &settings.$($field).+,
            set: |settings, value| settings.$($field).+ = value,
        }
    };
}

mod wake;

/// What most keys have in common.
const OPEN: Key = Key {
    path: "",
    variable: "",
    doc: "",
    privacy: Privacy::Open,
    unset: "none",
    fallback: |_| "",
    slot: slot!(cache.enabled: Flag),
};

const SECRET: Key = Key {
    privacy: Privacy::Secret,
    ..OPEN
};

const DAY: u32 = 24 * 60 * 60;

pub(in super::super) static KEYS: [Key; 39] = [
    Key {
        path: "api.base_url",
        variable: "TOYOTA_API_URL",
        doc: "Where API requests go.",
        slot: slot!(api.base_url: Url),
        ..OPEN
    },
    Key {
        path: "api.key",
        variable: "TOYOTA_API_KEY",
        doc: "The app's gateway key.",
        slot: slot!(api.key: Optional(HeaderText { is_sensitive: true })),
        ..SECRET
    },
    Key {
        path: "api.client_version",
        variable: "TOYOTA_CLIENT_VERSION",
        doc: "The app version to claim.",
        slot: slot!(api.client_version: HeaderText { is_sensitive: false }),
        ..OPEN
    },
    Key {
        path: "api.brand",
        variable: "TOYOTA_BRAND",
        doc: "The make: Toyota, Lexus or Subaru.",
        slot: slot!(api.brand: BrandCode),
        ..OPEN
    },
    Key {
        path: "api.timeout",
        variable: "TOYOTA_TIMEOUT",
        doc: "How long one call may take in all, and each request of a sign-in.",
        slot: slot!(api.timeout: Seconds::above_zero(LONGEST_TIMEOUT_SECS)),
        ..OPEN
    },
    Key {
        path: "api.max_in_flight",
        variable: "TOYOTA_MAX_IN_FLIGHT",
        doc: "How many requests of one account may be under way at once.",
        slot: slot!(api.max_in_flight: Whole { least: 1, most: MOST_IN_FLIGHT }),
        ..OPEN
    },
    Key {
        path: "api.min_gap",
        variable: "TOYOTA_MIN_GAP",
        doc: "How far apart two requests of one account begin, at least.",
        slot: slot!(api.min_gap: Seconds::up_to(LONGEST_GAP_SECS)),
        ..OPEN
    },
    Key {
        path: "api.routes",
        variable: "TOYOTA_ROUTES",
        doc: "Other paths for functions that the service has moved: by feature, first tried first.",
        unset: "the built-in ones",
        slot: slot!(api.routes: Optional(Routes)),
        ..OPEN
    },
    Key {
        path: "auth.login_url",
        variable: "TOYOTA_LOGIN_URL",
        doc: "Where sign-in requests go.",
        slot: slot!(auth.login_url: Url),
        ..OPEN
    },
    Key {
        path: "auth.username",
        variable: "TOYOTA_USERNAME",
        doc: "The mail address that you sign in with in the app.",
        privacy: Privacy::Personal,
        slot: slot!(auth.username: Optional(MailAddress)),
        ..OPEN
    },
    Key {
        path: "auth.password",
        variable: "TOYOTA_PASSWORD",
        doc: "The password that you sign in with in the app.",
        slot: slot!(auth.password: Optional(SecretText)),
        ..SECRET
    },
    Key {
        path: "auth.client_id",
        variable: "TOYOTA_OAUTH_CLIENT_ID",
        doc: "The identifier of the app's OAuth client.",
        unset: "the brand's",
        fallback: |settings| &settings.api.brand.client_id,
        slot: slot!(auth.client_id: Optional(Visible)),
        ..OPEN
    },
    Key {
        path: "auth.client_secret",
        variable: "TOYOTA_OAUTH_CLIENT_SECRET",
        doc: "The secret of the app's OAuth client.",
        slot: slot!(auth.client_secret: Optional(SecretText)),
        ..SECRET
    },
    Key {
        path: "auth.realm",
        variable: "TOYOTA_REALM",
        doc: "The realm at the login host.",
        unset: "the brand's",
        fallback: |settings| &settings.api.brand.realm,
        slot: slot!(auth.realm: Optional(Realm)),
        ..OPEN
    },
    Key {
        path: "auth.redirect_uri",
        variable: "TOYOTA_REDIRECT_URI",
        doc: "Where the authorization's answer points to.",
        unset: "the brand's",
        fallback: |settings| &settings.api.brand.redirect_uri,
        slot: slot!(auth.redirect_uri: Optional(RedirectUri)),
        ..OPEN
    },
    Key {
        path: "auth.token_dir",
        variable: "TOYOTA_TOKEN_DIR",
        doc: "The folder in which `toyota` stores tokens.",
        unset: "the platform's",
        slot: slot!(auth.token_dir: Optional(UserPath::Folder)),
        ..OPEN
    },
    Key {
        path: "cache.enabled",
        variable: "TOYOTA_CACHE_ENABLED",
        doc: "Whether answers are cached.",
        slot: slot!(cache.enabled: Flag),
        ..OPEN
    },
    Key {
        path: "cache.ttl",
        variable: "TOYOTA_CACHE_TTL",
        doc: "How long an answer is given again without asking.",
        slot: slot!(cache.ttl: Seconds::whole_up_to(LONGEST_TTL_SECS)),
        ..OPEN
    },
    Key {
        path: "cache.max_size",
        variable: "TOYOTA_CACHE_MAX_SIZE",
        doc: "How many answers are kept in memory.",
        slot: slot!(cache.max_size: Whole { least: 1, most: 1_000_000 }),
        ..OPEN
    },
    Key {
        path: "cache.store",
        variable: "TOYOTA_CACHE_STORE",
        doc: "Where answers are kept: several are tiers, the first uppermost.",
        // A URL may have a password, and one that is wrong may have it anywhere.
        privacy: Privacy::Personal,
        slot: slot!(cache.store: Stores),
        ..OPEN
    },
    Key {
        path: "retry.max_attempts",
        variable: "TOYOTA_RETRY_MAX_ATTEMPTS",
        doc: "How often a call is attempted, the first time included.",
        slot: slot!(retry.max_attempts: Whole { least: 1, most: 100 }),
        ..OPEN
    },
    Key {
        path: "retry.base_delay",
        variable: "TOYOTA_RETRY_BASE_DELAY",
        doc: "How long the first wait is.",
        slot: slot!(retry.base_delay: Seconds::above_zero(DAY)),
        ..OPEN
    },
    Key {
        path: "retry.max_delay",
        variable: "TOYOTA_RETRY_MAX_DELAY",
        doc: "How long the longest wait is; no shorter than the first.",
        slot: slot!(retry.max_delay: Seconds::above_zero(DAY)),
        ..OPEN
    },
    Key {
        path: "retry.factor",
        variable: "TOYOTA_RETRY_FACTOR",
        doc: "By how much each wait is longer than the one before.",
        slot: slot!(retry.factor: Factor { least: 1.0, most: 100.0 }),
        ..OPEN
    },
    Key {
        path: "retry.jitter",
        variable: "TOYOTA_RETRY_JITTER",
        doc: "By which part a wait is longer or shorter at random: 0.25 is a quarter.",
        slot: slot!(retry.jitter: Factor { least: 0.0, most: 1.0 }),
        ..OPEN
    },
    wake::STATUS_PER_HOUR,
    wake::STATUS_PER_DAY,
    wake::CLIMATE_PER_HOUR,
    wake::CLIMATE_PER_DAY,
    wake::ELECTRIC_PER_HOUR,
    wake::ELECTRIC_PER_DAY,
    Key {
        path: "display.units",
        variable: "TOYOTA_UNITS",
        doc: "The units in which `toyota` tells numbers.",
        slot: slot!(display.units: Word(&[("metric", Units::Metric), ("uk", Units::ImperialUk), ("us", Units::ImperialUs)])),
        ..OPEN
    },
    Key {
        path: "metrics.enabled",
        variable: "TOYOTA_METRICS_ENABLED",
        doc: "Whether calls are measured.",
        slot: slot!(metrics.enabled: Flag),
        ..OPEN
    },
    Key {
        path: "metrics.listen",
        variable: "TOYOTA_METRICS_LISTEN",
        doc: "Where measurements are served for Prometheus.",
        slot: slot!(metrics.listen: Optional(Address)),
        ..OPEN
    },
    Key {
        path: "logging.level",
        variable: "TOYOTA_LOG_LEVEL",
        doc: "What is logged: a level in any case, or a filter by target.",
        slot: slot!(logging.level: Filter),
        ..OPEN
    },
    Key {
        path: "logging.format",
        variable: "TOYOTA_LOG_FORMAT",
        doc: "How a line looks: for machines or for people.",
        slot: slot!(logging.format: Word(&[("json", LogFormat::Json), ("pretty", LogFormat::Pretty)])),
        ..OPEN
    },
    Key {
        path: "logging.file",
        variable: "TOYOTA_LOG_FILE",
        doc: "The file that is logged to.",
        unset: "none: stderr",
        slot: slot!(logging.file: Optional(UserPath::File)),
        ..OPEN
    },
    Key {
        path: "logging.rotation",
        variable: "TOYOTA_LOG_ROTATION",
        doc: "When a new file begins.",
        slot: slot!(logging.rotation: Word(&[("never", LogRotation::Never), ("hourly", LogRotation::Hourly), ("daily", LogRotation::Daily)])),
        ..OPEN
    },
    Key {
        path: "logging.keep",
        variable: "TOYOTA_LOG_KEEP",
        doc: "How many files are kept.",
        slot: slot!(logging.keep: Whole { least: 1, most: 1_000 }),
        ..OPEN
    },
];
