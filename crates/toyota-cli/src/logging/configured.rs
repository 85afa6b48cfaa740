//! How the settings want it logged.

use std::num::NonZeroUsize;

use secrecy::SecretString;
use toyota_client::Config;
use toyota_client::config::LoggingSettings;

use super::{Logging, Rotating};

impl Logging {
    /// Logs as it is configured, and shows none of the secrets that are.
    pub(crate) fn of(config: &Config) -> Self {
        let logging = &config.logging;
        Self {
            filter: logging.level.clone(),
            format: logging.format,
            file: rotating(logging),
            secrets: secrets(config),
        }
    }
}

fn rotating(logging: &LoggingSettings) -> Option<Rotating> {
    let path = logging.file.clone()?;
    Some(Rotating {
        path,
        rotation: logging.rotation,
        keep: NonZeroUsize::new(logging.keep).unwrap_or(NonZeroUsize::MIN),
    })
}

fn secrets(config: &Config) -> Vec<SecretString> {
    let key = config.api.key.as_ref();
    let key = key
        .and_then(|key| key.to_str().ok())
        .map(SecretString::from);
    let auth = &config.auth;
    let others = [&auth.password, &auth.client_secret];
    key.into_iter()
        .chain(others.into_iter().flatten().cloned())
        .collect()
}
