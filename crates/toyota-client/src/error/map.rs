//! From answers and failures to errors: the strategy for the error layer.

use std::time::Duration;

use http::StatusCode;
use http::response::Parts;
use serde_json::Value;
use tower::BoxError;
use tower_client::auth::{AuthError, AuthErrorKind};
use tower_client::call::{Captured, Delivery, Failure, ResponseError};
use tower_client::error::{ApiError, Call, Inspect, Kind as HttpKind, MapError};

use super::{Error, Kind, Reason, find};
use crate::envelope::{Message, Refusal, refusal};
use crate::exchange::ExchangeError;
use crate::pace::PaceError;
use crate::stack::below_cache;
use crate::{InvalidTarget, LoginError, LoginErrorKind};

/// Toyota's mapping for [`ErrorLayer`](tower_client::error::ErrorLayer).
///
/// 200 and 202 are success, and an answer to a conditional request (304) passes; everything else
/// is an error, whose kind comes from status, code and description together: one code of the
/// gateway has five meanings. The service's two envelopes are understood, and no body hides the
/// status: at most 64 KiB of it are read, within five seconds or what else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToyotaErrors {
    capture: Inspect,
}

impl ToyotaErrors {
    /// Sets how long the body of an error may take, see [`Inspect::capture_within`].
    #[must_use]
    pub fn within(time_limit: Duration) -> Self {
        Self {
            capture: Inspect::capture_within(time_limit),
        }
    }
}

impl Default for ToyotaErrors {
    fn default() -> Self {
        Self {
            capture: Inspect::CAPTURE,
        }
    }
}

impl<E: Into<BoxError>> MapError<E> for ToyotaErrors {
    type Error = Error;

    fn inspect(&self, _: &Call, head: &Parts) -> Inspect {
        match head.status {
            StatusCode::OK | StatusCode::ACCEPTED | StatusCode::NOT_MODIFIED => Inspect::Pass,
            status if status.is_informational() => Inspect::Pass,
            _ => self.capture,
        }
    }

    fn response(&self, call: &Call, head: &Parts, body: &Captured) -> Result<(), Error> {
        let json: Value = serde_json::from_slice(&body.bytes).unwrap_or_default();
        let message = Message::of(&json);
        let meaning = refusal(head.status, &message);
        let (kind, http) = kinds(meaning, head.status);
        let error = ApiError::answered(call, http, head, body.clone());
        Err(Error::new(error, kind, Reason::Refused(meaning), message))
    }

    fn failure(&self, call: &Call, error: E) -> Error {
        failed(call, error.into())
    }

    fn not_ready(&self, call: &Call, error: E) -> Error {
        failed(call, Delivery::NotSent.because(error).into())
    }
}

fn kinds(meaning: Refusal, status: StatusCode) -> (Kind, HttpKind) {
    let by_status = HttpKind::of_status(status);
    match meaning {
        Refusal::Token => (Kind::Token, HttpKind::Authentication),
        Refusal::NotInAccount => (Kind::Vehicle, by_status),
        Refusal::Unsupported => (Kind::ActionNotSupported, by_status),
        Refusal::ApiKey | Refusal::MissingHeader => (Kind::Validation, by_status),
        Refusal::Throttled => (Kind::RateLimit, by_status),
        Refusal::Server => (Kind::Server, by_status),
        Refusal::Unauthorized | Refusal::NotFound | Refusal::Other => (Kind::Api, by_status),
    }
}

