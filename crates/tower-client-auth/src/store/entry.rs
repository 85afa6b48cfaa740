//! What is in a credential's file.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};
use tower_client_call::Principal;

use super::fault::Wrong;
use crate::{Credential, CredentialKey, Issuer};

/// The most that a file holds, in bytes.
pub(super) const MOST: usize = 64 * 1024;

const VERSION: u64 = 1;
/// The end of the year 9999, in Unix milliseconds: later is nonsense.
const LATEST: u64 = 253_402_300_799_999;

/// A credential, and whose it is.
pub(super) struct Entry {
    issuer: Issuer,
    principal: Principal,
    credential: Credential,
}

impl Entry {
    /// Reads what is in a file.
    pub(super) fn parse(text: &[u8]) -> Result<Self, Wrong> {
        // What is wrong is not passed on: the parser quotes what it has read.
        let Versioned { version } = serde_json::from_slice(text).map_err(|_| Wrong::Damaged)?;
        if version > VERSION {
            return Err(Wrong::Newer(version));
        }
        let read: Read = serde_json::from_slice(text).map_err(|_| Wrong::Damaged)?;
        if read.version != VERSION {
            return Err(Wrong::Damaged);
        }
        let mut credential = Credential::new(read.secret.0);
        if let Some((issued, expires)) = times(read.issued, read.expires)? {
            credential = credential.valid_between(issued, expires);
        }
        for (name, Secret(extra)) in read.extras {
            credential = credential.with_named(name, extra);
        }
        Ok(Self {
            issuer: Issuer::new(read.issuer).realm(read.realm),
            principal: Principal::new(read.principal),
            credential,
        })
    }

    /// Returns what goes into a file.
    pub(super) fn render(
        key: &CredentialKey,
        credential: &Credential,
    ) -> Result<Zeroizing<Vec<u8>>, Wrong> {
        let (issued, expires) = match (credential.lifetime(), credential.validity()) {
            (None, _) => (None, None),
            (Some(_), Some((issued, expires))) => (Some(issued), Some(expires)),
            (Some(_), None) => return Err(Wrong::WouldHaveTimes),
        };
        let extras = credential.extras();
        let written = Written {
            version: VERSION,
            issuer: key.issuer(),
            realm: key.realm(),
            principal: key.principal(),
            secret: credential.secret().expose_secret(),
            issued: issued.map(milliseconds).transpose()?,
            expires: expires.map(milliseconds).transpose()?,
            extras: extras
                .map(|(name, it)| (name, it.expose_secret()))
                .collect(),
        };
        // Of a buffer that grows, copies would stay behind.
        let mut text = Zeroizing::new(vec![0; MOST]);
        let mut rest = text.as_mut_slice();
        serde_json::to_writer(&mut rest, &written).map_err(|_| Wrong::WouldBeTooLarge)?;
        let length = MOST - rest.len();
        text.truncate(length);
        Ok(text)
    }

    /// Returns whose it is.
    pub(super) fn key(&self) -> CredentialKey {
        CredentialKey::new(&self.issuer, &self.principal)
    }

    pub(super) fn into_credential(self) -> Credential {
        self.credential
    }
}

/// What every version has.
#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u64,
    issuer: &'a str,
    realm: &'a str,
    principal: &'a str,
    secret: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<u64>,
    extras: BTreeMap<&'a str, &'a str>,
}

/// What is misspelt is not passed over: a credential whose end is not found would have none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    version: u64,
    issuer: String,
    realm: String,
    principal: String,
    secret: Secret,
    #[serde(default, deserialize_with = "present")]
    issued: Option<u64>,
    #[serde(default, deserialize_with = "present")]
    expires: Option<u64>,
    extras: BTreeMap<String, Secret>,
}

/// A text that is zeroised also when what follows it cannot be read.
struct Secret(SecretString);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

/// Reads a number that may be absent, but not `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    u64::deserialize(deserializer).map(Some)
}

/// From when to when: neither, or both and in this order.
fn times(
    issued: Option<u64>,
    expires: Option<u64>,
) -> Result<Option<(SystemTime, SystemTime)>, Wrong> {
    match (issued, expires) {
        (None, None) => Ok(None),
        (Some(issued), Some(expires)) if issued <= expires => {
            Ok(Some((moment(issued)?, moment(expires)?)))
        }
        _ => Err(Wrong::Times),
    }
}

fn moment(milliseconds: u64) -> Result<SystemTime, Wrong> {
    let since = Duration::from_millis(milliseconds);
    let moment = UNIX_EPOCH.checked_add(since);
    moment
        .filter(|_| milliseconds <= LATEST)
        .ok_or(Wrong::Times)
}

/// Rounds down: nothing is good for longer because it was kept.
fn milliseconds(time: SystemTime) -> Result<u64, Wrong> {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let milliseconds = u64::try_from(since.as_millis()).ok();
    milliseconds
        .filter(|it| *it <= LATEST)
        .ok_or(Wrong::WouldHaveTimes)
}
