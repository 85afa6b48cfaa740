//! Vehicle identification numbers that do not leak into logs.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use serde::{Serialize, Serializer};

/// The longest text taken for a VIN. ISO 3779 has 17 characters; the service's own test cars have
/// fewer, so nothing but a bound is enforced.
const MAX_LEN: usize = 32;

/// A vehicle identification number.
///
/// A VIN identifies a car and through registers its owner, so `Debug` and `Display` show the last
/// four characters only; [`as_str`](Self::as_str) gives the whole.
///
/// ```
/// use toyota_client::Vin;
///
/// let vin = Vin::new("JTSIM00000PET0001")?;
/// assert_eq!(format!("{vin:?}"), "Vin(…0001)");
/// assert_eq!(vin.as_str(), "JTSIM00000PET0001");
/// # Ok::<_, toyota_client::InvalidVin>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vin(Arc<str>);

/// A text that cannot be a VIN: empty, longer than 32 bytes, or with anything but visible ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a VIN has 1 to 32 visible ASCII characters, normally 17 letters and digits")]
pub struct InvalidVin;

impl Vin {
    /// Creates a VIN from its text, without surrounding white space.
    ///
    /// # Errors
    ///
    /// [`InvalidVin`] when the text is empty, longer than 32 bytes, or has characters other than
    /// visible ASCII (which could not be sent in the `vin` header).
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidVin> {
        let text = text.as_ref().trim();
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.is_empty() || text.len() > MAX_LEN || !visible {
            return Err(InvalidVin);
        }
        Ok(Self(text.into()))
    }

    /// Returns the whole VIN, for the wire and for the car's owner.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part that may be shown: the last four characters, or none of a text that is
    /// no longer than that.
    #[must_use]
    pub fn suffix(&self) -> &str {
        match self.0.len().checked_sub(4) {
            Some(start) if start > 0 => self.0.get(start..).unwrap_or_default(),
            _ => "",
        }
    }

    pub(crate) fn to_header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&self.0).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Vin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vin({self})")
    }
}

impl fmt::Display for Vin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "…{}", self.suffix())
    }
}

/// Writes the whole VIN: serialising is how an owner exports data.
impl Serialize for Vin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_at_most_the_last_four_characters() {
        for (text, shown) in [
            ("JTSIM00000PET0001", "…0001"),
            ("12345", "…2345"),
            ("1234", "…"),
            ("1", "…"),
        ] {
            assert_eq!(Vin::new(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn takes_whatever_the_header_can_carry() {
        for text in ["Not0My8Vin15", "JT***************", " JTSIM00000PET0001\n"] {
            assert!(Vin::new(text).is_ok(), "{text:?}");
        }
        for text in [
            "",
            "  ",
            "JT SIM",
            "JTSÍM",
            "0123456789012345678901234567890123",
        ] {
            assert_eq!(Vin::new(text), Err(InvalidVin), "{text:?}");
        }
    }
}
