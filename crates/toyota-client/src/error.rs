//! What went wrong with a call, as a value to decide by and a text to read.

mod advice;
mod kind;
mod local;
mod map;
mod text;

use std::time::Duration;

use http::{Request, StatusCode};
use tower_client::auth::{AuthError, AuthErrorKind};
use tower_client::call::{Delivery, causes};
use tower_client::error::{ApiError, Call};

pub use self::kind::Kind;
pub use self::map::ToyotaErrors;
use crate::envelope::{Message, Refusal};
use crate::{LoginError, LoginErrorKind, Vin};

/// A failed call.
///
/// `Display` and `Debug` hold the name of the operation, status, code and a car's last four
/// characters; no body, no header and no query. [`next_step`](Self::next_step) says what its
/// reader can do.
pub struct Error(ApiError<Detail>);

/// What Toyota's service adds to an HTTP error.
#[derive(Clone)]
struct Detail {
    kind: Kind,
    reason: Reason,
    message: Message,
    vin: Option<Vin>,
}

/// What happened, in the service's terms.
#[derive(Clone, Copy)]
enum Reason {
    Refused(Refusal),
    NotAccepted,
    InvalidCommand,
    HiddenError,
    NotJson,
    TooLarge(usize),
    Timeout(Duration),
    Failed,
    SignIn(LoginErrorKind),
    Credential(AuthErrorKind),
    InvalidTarget,
    NotOffered,
    UnknownUser,
    Crowded,
    Config,
}

impl Error {
    fn new(error: ApiError<Detail>, kind: Kind, reason: Reason, message: Message) -> Self {
        Self(error.with_detail(Detail {
            kind,
            reason,
            message,
            vin: None,
        }))
    }

    /// Names the car that the call was about.
    pub(crate) fn about(self, vin: Option<&Vin>) -> Self {
        match (self.0.detail().cloned(), vin) {
            (Some(detail), Some(vin)) => Self(self.0.with_detail(Detail {
                vin: Some(vin.clone()),
                ..detail
            })),
            _ => self,
        }
    }

    /// Tells whether a route was refused as one that there is not, or not for this car.
    pub(crate) fn is_moved(&self) -> bool {
        let reason = self.0.detail().map(|detail| detail.reason);
        matches!(
            reason,
            Some(Reason::Refused(Refusal::Unauthorized | Refusal::NotFound))
        )
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.detail().map_or(Kind::Api, |detail| detail.kind)
    }

    /// Tells whether the failure is of this kind or of one below it.
    #[must_use]
    pub fn is(&self, kind: Kind) -> bool {
        std::iter::successors(Some(self.kind()), |kind| kind.parent()).any(|own| own == kind)
    }

    /// Returns the stable code of an HTTP API's error, such as `RATE_LIMIT`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code()
    }

    /// Returns the name of the operation, such as `telemetry`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation().map_or("", |operation| operation.name())
    }

    /// Returns the car that the call was about.
    #[must_use]
    pub fn vin(&self) -> Option<&Vin> {
        self.0.detail()?.vin.as_ref()
    }

    /// Returns the HTTP status, if there was an answer of the API.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status()
    }

    /// Returns the service's identifier of the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id()
    }

    /// Returns how often the call was attempted.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts()
    }

    /// Returns how long the call took.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Returns whether the request can have reached the service.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.0.delivery()
    }

    /// Returns the service's own code, such as `APIGW-403`: at most 64 printable characters.
    #[must_use]
    pub fn response_code(&self) -> Option<&str> {
        self.0.detail()?.message.code.as_deref()
    }

    /// Returns the service's own words, its most detailed: at most 64 printable characters. They
    /// are not part of `Display`.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        let message = &self.0.detail()?.message;
        message.detail.as_deref().or(message.description.as_deref())
    }

    /// Returns the header that the service misses, if it names one.
    #[must_use]
    pub fn missing_header(&self) -> Option<&str> {
        let detail = self.0.detail()?;
        match detail.reason {
            Reason::Refused(Refusal::MissingHeader) => detail.message.header(),
            _ => None,
        }
    }

    /// Returns how long the service asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let login = || self.login_error().and_then(LoginError::retry_after);
        self.0.retry_after().or_else(login)
    }

    /// Returns the failed sign-in behind this error, if there is one.
    #[must_use]
    pub fn login_error(&self) -> Option<&LoginError> {
        find(std::error::Error::source(&self.0)?)
    }

    /// Returns what can be done about it, as one sentence for a person.
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        self.0
            .detail()
            .map_or("try again later", |detail| advice::next_step(detail.reason))
    }
}

/// Finds the cause of a type on an error's source chain.
fn find<'a, T: std::error::Error + 'static>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

impl From<LoginError> for Error {
    fn from(error: LoginError) -> Self {
        map::failed(&Call::of(&Request::new(())), error.into())
    }
}

impl From<AuthError> for Error {
    fn from(error: AuthError) -> Self {
        map::failed(&Call::of(&Request::new(())), error.into())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0)
    }
}