/// A failure without an answer: the layers below speak through the source chain.
pub(super) fn failed(call: &Call, source: BoxError) -> Error {
    let source = below_cache(source);
    let (kind, http, reason) = if let Some(login) = find::<LoginError>(&*source) {
        let (kind, http) = sign_in_kinds(login.kind());
        (kind, http, Reason::SignIn(login.kind()))
    } else if let Some(error) = AuthError::find(&*source) {
        let (kind, http) = credential_kinds(error.kind());
        (kind, http, Reason::Credential(error.kind()))
    } else if let Some(answer) = ResponseError::find(&*source) {
        let meaning = refusal(answer.status(), &Message::default());
        let (kind, http) = kinds(meaning, answer.status());
        (kind, http, Reason::Refused(meaning))
    } else if find::<InvalidTarget>(&*source).is_some() {
        (
            Kind::Validation,
            HttpKind::InvalidRequest,
            Reason::InvalidTarget,
        )
    } else if let Some(PaceError::Crowded) = find(&*source) {
        (Kind::RateLimit, HttpKind::RateLimit, Reason::Crowded)
    } else {
        match Failure::of(&*source) {
            Failure::Timeout => (Kind::Timeout, HttpKind::Timeout, Reason::Failed),
            Failure::Connect => (Kind::Network, HttpKind::Connection, Reason::Failed),
            Failure::Transport => (Kind::Network, HttpKind::Network, Reason::Failed),
            _ => (Kind::Api, HttpKind::of_failure(&*source), Reason::Failed),
        }
    };
    let error = ApiError::failed(call, http, source);
    Error::new(error, kind, reason, Message::default())
}

/// No token, and not because of a sign-in that failed.
fn credential_kinds(kind: AuthErrorKind) -> (Kind, HttpKind) {
    match kind {
        AuthErrorKind::Timeout | AuthErrorKind::Deadline => (Kind::Timeout, HttpKind::Timeout),
        AuthErrorKind::Elsewhere | AuthErrorKind::Runtime => {
            (Kind::Validation, HttpKind::InvalidRequest)
        }
        _ => (Kind::Token, HttpKind::Authentication),
    }
}

fn sign_in_kinds(kind: LoginErrorKind) -> (Kind, HttpKind) {
    match kind {
        LoginErrorKind::InvalidGrant => (Kind::Token, HttpKind::Authentication),
        LoginErrorKind::InvalidClient => (Kind::Validation, HttpKind::InvalidRequest),
        LoginErrorKind::Timeout => (Kind::Timeout, HttpKind::Timeout),
        LoginErrorKind::Transport => (Kind::Network, HttpKind::Network),
        LoginErrorKind::Unavailable => (Kind::Server, HttpKind::Server),
        LoginErrorKind::UnknownUser
        | LoginErrorKind::InvalidPassword
        | LoginErrorKind::CodeRequired
        | LoginErrorKind::UnsupportedStep
        | LoginErrorKind::Protocol
        | LoginErrorKind::Refused
        | LoginErrorKind::Expired
        | LoginErrorKind::NoPassword => (Kind::Login, HttpKind::Authentication),
    }
}

impl Error {
    /// A good status whose body is no answer, or one of failure.
    pub(crate) fn unreadable(call: &Call, head: &Parts, json: Option<&Value>) -> Self {
        let (kind, http, reason) = match json {
            Some(_) => (Kind::Api, HttpKind::Api, Reason::HiddenError),
            None => (Kind::Server, HttpKind::Server, Reason::NotJson),
        };
        let message = json.map(Message::of).unwrap_or_default();
        let error = ApiError::answered(call, http, head, Captured::default());
        Self::new(error, kind, reason, message)
    }

    /// An exchange that did not bring a whole answer.
    pub(crate) fn of_exchange(call: &Call, error: ExchangeError) -> Self {
        let (kind, http, reason) = match &error {
            ExchangeError::Timeout(after) => {
                (Kind::Timeout, HttpKind::Timeout, Reason::Timeout(*after))
            }
            ExchangeError::TooLarge(limit) => {
                (Kind::Server, HttpKind::Server, Reason::TooLarge(*limit))
            }
            ExchangeError::Body(_) | ExchangeError::Service(_) => {
                (Kind::Network, HttpKind::Network, Reason::Failed)
            }
        };
        let source = match error {
            // The error layer has been here.
            ExchangeError::Service(source) => match source.downcast::<Self>() {
                Ok(error) => return *error,
                Err(source) => return failed(call, source),
            },
            error => BoxError::from(error),
        };
        let error = ApiError::failed(call, http, source);
        Self::new(error, kind, reason, Message::default())
    }
}

#[cfg(test)]
mod tests;
