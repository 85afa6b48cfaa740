//! What went wrong with a call, as a value to decide by and a text to read.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tower::BoxError;
use tower_client_call::retry_after;

use crate::envelope::{Message, Refusal, refusal};
use crate::exchange::ExchangeError;
use crate::{ConfigError, InvalidTarget, LoginError, LoginErrorKind, TlsError, Vin};

/// A failed call.
///
/// `Display` and `Debug` hold the name of the operation, status, code and a car's last four
/// characters; no body, no header and no query. [`next_step`](Self::next_step) says what its
/// reader can do.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    operation: &'static str,
    vin: Option<Vin>,
    what: What,
    source: Option<BoxError>,
}

/// What kind of failure a call had. Kinds have parents: [`Error::is`] holds for those too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The service refused the call; the parent of all kinds below but [`Validation`](Self::Validation).
    Api,
    /// The account could not be authenticated.
    Authentication,
    /// Signing in failed. Below [`Authentication`](Self::Authentication). Repeating it can lock the account.
    Login,
    /// A token was refused or could not be renewed. Below [`Authentication`](Self::Authentication).
    Token,
    /// The service could not be reached, or the connection broke. A read may be repeated.
    Network,
    /// No whole answer in time. Below [`Network`](Self::Network).
    Timeout,
    /// Too many requests. Repeat later.
    RateLimit,
    /// The service failed (5xx). A read may be repeated.
    Server,
    /// This car is refused: other cars of the account may go on.
    Vehicle,
    /// The car does not support it. Below [`Vehicle`](Self::Vehicle). A repeat does not help.
    ActionNotSupported,
    /// The call or the configuration is wrong. A repeat does not help.
    Validation,
}

impl Kind {
    /// Returns the kind that this one is a case of.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::Api | Self::Validation => None,
            Self::Login | Self::Token => Some(Self::Authentication),
            Self::Timeout => Some(Self::Network),
            Self::ActionNotSupported => Some(Self::Vehicle),
            Self::Authentication
            | Self::Network
            | Self::RateLimit
            | Self::Server
            | Self::Vehicle => Some(Self::Api),
        }
    }
}

enum What {
    Refused(Refused),
    HiddenError(Message),
    NotJson(StatusCode),
    TooLarge(usize),
    Timeout(Duration),
    BrokeOff,
    Failed,
    SignIn(LoginErrorKind),
    InvalidTarget,
    Config,
}

struct Refused {
    status: StatusCode,
    meaning: Refusal,
    message: Message,
    retry_after: Option<Duration>,
}

