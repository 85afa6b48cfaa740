//! What went wrong with a call, as a value to decide by and a text to read.

mod advice;
mod kind;
mod map;

use std::fmt;
use std::time::Duration;

use http::{Request, StatusCode};
use tower::BoxError;
use tower_client::auth::{AuthError, AuthErrorKind};
use tower_client::call::InvalidSetting;
use tower_client::call::{Delivery, causes};
use tower_client::error::{ApiError, Call, Kind as HttpKind};

pub use self::kind::Kind;
pub use self::map::ToyotaErrors;
use crate::command::InvalidCommand;
use crate::envelope::{Message, Refusal};
use crate::routes::Feature;
use crate::text::excerpt;
use crate::{ConfigError, InvalidTarget, LoginError, LoginErrorKind, TlsError, Vin};

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

/// Why nothing was asked.
#[derive(Debug, thiserror::Error)]
#[error("the service refused every route to it within a day")]
struct NotOffered;

/// Why a body cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the user's identifier at the service is not known")]
struct NoUser;

/// Why a command was not taken.
#[derive(Debug, thiserror::Error)]
#[error("the gateway took the request and refused what it asks for")]
struct NotAccepted;

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

    fn local(http: HttpKind, reason: Reason, source: impl Into<BoxError>) -> Self {
        let call = Call::of(&Request::new(()));
        let source = Delivery::NotSent.because(source);
        let error = ApiError::failed(&call, http, source);
        Self::new(error, Kind::Validation, reason, Message::default())
    }

    pub(crate) fn invalid_target() -> Self {
        Self::local(
            HttpKind::InvalidRequest,
            Reason::InvalidTarget,
            InvalidTarget,
        )
    }

    /// All routes of a feature were refused lately: nothing was sent.
    pub(crate) fn not_offered(feature: Feature, vin: Option<&Vin>) -> Self {
        let mut request = Request::new(());
        request
            .extensions_mut()
            .insert(feature.built_in().operation());
        let source = Delivery::NotSent.because(NotOffered);
        let error = ApiError::failed(&Call::of(&request), HttpKind::NotFound, source);
        let (kind, reason) = (Kind::ActionNotSupported, Reason::NotOffered);
        Self::new(error, kind, reason, Message::default()).about(vin)
    }

    /// The gateway's answer to a command has this code, which is not the one of success.
    pub(crate) fn not_accepted(feature: Feature, vin: &Vin, code: &str) -> Self {
        let mut request = Request::new(());
        let operation = feature.built_in().operation();
        request.extensions_mut().insert(operation);
        let source = Delivery::Answered.because(NotAccepted);
        let error = ApiError::failed(&Call::of(&request), HttpKind::Api, source);
        let message = Message {
            code: Some(excerpt(code)),
            ..Message::default()
        };
        Self::new(error, Kind::Vehicle, Reason::NotAccepted, message).about(Some(vin))
    }

    pub(crate) fn unknown_user() -> Self {
        Self::local(HttpKind::InvalidRequest, Reason::UnknownUser, NoUser)
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

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::local(HttpKind::InvalidRequest, Reason::Config, error)
    }
}

impl From<InvalidCommand> for Error {
    fn from(error: InvalidCommand) -> Self {
        Self::local(HttpKind::InvalidRequest, Reason::InvalidCommand, error)
    }
}

impl From<InvalidSetting> for Error {
    fn from(error: InvalidSetting) -> Self {
        Self::local(HttpKind::InvalidRequest, Reason::Config, error)
    }
}

impl From<TlsError> for Error {
    fn from(error: TlsError) -> Self {
        Self::local(HttpKind::InvalidRequest, Reason::Config, error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.operation().is_empty() {
            write!(f, "{}: ", self.operation())?;
        }
        if let Some(vin) = self.vin() {
            write!(f, "car {vin}: ")?;
        }
        let Some(detail) = self.0.detail() else {
            return fmt::Display::fmt(&self.0.kind(), f);
        };
        match detail.reason {
            Reason::Refused(refusal) => f.write_str(refusal.as_str())?,
            Reason::HiddenError => f.write_str("the service reported an error")?,
            Reason::NotJson => f.write_str("the answer is not JSON")?,
            Reason::TooLarge(limit) => write!(f, "the answer is larger than {limit} bytes")?,
            Reason::Timeout(after) => {
                write!(f, "no whole answer within {} s", after.as_secs_f64())?;
            }
            Reason::Failed if self.kind() == Kind::Timeout => f.write_str("no answer in time")?,
            Reason::Failed => f.write_str("the service could not be talked to")?,
            Reason::SignIn(_) => f.write_str("signing in failed")?,
            Reason::Credential(_) => f.write_str("there is no token for the request")?,
            Reason::InvalidTarget => f.write_str("the request cannot be sent")?,
            Reason::NotOffered => f.write_str("the service does not offer this for the car")?,
            Reason::NotAccepted => f.write_str("the command was not accepted")?,
            Reason::InvalidCommand => f.write_str("the command cannot be sent")?,
            Reason::UnknownUser => f.write_str("the request needs to know whose it is")?,
            Reason::Crowded => f.write_str("too many calls wait for their turn already")?,
            Reason::Config => f.write_str("a setting cannot be used")?,
        }
        if let Some(header) = self.missing_header() {
            write!(f, " ({header})")?;
        }
        if let Some(status) = self.status() {
            write!(f, ", status {}", status.as_u16())?;
        }
        match self.response_code() {
            Some(code) => write!(f, " ({code})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("message", &self.to_string())
            .field("source", &std::error::Error::source(&self.0))
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0)
    }
}
