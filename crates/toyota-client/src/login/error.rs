//! Why a sign-in or a refresh failed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tower::BoxError;

use crate::exchange::ExchangeError;

/// A failed sign-in or token refresh.
///
/// Cheap to clone, so that everyone who waited for one sign-in can have its error. Holds no
/// password, token or code, and no text of the service beyond the names of its steps.
#[derive(Clone)]
pub struct LoginError(Arc<Failure>);

/// What kind of failure ended a sign-in or a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginErrorKind {
    /// The account does not exist, or is not the one of these credentials. Permanent.
    UnknownUser,
    /// The password was refused. Permanent: repeating it can lock the account.
    InvalidPassword,
    /// A one-time code is asked for, or the one given was refused. Needs a human.
    CodeRequired,
    /// The login host asks for something this client cannot answer. Permanent.
    UnsupportedStep,
    /// An answer that does not fit the protocol. Permanent: it would be the same again.
    Protocol,
    /// Any other refusal with a 4xx status or an OAuth error. Permanent.
    Refused,
    /// The refresh token is expired, used or revoked. Sign in again.
    InvalidGrant,
    /// The OAuth client's identifier or secret is wrong: a configuration error.
    InvalidClient,
    /// The unfinished sign-in is too old to go on with. Sign in again.
    Expired,
    /// No password is configured, and without one there is nothing left to try.
    NoPassword,
    /// The login host is overloaded or broken (5xx, 429). Try later.
    Unavailable,
    /// No whole answer in time. Try later.
    Timeout,
    /// The login host could not be reached, or the connection broke. Try later.
    Transport,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the user name is unknown")]
    UnknownUser,
    #[error("the password was refused")]
    InvalidPassword,
    #[error("a one-time code is required, or the one given was refused")]
    CodeRequired,
    #[error("unsupported login step: {callback} with the prompt {prompt:?}")]
    UnsupportedStep { callback: String, prompt: String },
    #[error("the login did not end within 10 steps")]
    TooManySteps,
    #[error("{step}: {what}")]
    Protocol {
        step: &'static str,
        what: &'static str,
    },
    #[error("the token answer lacks {0}")]
    MissingField(&'static str),
    #[error("{step} was refused with status {}", status.as_u16())]
    Refused {
        step: &'static str,
        status: StatusCode,
    },
    #[error("{step} was refused: {error}")]
    OAuth { step: &'static str, error: String },
    #[error("the refresh token is no longer valid")]
    InvalidGrant,
    #[error("the OAuth client identifier or secret was refused")]
    InvalidClient,
    #[error("the unfinished sign-in has expired")]
    Expired,
    #[error("no password is configured")]
    NoPassword,
    #[error("the credentials are another account's")]
    AnotherAccount,
    #[error("{step} is unavailable: status {}", status.as_u16())]
    Unavailable {
        step: &'static str,
        status: StatusCode,
        retry_after: Option<Duration>,
    },
    #[error("the login host did not answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    #[error("the login host could not be talked to")]
    Transport(#[source] BoxError),
}

impl Failure {
    pub(super) fn protocol(step: &'static str, what: &'static str) -> Self {
        Self::Protocol { step, what }
    }

    /// A request that cannot be built: only from settings with impossible characters.
    pub(super) fn request(error: http::Error) -> Self {
        Self::Transport(error.into())
    }

    fn kind(&self) -> LoginErrorKind {
        match self {
            Self::UnknownUser => LoginErrorKind::UnknownUser,
            Self::InvalidPassword => LoginErrorKind::InvalidPassword,
            Self::CodeRequired => LoginErrorKind::CodeRequired,
            Self::UnsupportedStep { .. } => LoginErrorKind::UnsupportedStep,
            Self::TooManySteps | Self::Protocol { .. } | Self::MissingField(_) => {
                LoginErrorKind::Protocol
            }
            Self::Refused { .. } | Self::OAuth { .. } => LoginErrorKind::Refused,
            Self::InvalidGrant => LoginErrorKind::InvalidGrant,
            Self::InvalidClient => LoginErrorKind::InvalidClient,
            Self::Expired => LoginErrorKind::Expired,
            Self::NoPassword => LoginErrorKind::NoPassword,
            Self::AnotherAccount => LoginErrorKind::UnknownUser,
            Self::Unavailable { .. } => LoginErrorKind::Unavailable,
            Self::Timeout(_) => LoginErrorKind::Timeout,
            Self::Transport(_) => LoginErrorKind::Transport,
        }
    }
}

impl From<ExchangeError> for Failure {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::Timeout(after) => Self::Timeout(after),
            ExchangeError::TooLarge(_) => Self::protocol("login host", "the answer is too large"),
            ExchangeError::Body(source) | ExchangeError::Service(source) => Self::Transport(source),
        }
    }
}

impl From<Failure> for LoginError {
    fn from(failure: Failure) -> Self {
        Self(Arc::new(failure))
    }
}

impl LoginError {
    pub(crate) fn another_account() -> Self {
        Failure::AnotherAccount.into()
    }

    pub(crate) fn code_required() -> Self {
        Failure::CodeRequired.into()
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> LoginErrorKind {
        self.0.kind()
    }

    /// Tells whether the same credentials would fail again: do not repeat.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !self.is_transient()
    }

    /// Tells whether trying again later can succeed: 5xx, 429, timeouts, broken connections.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self.kind(),
            LoginErrorKind::Unavailable | LoginErrorKind::Timeout | LoginErrorKind::Transport
        )
    }

    /// Returns the HTTP status, of the kinds that are known by nothing else.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match *self.0 {
            Failure::Refused { status, .. } | Failure::Unavailable { status, .. } => Some(status),
            _ => None,
        }
    }

    /// Returns how long the login host asked to wait, if it did.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match *self.0 {
            Failure::Unavailable { retry_after, .. } => retry_after,
            _ => None,
        }
    }
}

impl fmt::Debug for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for LoginError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&*self.0)
    }
}
