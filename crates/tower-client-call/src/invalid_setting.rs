//! A setting that cannot be used.

use std::error::Error;
use std::fmt;

/// A setting of a layer that cannot be used: its name, its value, and what is allowed.
///
/// ```
/// use tower_client_call::InvalidSetting;
///
/// let attempts = 0;
/// let checked = InvalidSetting::unless(attempts > 0, "max_attempts", attempts, "more than 0");
///
/// let error = checked.unwrap_err();
/// assert_eq!(error.to_string(), "max_attempts is 0; allowed is more than 0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSetting {
    name: &'static str,
    value: String,
    allowed: &'static str,
}

impl InvalidSetting {
    /// Creates the error. The value is shown as it is displayed: not for secrets.
    #[must_use]
    pub fn new(name: &'static str, value: impl fmt::Display, allowed: &'static str) -> Self {
        let value = value.to_string();
        Self {
            name,
            value,
            allowed,
        }
    }

    /// Returns the error unless the value is good. It is shown as `Debug` shows it.
    ///
    /// # Errors
    ///
    /// The setting, if it is not good.
    pub fn unless(
        good: bool,
        name: &'static str,
        value: impl fmt::Debug,
        allowed: &'static str,
    ) -> Result<(), Self> {
        if good {
            return Ok(());
        }
        Err(Self::new(name, format_args!("{value:?}"), allowed))
    }

    /// Returns the setting's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            value,
            allowed,
        } = self;
        write!(f, "{name} is {value}; allowed is {allowed}")
    }
}

impl Error for InvalidSetting {}
