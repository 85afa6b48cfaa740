//! Values of which nobody has seen the shape.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::decode::Decode;
use super::warning::{Found, Path, Warnings};

/// A part of an answer whose shape is not known: it is kept as it came.
///
/// `Debug` shows its kind only: it may be personal.
#[derive(Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Untyped(Value);

impl Untyped {
    /// Returns the JSON.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// Returns the text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }
}

impl fmt::Debug for Untyped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Untyped({})", Found::of(&self.0))
    }
}

impl Decode for Untyped {
    const EXPECTED: &'static str = "anything";

    fn decode(value: Value, _: &Path<'_>, _: &mut Warnings) -> Option<Self> {
        Some(Self(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_content() {
        assert_eq!(format!("{:?}", Untyped("s3cret".into())), "Untyped(a text)");
    }
}
