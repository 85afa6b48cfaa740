//! What fails in the client itself: what cannot be asked, and what was asked and not accepted.

use http::Request;
use tower::BoxError;
use tower_client::call::{Delivery, InvalidSetting};
use tower_client::error::{ApiError, Call, Kind as HttpKind};

use super::{Error, Kind, Reason};
use crate::command::InvalidCommand;
use crate::envelope::Message;
use crate::routes::Feature;
use crate::text::excerpt;
use crate::{ConfigError, InvalidTarget, TlsError, Vin};

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

impl Error {
    fn local(reason: Reason, source: impl Into<BoxError>) -> Self {
        let call = Call::of(&Request::new(()));
        let source = Delivery::NotSent.because(source);
        let error = ApiError::failed(&call, HttpKind::InvalidRequest, source);
        Self::new(error, Kind::Validation, reason, Message::default())
    }

    pub(crate) fn invalid_target() -> Self {
        Self::local(Reason::InvalidTarget, InvalidTarget)
    }

    /// All routes of a feature were refused lately: nothing was sent.
    pub(crate) fn not_offered(feature: Feature, vin: Option<&Vin>) -> Self {
        let source = Delivery::NotSent.because(NotOffered);
        let error = ApiError::failed(&call_for(feature), HttpKind::NotFound, source);
        let (kind, reason) = (Kind::ActionNotSupported, Reason::NotOffered);
        Self::new(error, kind, reason, Message::default()).about(vin)
    }

    /// The gateway's answer to a command has this code, which is not the one of success.
    pub(crate) fn not_accepted(feature: Feature, vin: &Vin, code: &str) -> Self {
        let source = Delivery::Answered.because(NotAccepted);
        let error = ApiError::failed(&call_for(feature), HttpKind::Api, source);
        let message = Message {
            code: Some(excerpt(code)),
            ..Message::default()
        };
        Self::new(error, Kind::Vehicle, Reason::NotAccepted, message).about(Some(vin))
    }

    pub(crate) fn unknown_user() -> Self {
        Self::local(Reason::UnknownUser, NoUser)
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::local(Reason::Config, error)
    }
}

impl From<InvalidCommand> for Error {
    fn from(error: InvalidCommand) -> Self {
        Self::local(Reason::InvalidCommand, error)
    }
}

impl From<InvalidSetting> for Error {
    fn from(error: InvalidSetting) -> Self {
        Self::local(Reason::Config, error)
    }
}

impl From<TlsError> for Error {
    fn from(error: TlsError) -> Self {
        Self::local(Reason::Config, error)
    }
}

/// A call of which no more is known than what it was for.
fn call_for(feature: Feature) -> Call {
    let mut request = Request::new(());
    let operation = feature.built_in().operation();
    request.extensions_mut().insert(operation);
    Call::of(&request)
}
