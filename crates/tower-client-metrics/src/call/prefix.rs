//! What the names of a call's metrics begin with.

use std::borrow::Cow;
use std::fmt;

const LONGEST: usize = 64;

/// What the names of a call's metrics begin with: `http_call` unless something else is said.
///
/// One to 64 letters, digits and underscores of ASCII, the first of them a letter: names that
/// every system can take as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix(Cow<'static, str>);

impl Prefix {
    /// Reads a prefix.
    ///
    /// # Errors
    ///
    /// [`InvalidPrefix`], if it is not one.
    pub fn new(prefix: impl Into<String>) -> Result<Self, InvalidPrefix> {
        let prefix = prefix.into();
        if is_prefix(prefix.as_bytes()) {
            Ok(Self(Cow::Owned(prefix)))
        } else {
            Err(InvalidPrefix(prefix))
        }
    }

    /// Takes a prefix that is written in the program: in a constant, a bad one does not compile.
    ///
    /// # Panics
    ///
    /// If it is not a prefix.
    #[must_use]
    pub const fn from_static(prefix: &'static str) -> Self {
        assert!(is_prefix(prefix.as_bytes()), "not a prefix of metrics");
        Self(Cow::Borrowed(prefix))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Prefix {
    fn default() -> Self {
        const HTTP_CALL: Prefix = Prefix::from_static("http_call");
        HTTP_CALL
    }
}

const fn is_prefix(text: &[u8]) -> bool {
    let [first, rest @ ..] = text else {
        return false;
    };
    first.is_ascii_alphabetic() && text.len() <= LONGEST && are_letters(rest)
}

const fn are_letters(text: &[u8]) -> bool {
    match text {
        [] => true,
        [first, rest @ ..] => {
            (first.is_ascii_alphanumeric() || *first == b'_') && are_letters(rest)
        }
    }
}

/// A text that cannot be a [`Prefix`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPrefix(String);

impl fmt::Display for InvalidPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.0.chars().take(LONGEST).collect();
        write!(
            f,
            "the prefix {shown:?} is not 1 to {LONGEST} letters, digits and underscores, the first a letter"
        )
    }
}

impl std::error::Error for InvalidPrefix {}
