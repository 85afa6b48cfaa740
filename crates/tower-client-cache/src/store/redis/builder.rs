//! Where a store's server is, and what the store may keep.

use std::fmt;
use std::time::Duration;

use redis::{
    Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion, TlsCertificates,
};
use tower_client_call::InvalidSetting;

use super::RedisStore;
use crate::store::codec::Codec;

/// Builds a [`RedisStore`].
#[derive(Clone)]
#[must_use = "builds nothing before `build`"]
pub struct RedisStoreBuilder {
    url: String,
    root_certificates: Option<Vec<u8>>,
    pub(super) settings: Settings,
}

/// What is set besides the server.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) prefix: String,
    pub(super) codec: Codec,
    pub(super) max_entry: usize,
    pub(super) lease: Duration,
    pub(super) keep_at_least: Duration,
}

const URLS: &str = "redis://[user:password@]host[:port][/database], the same with rediss:// for \
                    TLS, or redis+unix:///path";
/// A bulk string of a server has no more.
const LONGEST_ENTRY: usize = 512 << 20;

impl RedisStoreBuilder {
    pub(super) fn new(url: String) -> Self {
        Self {
            url,
            root_certificates: None,
            settings: Settings {
                prefix: "tower-client-cache".into(),
                codec: Codec::new(),
                max_entry: 1 << 20,
                lease: Duration::from_secs(5),
                keep_at_least: Duration::from_secs(1),
            },
        }
    }

    /// Sets what all keys begin with: stores of one prefix are one store. 1 to 64 ASCII letters,
    /// digits and `_.:-`. `tower-client-cache`.
    pub fn prefix(mut self, prefix: &str) -> Self {
        prefix.clone_into(&mut self.settings.prefix);
        self
    }

    /// Sets how entries are written; all that share them need the same.
    pub fn codec(mut self, codec: Codec) -> Self {
        self.settings.codec = codec;
        self
    }

    /// Sets how many bytes an entry may have that is kept; all of one key may have four times as
    /// many. 1 KiB to 512 MiB. 1 MiB.
    pub fn max_entry(mut self, bytes: usize) -> Self {
        self.settings.max_entry = bytes;
        self
    }

    /// Sets how long others wait at most for one who was to fetch for all and does not come back;
    /// 100 ms to 5 minutes. 5 s.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.settings.lease = lease;
        self
    }

    /// Sets how long entries are kept at least, however soon they may no longer be served: for calls
    /// that take what is stale (`max-stale`). 1 s to 30 days. 1 s.
    pub fn keep_at_least(mut self, time: Duration) -> Self {
        self.settings.keep_at_least = time;
        self
    }

    /// Sets the certificates, as PEM, that are trusted with `rediss://` in place of the system's.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates = Some(pem.into());
        self
    }

    /// Builds the store. It connects when it is first used.
    ///
    /// With `rediss://` it makes *ring* the process's default crypto provider of rustls, if there
    /// is none yet.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] if one cannot be used. It never shows the URL.
    pub fn build(self) -> Result<RedisStore, InvalidSetting> {
        self.settings.check()?;
        let client = client(&self.url, self.root_certificates)?;
        Ok(RedisStore::new(client, self.settings))
    }
}

impl Settings {
    fn check(&self) -> Result<(), InvalidSetting> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
        let prefix = self.prefix.as_str();
        InvalidSetting::unless(
            (1..=64).contains(&prefix.len()) && prefix.bytes().all(allowed),
            "prefix",
            prefix,
            "1 to 64 ASCII letters, digits and _.:-",
        )?;
        InvalidSetting::unless(
            (1024..=LONGEST_ENTRY).contains(&self.max_entry),
            "max_entry",
            self.max_entry,
            "from 1 KiB to 512 MiB",
        )?;
        InvalidSetting::unless(
            (Duration::from_millis(100)..=Duration::from_secs(300)).contains(&self.lease),
            "lease",
            self.lease,
            "from 100 ms to 5 min",
        )?;
        let month = Duration::from_secs(30 * 24 * 60 * 60);
        InvalidSetting::unless(
            (Duration::from_secs(1)..=month).contains(&self.keep_at_least),
            "keep_at_least",
            self.keep_at_least,
            "from 1 s to 30 days",
        )
    }
}