impl Error {
    fn new(kind: Kind, what: What) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: "",
            vin: None,
            what,
            source: None,
        }))
    }

    fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn during(mut self, operation: &'static str, vin: Option<&Vin>) -> Self {
        self.0.operation = operation;
        self.0.vin = vin.cloned();
        self
    }

    pub(crate) fn refused(
        status: StatusCode,
        headers: &HeaderMap,
        message: Message,
        now: std::time::SystemTime,
    ) -> Self {
        let meaning = refusal(status, &message);
        let kind = match meaning {
            Refusal::Token => Kind::Token,
            Refusal::NotInAccount => Kind::Vehicle,
            Refusal::Unsupported => Kind::ActionNotSupported,
            Refusal::ApiKey | Refusal::MissingHeader => Kind::Validation,
            Refusal::Throttled => Kind::RateLimit,
            Refusal::Server => Kind::Server,
            Refusal::Unauthorized | Refusal::NotFound | Refusal::Other => Kind::Api,
        };
        let retry_after = retry_after(headers, now);
        Self::new(
            kind,
            What::Refused(Refused {
                status,
                meaning,
                message,
                retry_after,
            }),
        )
    }

    pub(crate) fn hidden(message: Message) -> Self {
        Self::new(Kind::Api, What::HiddenError(message))
    }

    pub(crate) fn invalid_target() -> Self {
        Self::new(Kind::Validation, What::InvalidTarget).with_source(InvalidTarget)
    }

    pub(crate) fn not_json(status: StatusCode) -> Self {
        Self::new(Kind::Server, What::NotJson(status))
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Tells whether the failure is of this kind or of one below it.
    #[must_use]
    pub fn is(&self, kind: Kind) -> bool {
        std::iter::successors(Some(self.kind()), |kind| kind.parent()).any(|own| own == kind)
    }

    /// Returns the name of the operation, such as `telemetry`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Returns the car that the call was about.
    #[must_use]
    pub fn vin(&self) -> Option<&Vin> {
        self.0.vin.as_ref()
    }

    /// Returns the HTTP status, if there was an answer of the API.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.what {
            What::Refused(refused) => Some(refused.status),
            What::NotJson(status) => Some(*status),
            _ => None,
        }
    }

    /// Returns the service's own code, such as `APIGW-403`: at most 64 printable characters.
    #[must_use]
    pub fn response_code(&self) -> Option<&str> {
        self.message()?.code.as_deref()
    }

    /// Returns the service's own words, its most detailed: at most 64 printable characters. They
    /// can name a header, and are not part of `Display`.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        let message = self.message()?;
        message.detail.as_deref().or(message.description.as_deref())
    }

    /// Returns how long the service asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.what {
            What::Refused(refused) => refused.retry_after,
            _ => self.login_error().and_then(LoginError::retry_after),
        }
    }

    /// Returns the failed sign-in behind this error, if there is one.
    #[must_use]
    pub fn login_error(&self) -> Option<&LoginError> {
        find(self.0.source.as_deref()?)
    }

    fn message(&self) -> Option<&Message> {
        match &self.0.what {
            What::Refused(refused) => Some(&refused.message),
            What::HiddenError(message) => Some(message),
            _ => None,
        }
    }

    /// Returns what can be done about it, as one sentence for a person.
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match &self.0.what {
            What::Refused(refused) => refused.next_step(),
            What::HiddenError(_) => "the car or the service cannot do this now; try again later",
            What::NotJson(_) | What::TooLarge(_) => {
                "something between here and the service answered in its place, or the service has \
                 changed; check the proxy and try again later"
            }
            What::Timeout(_) | What::BrokeOff | What::Failed => {
                "check the network and the proxy settings, then try again"
            }
            What::SignIn(kind) => sign_in_step(*kind),
            What::InvalidTarget => "give a path that starts with '/'",
            What::Config => "correct the setting",
        }
    }
}

impl Refused {
    fn next_step(&self) -> &'static str {
        match self.meaning {
            Refusal::Token => "sign in again",
            Refusal::NotInAccount => {
                "remove the car from the account in the app, or add it there anew"
            }
            Refusal::Unauthorized => {
                "the service has moved or fenced this function, or the car is not entitled to it; \
                 check the car's subscription"
            }
            Refusal::ApiKey => "check the API key (TOYOTA_API_KEY): the service does not accept it",
            Refusal::MissingHeader => {
                "the service asks for a header that this version does not send; update the program"
            }
            Refusal::Throttled => "wait a few minutes before the next request",
            Refusal::Unsupported => "this car or its backend does not support it",
            Refusal::NotFound => "the service has no such function; update the program",
            Refusal::Server => "the service has a fault; try again later",
            Refusal::Other => "try again later; if it stays, update the program",
        }
    }
}

fn sign_in_step(kind: LoginErrorKind) -> &'static str {
    match kind {
        LoginErrorKind::UnknownUser => "check the user name (TOYOTA_USERNAME)",
        LoginErrorKind::InvalidPassword => {
            "check the password (TOYOTA_PASSWORD); several wrong ones can lock the account"
        }
        LoginErrorKind::CodeRequired => {
            "sign in interactively with `toyota login` and enter the code you are sent"
        }
        LoginErrorKind::UnsupportedStep => {
            "sign in once with the official app, which can answer this step, then try again"
        }
        LoginErrorKind::InvalidClient => {
            "check the OAuth client (TOYOTA_OAUTH_CLIENT_ID, TOYOTA_OAUTH_CLIENT_SECRET)"
        }
        LoginErrorKind::InvalidGrant | LoginErrorKind::Expired | LoginErrorKind::NoPassword => {
            "sign in again"
        }
        LoginErrorKind::Protocol | LoginErrorKind::Refused => {
            "the login host has changed or refuses this client; update the program"
        }
        LoginErrorKind::Unavailable => "the login host has a fault; try again later",
        LoginErrorKind::Timeout | LoginErrorKind::Transport => {
            "check the network and the proxy settings, then try again"
        }
    }
}

