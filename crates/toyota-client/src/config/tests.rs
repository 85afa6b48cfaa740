//! What settings are read from where, and what is said of wrong ones.

mod embedded;
mod files;
mod lists;
mod precedence;
mod problems;
mod values;
mod written;

use std::path::PathBuf;

use secrecy::ExposeSecret;
use tempfile::TempDir;
use tower_client::cache::MemoryStore;
use tower_client::retry::RetryLayer;

use super::*;
use crate::BaseUrl;

/// A folder with one file in it, removed when dropped.
struct Folder {
    folder: TempDir,
    file: PathBuf,
}

impl Folder {
    fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        Self { folder, file }
    }

    /// Reads the file, and nothing else.
    fn read(&self) -> Result<Config, ConfigError> {
        Config::from_file(&self.file)
    }

    /// Replaces the folder, whose name is another one in each run.
    fn shown(&self, text: impl ToString) -> String {
        let folder = self.folder.path().display().to_string();
        text.to_string().replace(&folder, "")
    }
}

/// Reads one key from a file of JSON, where each text is written the same way.
fn read_in_file(path: &str, text: &str) -> Result<Config, ConfigError> {
    let (section, name) = path.split_once('.').unwrap();
    let document = serde_json::json!({ section: { name: text } });
    Folder::with("config.json", document.to_string()).read()
}

/// Reads one key from its variable.
fn read_in_variable(path: &str, text: &str) -> Result<Config, ConfigError> {
    let key = key::find(path).unwrap();
    from([(key.variable(), text)])
}

fn from<const N: usize>(variables: [(&str, &str); N]) -> Result<Config, ConfigError> {
    Config::loader().without_files().variables(variables).load()
}

fn value(config: &Config, path: &str) -> Option<String> {
    config.value(key::find(path).unwrap())
}

#[test]
fn defaults_are_the_public_hosts() {
    let config = from([]).unwrap();

    let hosts = [&config.api.base_url, &config.auth.login_url].map(BaseUrl::host);
    assert_eq!(
        hosts,
        [
            "ctpa-oneapi.tceu-ctp-prd.toyotaconnectedeurope.io",
            "b2c-login.toyota-europe.com"
        ]
    );
    assert!(config.api.key.is_none());
    for base in [&config.api.base_url, &config.auth.login_url] {
        assert_eq!(base.to_string().parse(), Ok(base.clone()));
    }
}

#[test]
fn what_is_set_comes_before_what_is_the_brands() {
    let lexus = from([("TOYOTA_BRAND", "lexus")]).unwrap();
    assert_eq!(lexus.client_id(), Ok("oneapp"));
    assert_eq!(lexus.realm(), "tme");
    assert_eq!(lexus.redirect_uri(), "com.toyota.oneapp:/oauth2Callback");
    assert_eq!(value(&lexus, "auth.realm").as_deref(), Some("tme"));

    let other = lexus.with_client_id("theirs").unwrap();
    let other = other.with_realm("tmca").unwrap();
    let other = other.with_redirect_uri("theirs:/back").unwrap();
    assert_eq!(other.client_id(), Ok("theirs"));
    assert_eq!(other.realm(), "tmca");
    assert_eq!(other.redirect_uri(), "theirs:/back");
}

#[test]
fn a_brand_without_a_public_registration_asks_for_one() {
    let config = from([("TOYOTA_BRAND", "subaru")]).unwrap();

    let error = config.client_id().unwrap_err();
    assert_eq!(
        error.to_string(),
        "auth.client_id is not set: this brand needs the OAuth client identifier of its app \
         (TOYOTA_OAUTH_CLIENT_ID)"
    );

    let config = config.with_client_id("theirs").unwrap();
    assert_eq!(config.client_id(), Ok("theirs"));
}

#[test]
fn credentials_are_a_user_with_or_without_a_password() {
    let (name, password) = (
        ("TOYOTA_USERNAME", "anna@example.com"),
        ("TOYOTA_PASSWORD", " s3cret"),
    );
    assert!(from([]).unwrap().credentials().unwrap().is_none());

    let named = from([name]).unwrap().credentials().unwrap().unwrap();
    assert_eq!(named.username(), "anna@example.com");
    assert!(named.password().is_none());

    let whole = from([name, password]).unwrap().credentials();
    let whole = whole.unwrap().unwrap();
    assert_eq!(whole.password().unwrap().expose_secret(), " s3cret");

    let nobody = from([password]).unwrap().credentials().unwrap_err();
    assert_eq!(
        nobody.to_string(),
        "auth.username is not set: a password is nobody's without a user name (TOYOTA_USERNAME)"
    );
}

#[test]
fn the_waits_are_those_of_the_retry_layer_at_every_bound() {
    for (delays, factor, jitter) in [
        (["1", "60"], "2", "0.25"),
        (["0.000000001", "0.000000001"], "1", "0"),
        (["86400", "86400"], "100", "1"),
    ] {
        let config = from([
            ("TOYOTA_RETRY_BASE_DELAY", delays[0]),
            ("TOYOTA_RETRY_MAX_DELAY", delays[1]),
            ("TOYOTA_RETRY_FACTOR", factor),
            ("TOYOTA_RETRY_JITTER", jitter),
            ("TOYOTA_RETRY_MAX_ATTEMPTS", "100"),
        ])
        .unwrap();

        let layer = RetryLayer::builder()
            .backoff(config.retry.backoff())
            .max_attempts(config.retry.max_attempts)
            .build();

        assert!(layer.is_ok(), "{layer:?}");
    }
    let most = from([("TOYOTA_CACHE_MAX_SIZE", "1_000_000")]).unwrap();
    let store = MemoryStore::builder().max_entries(most.cache.max_size);
    assert!(store.build().is_ok());
}