fn client(url: &str, root_certificates: Option<Vec<u8>>) -> Result<Client, InvalidSetting> {
    let refused = || InvalidSetting::new("url", "no address of a server", URLS);
    // What is wrong with it is not told: the words may hold a password.
    let info = url.into_connection_info().map_err(|_| refused())?;
    let settings = info.redis_settings().clone();
    // Answers look the same whatever the URL asks for.
    let settings = settings.set_protocol(ProtocolVersion::RESP2);
    let info = bounded(info.set_redis_settings(settings));
    let ConnectionAddr::TcpTls { insecure, .. } = info.addr() else {
        return Client::open(info).map_err(|_| refused());
    };
    if *insecure {
        return Err(refused());
    }
    // Somebody else's choice stands.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if root_certificates.is_none() {
        return Client::open(info).map_err(|_| refused());
    }
    let certificates = TlsCertificates {
        client_tls: None,
        root_cert: root_certificates,
    };
    Client::build_with_tls(info, certificates)
        .map_err(|_| InvalidSetting::new("root_certificates", "unreadable", "PEM"))
}

/// Lets a connection end whose other side is gone without a word.
#[cfg(any(target_os = "android", target_os = "linux"))]
fn bounded(info: ConnectionInfo) -> ConnectionInfo {
    let settings = info.tcp_settings().clone();
    info.set_tcp_settings(settings.set_user_timeout(Duration::from_secs(10)))
}

#[cfg(not(any(target_os = "android", target_os = "linux")))]
fn bounded(info: ConnectionInfo) -> ConnectionInfo {
    info
}

/// Leaves out the URL, which may have a password.
impl fmt::Debug for RedisStoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStoreBuilder")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_refused() {
        let builder = RedisStore::builder("redis://127.0.0.1");
        let longest = Duration::from_secs(301);
        for (builder, expected) in [
            (builder.clone().prefix(""), "prefix is \"\"; allowed is "),
            (
                builder.clone().prefix("a{b}"),
                "prefix is \"a{b}\"; allowed is ",
            ),
            (
                builder.clone().max_entry(1023),
                "max_entry is 1023; allowed is from 1 KiB to 512 MiB",
            ),
            (
                builder.clone().lease(longest),
                "lease is 301s; allowed is from 100 ms to 5 min",
            ),
            (
                builder.clone().keep_at_least(Duration::ZERO),
                "keep_at_least is 0ns; allowed is from 1 s to 30 days",
            ),
        ] {
            let refused = builder.build().unwrap_err().to_string();

            assert!(refused.starts_with(expected), "{refused}");
        }
        assert!(builder.prefix("cars:1.0_b-c").build().is_ok());
    }

    #[test]
    fn a_url_that_is_refused_is_not_shown() {
        for url in [
            "",
            "http://user:s3cret@host",
            "redis://user:s3cret@host:port",
            "redis://user:s3cret@host/database",
            "redis://user:s3cret@host?protocol=s3cret",
            "redis://user:s3cret@0.0.0.0",
            "rediss://user:s3cret@host/#insecure",
        ] {
            let refused = RedisStore::builder(url).build().unwrap_err();

            assert_eq!(refused.name(), "url", "{url}");
            assert!(!format!("{refused} {refused:?}").contains("s3cret"));
        }
    }

    #[test]
    fn every_kind_of_address_can_be_built_outside_of_a_runtime() {
        for url in [
            "redis://user:s3cret@cache.example:6380/2",
            "redis://[::1]/?protocol=resp3",
            "rediss://:s3cret@cache.example",
            "redis+unix:///run/redis.sock?pass=s3cret",
            "unix:///run/redis.sock",
            "valkey://cache.example",
        ] {
            let builder = RedisStore::builder(url);
            let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());

            assert!(!shown.contains("s3cret") && !shown.contains("example"));
        }
    }
}
