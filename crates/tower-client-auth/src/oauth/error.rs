//! Why a token endpoint gave no token, and a setting that cannot be used.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::StatusCode;
use tower::BoxError;
use tower_client_call::{InvalidSetting, causes};

use crate::TokenError;

/// Of a setting's value, in characters.
const LONGEST_SHOWN: usize = 100;
const NOT_SHOWN: &str = "not shown";

/// Why a token endpoint gave no token.
///
/// The source of a grant's [`TokenError`], which says whether trying again can help.
pub struct OAuthError(Box<Reason>);

/// What kind of failure left a grant without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OAuthErrorKind {
    /// There is no refresh token yet: somebody has to sign in. Permanent.
    NotSignedIn,
    /// The endpoint refused the request: see [`error_code`](OAuthError::error_code). Permanent.
    Refused,
    /// The endpoint cannot answer now, or wants to be asked later. Passes.
    Unavailable,
    /// The endpoint was not reached, or its answer broke off. Passes.
    Transport,
    /// The answer is none of OAuth 2.0, such as a redirect. Permanent.
    Protocol,
}

struct Reason {
    kind: OAuthErrorKind,
    what: &'static str,
    status: Option<StatusCode>,
    code: Option<Box<str>>,
    retry_after: Option<Duration>,
    source: Option<BoxError>,
}

impl OAuthError {
    fn new(kind: OAuthErrorKind, what: &'static str) -> Self {
        Self(Box::new(Reason {
            kind,
            what,
            status: None,
            code: None,
            retry_after: None,
            source: None,
        }))
    }

    pub(super) fn not_signed_in() -> Self {
        let what = "there is no refresh token: sign in first";
        Self::new(OAuthErrorKind::NotSignedIn, what)
    }

    pub(super) fn refused() -> Self {
        let what = "the token endpoint refused the request";
        Self::new(OAuthErrorKind::Refused, what)
    }

    pub(super) fn unavailable() -> Self {
        let what = "the token endpoint cannot answer now";
        Self::new(OAuthErrorKind::Unavailable, what)
    }

    pub(super) fn unreadable() -> Self {
        let what = "the token endpoint's answer is not the JSON object that it should be";
        Self::new(OAuthErrorKind::Unavailable, what)
    }

    pub(super) fn transport(what: &'static str, cause: impl Into<BoxError>) -> Self {
        let mut error = Self::new(OAuthErrorKind::Transport, what);
        error.0.source = Some(cause.into());
        error
    }

    pub(super) fn protocol(what: &'static str) -> Self {
        Self::new(OAuthErrorKind::Protocol, what)
    }

    pub(super) fn at(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(super) fn with_code(mut self, code: Option<Box<str>>) -> Self {
        self.0.code = code;
        self
    }

    pub(super) fn after(mut self, time: Option<Duration>) -> Self {
        self.0.retry_after = time;
        self
    }

    /// Returns the error on another's source chain.
    #[must_use]
    pub fn find<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        causes(error).find_map(|error| error.downcast_ref())
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> OAuthErrorKind {
        self.0.kind
    }

    /// Returns the endpoint's own error code (RFC 6749 section 5.2), such as `invalid_grant`: at
    /// most 64 printable characters of it.
    #[must_use]
    pub fn error_code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the status of the endpoint's answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }
}

impl From<OAuthError> for TokenError {
    fn from(error: OAuthError) -> Self {
        let wait = error.0.retry_after;
        let error = match error.kind() {
            OAuthErrorKind::Unavailable | OAuthErrorKind::Transport => Self::transient(error),
            OAuthErrorKind::NotSignedIn | OAuthErrorKind::Refused | OAuthErrorKind::Protocol => {
                return Self::permanent(error);
            }
        };
        match wait {
            Some(wait) => error.after(wait),
            None => error,
        }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reason { what, status, .. } = &*self.0;
        f.write_str(what)?;
        match (status, &self.0.code) {
            (Some(status), Some(code)) => write!(f, " (status {}: {code})", status.as_u16()),
            (Some(status), None) => write!(f, " (status {})", status.as_u16()),
            (None, _) => Ok(()),
        }
    }
}

impl fmt::Debug for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthError")
            .field("kind", &self.0.kind)
            .field("what", &self.0.what)
            .field("status", &self.0.status)
            .field("error_code", &self.0.code)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl Error for OAuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.0.source.as_deref();
        source.map(|source| source as &(dyn Error + 'static))
    }
}

/// Returns the error of a setting that cannot be used.
pub(super) fn invalid(name: &'static str, value: &str, allowed: &'static str) -> InvalidSetting {
    InvalidSetting::new(name, shown(value), allowed)
}

pub(super) fn unless(
    good: bool,
    name: &'static str,
    value: &str,
    allowed: &'static str,
) -> Result<(), InvalidSetting> {
    let invalid = || invalid(name, value, allowed);
    good.then_some(()).ok_or_else(invalid)
}

/// Returns the error of a setting whose value is a secret.
pub(super) fn hidden(name: &'static str, allowed: &'static str) -> InvalidSetting {
    InvalidSetting::new(name, NOT_SHOWN, allowed)
}

/// What has an `@` may have a password before it, and a query may be a key.
fn shown(value: &str) -> String {
    if value.contains('@') {
        return NOT_SHOWN.to_owned();
    }
    let end = value.find(['?', '#']).unwrap_or(value.len());
    let shown: String = value[..end].chars().take(LONGEST_SHOWN).collect();
    format!("{shown:?}")
}