/// Finds the cause of a type on an error's source chain.
fn find<'a, T: std::error::Error + 'static>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a T> {
    std::iter::successors(Some(error), |error| error.source()).find_map(|e| e.downcast_ref())
}

impl From<ExchangeError> for Error {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::Timeout(after) => Self::new(Kind::Timeout, What::Timeout(after)),
            ExchangeError::TooLarge(limit) => Self::new(Kind::Server, What::TooLarge(limit)),
            ExchangeError::Body(source) => {
                Self::new(Kind::Network, What::BrokeOff).with_source(source)
            }
            ExchangeError::Service(source) => Self::from_service(source),
        }
    }
}

impl Error {
    /// The layers below speak through the source chain.
    fn from_service(source: BoxError) -> Self {
        let (kind, what) = if let Some(login) = find::<LoginError>(&*source) {
            (login_kind(login.kind()), What::SignIn(login.kind()))
        } else if find::<InvalidTarget>(&*source).is_some() {
            (Kind::Validation, What::InvalidTarget)
        } else if find::<tower::timeout::error::Elapsed>(&*source).is_some() {
            (Kind::Timeout, What::Failed)
        } else {
            (Kind::Network, What::Failed)
        };
        Self::new(kind, what).with_source(source)
    }
}

fn login_kind(kind: LoginErrorKind) -> Kind {
    match kind {
        LoginErrorKind::InvalidGrant => Kind::Token,
        LoginErrorKind::InvalidClient => Kind::Validation,
        LoginErrorKind::Timeout => Kind::Timeout,
        LoginErrorKind::Transport => Kind::Network,
        LoginErrorKind::Unavailable => Kind::Server,
        LoginErrorKind::UnknownUser
        | LoginErrorKind::InvalidPassword
        | LoginErrorKind::CodeRequired
        | LoginErrorKind::UnsupportedStep
        | LoginErrorKind::Protocol
        | LoginErrorKind::Refused
        | LoginErrorKind::Expired
        | LoginErrorKind::NoPassword => Kind::Login,
    }
}

impl From<LoginError> for Error {
    fn from(error: LoginError) -> Self {
        Self::from_service(error.into())
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::new(Kind::Validation, What::Config).with_source(error)
    }
}

impl From<TlsError> for Error {
    fn from(error: TlsError) -> Self {
        Self::new(Kind::Validation, What::Config).with_source(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.operation.is_empty() {
            write!(f, "{}: ", self.0.operation)?;
        }
        if let Some(vin) = &self.0.vin {
            write!(f, "car {vin}: ")?;
        }
        match &self.0.what {
            What::Refused(refused) => refused.fmt(f),
            What::HiddenError(message) => {
                f.write_str("the service reported an error")?;
                write_code(f, message)
            }
            What::NotJson(status) => {
                write!(f, "an answer with status {} is not JSON", status.as_u16())
            }
            What::TooLarge(limit) => write!(f, "the answer is larger than {limit} bytes"),
            What::Timeout(after) => write!(f, "no whole answer within {} s", after.as_secs_f64()),
            What::BrokeOff => f.write_str("the answer broke off"),
            What::Failed => f.write_str("the service could not be talked to"),
            What::SignIn(_) => f.write_str("signing in failed"),
            What::InvalidTarget => f.write_str("the request cannot be sent"),
            What::Config => f.write_str("a setting cannot be used"),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.meaning {
            Refusal::Token => "the access token was refused",
            Refusal::NotInAccount => "the car is not in this account",
            Refusal::Unauthorized => "the call is not allowed",
            Refusal::ApiKey => "the API key was refused",
            Refusal::MissingHeader => "a mandatory header is missing",
            Refusal::Throttled => "too many requests",
            Refusal::Unsupported => "the car or its backend does not support this",
            Refusal::NotFound => "there is no such function",
            Refusal::Server => "the service failed",
            Refusal::Other => "the service refused the call",
        })?;
        write!(f, ", status {}", self.status.as_u16())?;
        write_code(f, &self.message)
    }
}

fn write_code(f: &mut fmt::Formatter<'_>, message: &Message) -> fmt::Result {
    match &message.code {
        Some(code) => write!(f, " ({code})"),
        None => Ok(()),
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.to_string())
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
