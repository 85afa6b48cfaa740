//! One thing that is wrong with settings: where, what, and what would be allowed.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::key::{self, Key, MASK, Privacy};
use super::suggest;

const MAX_SHOWN: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    place: Place,
    key: Option<String>,
    fault: Fault,
}

/// Where something was set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In a file.
    #[non_exhaustive]
    File {
        /// The file.
        path: Arc<Path>,
        /// The line and the column, from 1; `None` for the file as a whole.
        at: Option<(u32, u32)>,
    },
    /// In an environment variable.
    Variable(String),
    /// In code, by this method.
    Method(&'static str),
    /// Among the settings of an application, which deserialized them.
    Embedded,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    /// A value that is not allowed; its text is `None` where nothing is given.
    Value {
        value: Option<String>,
        allowed: String,
    },
    /// A value that is needed, and what for.
    Missing(String),
    /// A name that is not known.
    Unknown { hint: Option<String> },
    /// Something about the place as a whole.
    Whole(String),
}

impl Problem {
    /// Says that a value is not allowed.
    pub(super) fn value(place: Place, key: &Key, value: &str, allowed: impl Into<String>) -> Self {
        let value = match key.privacy {
            Privacy::Open => shorten(&without_query(&without_user_info(value))),
            Privacy::Personal | Privacy::Secret => MASK.to_owned(),
        };
        Self::of_key(place, key.path(), Some(value), allowed)
    }

    /// Says that something which is no value, such as a list, stands where one should.
    pub(super) fn shape(place: Place, key: &str, allowed: impl Into<String>) -> Self {
        Self::of_key(place, key, None, allowed)
    }

    /// Says that a value is needed, and what for.
    pub(super) fn missing(path: &str, needed: &str) -> Self {
        let variable = key::find(path).map_or("", Key::variable);
        Self {
            place: Place::Embedded,
            key: Some(path.to_owned()),
            fault: Fault::Missing(format!("{needed} ({variable})")),
        }
    }

    /// Says that a name is not known. What it was set to may be a secret, and after a slip such as
    /// `password:…` that is in the name: it is shown as far as it could be one.
    pub(super) fn unknown(place: Place, key: &str) -> Self {
        let in_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        let name = key.split(|c| !in_name(c)).next().unwrap_or_default();
        let fault = Fault::Unknown {
            hint: suggest::key(name),
        };
        let mut shown = shorten(name);
        if name.len() < key.len() && !shown.ends_with('…') {
            shown.push('…');
        }
        let key = Some(shown);
        Self { place, key, fault }
    }

    /// Says that a variable is not known, and which one is probably meant.
    pub(super) fn unknown_variable(name: &str, hint: String) -> Self {
        Self {
            place: Place::Variable(shorten(name)),
            key: None,
            fault: Fault::Unknown { hint: Some(hint) },
        }
    }

    /// Says something about a place as a whole.
    pub(super) fn whole(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            key: None,
            fault: Fault::Whole(message.into()),
        }
    }

    /// Says it of something that may be shown.
    pub(super) fn of_key(
        place: Place,
        key: &str,
        value: Option<String>,
        allowed: impl Into<String>,
    ) -> Self {
        Self {
            place,
            key: Some(key.to_owned()),
            fault: Fault::Value {
                value,
                allowed: allowed.into(),
            },
        }
    }

    /// Returns where it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Returns the path of the key, if it is about one.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Returns the value that is not allowed: at most 100 characters of it, a secret masked.
    #[must_use]
    pub fn refused(&self) -> Option<&str> {
        match &self.fault {
            Fault::Value { value, .. } => value.as_deref(),
            Fault::Missing(_) | Fault::Unknown { .. } | Fault::Whole(_) => None,
        }
    }

    /// Returns what would be allowed instead.
    #[must_use]
    pub fn allowed(&self) -> Option<&str> {
        match &self.fault {
            Fault::Value { allowed, .. } => Some(allowed),
            Fault::Missing(_) | Fault::Unknown { .. } | Fault::Whole(_) => None,
        }
    }

    /// Returns what was probably meant, for a name that is not known.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        match &self.fault {
            Fault::Unknown { hint } => hint.as_deref(),
            Fault::Value { .. } | Fault::Missing(_) | Fault::Whole(_) => None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)?;
        // A variable is the name of its key.
        match (&self.place, &self.key) {
            (Place::Variable(_), _) => f.write_str(" ")?,
            (Place::Embedded, Some(key)) => write!(f, "{} ", key.escape_debug())?,
            (_, Some(key)) => write!(f, ": {} ", key.escape_debug())?,
            (Place::Embedded, None) => {}
            (_, None) => f.write_str(": ")?,
        }
        match &self.fault {
            Fault::Value { value, allowed } => {
                if let Some(value) = value {
                    write!(f, "{value:?} ")?;
                }
                write!(f, "is not allowed: {allowed}")
            }
            Fault::Missing(needed) => write!(f, "is not set: {needed}"),
            Fault::Unknown { hint: Some(hint) } => write!(f, "is not known: did you mean {hint}?"),
            Fault::Unknown { hint: None } => f.write_str("is not known"),
            Fault::Whole(message) => write!(f, "{message}"),
        }
    }
}

/// As compilers write it: `path:line:column`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, at } => {
                let path = path.to_string_lossy();
                write!(f, "{}", path.escape_debug())?;
                at.map_or(Ok(()), |(line, column)| write!(f, ":{line}:{column}"))
            }
            Self::Variable(name) => write!(f, "{}", name.escape_debug()),
            Self::Method(name) => f.write_str(name),
            Self::Embedded => Ok(()),
        }
    }
}

/// A text that is short enough to be shown.
pub(super) fn shorten(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// What stands before an `@` in a URL may be a password.
fn without_user_info(text: &str) -> String {
    let Some(at) = text.rfind('@') else {
        return text.to_owned();
    };
    let (before, after) = text.split_at(at);
    match before.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://{MASK}{after}"),
        None => format!("{MASK}{after}"),
    }
}

/// What stands behind a URL's `?` may be a token.
fn without_query(text: &str) -> String {
    let query = text.find(['?', '#']).filter(|_| text.contains("://"));
    match query.and_then(|at| text.split_at_checked(at + 1)) {
        Some((before, _)) => format!("{before}…"),
        None => text.to_owned(),
    }
}
