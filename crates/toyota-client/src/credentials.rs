//! What an owner signs in with.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;

/// A user name and a password, or tokens alone.
///
/// Cheap to clone; never shown, not even the user name, which is a mail address.
#[derive(Clone)]
pub struct Credentials {
    username: Arc<str>,
    password: Option<SecretString>,
}

/// A user name that cannot be an account's: it has no `@`, or is absurdly long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the user name is the account's mail address, with an @, at most 254 bytes long")]
pub struct InvalidUsername;

impl Credentials {
    /// Creates credentials that can sign in by password.
    ///
    /// # Errors
    ///
    /// [`InvalidUsername`] when the name has no `@` or is longer than a mail address can be
    /// (RFC 5321 section 4.5.3.1.3).
    pub fn new(
        username: impl AsRef<str>,
        password: impl Into<SecretString>,
    ) -> Result<Self, InvalidUsername> {
        let username = username.as_ref().trim();
        if !username.contains('@') || username.len() > 254 {
            return Err(InvalidUsername);
        }
        Ok(Self {
            username: username.into(),
            password: Some(password.into()),
        })
    }

    /// Creates the credentials of an account whose password is not at hand: for its tokens.
    ///
    /// # Errors
    ///
    /// [`InvalidUsername`], as [`new`](Self::new).
    pub fn of_user(username: impl AsRef<str>) -> Result<Self, InvalidUsername> {
        let known = Self::new(username, "")?;
        Ok(Self {
            password: None,
            ..known
        })
    }

    /// Creates credentials without a password: tokens are refreshed as long as that works, and
    /// then [`LoginErrorKind::NoPassword`](crate::LoginErrorKind::NoPassword) ends it.
    #[must_use]
    pub fn without_password() -> Self {
        Self {
            username: "".into(),
            password: None,
        }
    }

    pub(crate) fn username(&self) -> &str {
        &self.username
    }

    pub(crate) fn password(&self) -> Option<&SecretString> {
        self.password.as_ref()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("has_password", &self.password.is_some())
            .finish_non_exhaustive()
    }
}
