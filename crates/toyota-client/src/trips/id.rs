//! Names of trips.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::Value;

use crate::model::decode::Leaf;

/// A UUID has 36 characters.
const MAX_LEN: usize = 64;

/// The service's name of a trip, normally a UUID.
///
/// ```
/// use toyota_client::trips::TripId;
///
/// assert!("11111111-2222-4333-8444-555555555555".parse::<TripId>().is_ok());
/// assert!("../account".parse::<TripId>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TripId(Box<str>);

/// A text that cannot be a trip's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a trip's name has 1 to 64 letters, digits and hyphens")]
pub struct InvalidTripId;

impl TripId {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Takes what can be part of a path as it is.
impl FromStr for TripId {
    type Err = InvalidTripId;

    fn from_str(text: &str) -> Result<Self, InvalidTripId> {
        let text = text.trim();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if text.is_empty() || text.len() > MAX_LEN || !text.bytes().all(is_plain) {
            return Err(InvalidTripId);
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for TripId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Leaf for TripId {
    const EXPECTED: &'static str = "a trip's name";

    fn read(value: &Value) -> Option<Self> {
        String::read(value)?.parse().ok()
    }
}
