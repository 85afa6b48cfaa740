//! What was found amiss while an answer was read.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// An answer hostile enough to have more than this many faults needs no complete list of them.
const MAX_WARNINGS: usize = 256;
/// Keys come from the wire.
const MAX_KEY_CHARS: usize = 64;

/// A value read from an answer, and what was amiss in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// What had to be left out: at most 256 warnings, in the order of the document.
    pub warnings: Vec<Warning>,
}

/// A part of an answer that could not be used.
///
/// Never holds the value that was found: it may be a secret in the wrong place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    path: String,
    expected: &'static str,
    found: Found,
}

/// The shape of what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Found {
    /// Nothing where something is required.
    Nothing,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Warning {
    /// Returns where it was, such as `payload[1].features.telemetry`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what would have been understood, such as `a number`.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// Returns the shape of what was there instead.
    #[must_use]
    pub fn found(&self) -> Found {
        self.found
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, expected, found) = (&self.path, self.expected, self.found);
        write!(f, "{path}: expected {expected}, found {found}")
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Found {
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        })
    }
}

/// The warnings of one answer, while it is read.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Vec<Warning>);

impl Warnings {
    pub(crate) fn add(&mut self, at: &Path<'_>, expected: &'static str, found: &Value) {
        if self.0.len() < MAX_WARNINGS {
            self.0.push(Warning {
                path: at.to_string(),
                expected,
                found: Found::of(found),
            });
        }
    }

    pub(crate) fn as_slice(&self) -> &[Warning] {
        &self.0
    }

    pub(crate) fn into_decoded<T>(self, value: T) -> Decoded<T> {
        let warnings = self.0;
        Decoded { value, warnings }
    }
}

/// Where in an answer: written out only when there is something to warn of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'a> {
    Root(&'static str),
    Member(&'a Path<'a>, &'a str),
    Element(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Member(parent, key) => {
                write!(f, "{parent}.")?;
                key.chars().take(MAX_KEY_CHARS).try_for_each(|c| {
                    let shown = if c.is_control() { '\u{fffd}' } else { c };
                    write!(f, "{shown}")
                })
            }
            Self::Element(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
