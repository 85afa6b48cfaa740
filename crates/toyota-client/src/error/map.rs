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
mod tests {
    use http::{Request, Response};
    use proptest::prelude::*;

    use super::*;
    use crate::Vin;

    fn call() -> Call {
        Call::of(&Request::new(()))
    }

    fn head(status: u16) -> Parts {
        Response::builder()
            .status(status)
            .body(())
            .unwrap()
            .into_parts()
            .0
    }

    fn mapped(status: u16, body: &str) -> Error {
        let bytes = bytes::Bytes::copy_from_slice(body.as_bytes());
        let body = Captured {
            bytes,
            truncated: false,
        };
        let map: &dyn MapError<BoxError, Error = Error> = &ToyotaErrors::default();
        map.response(&call(), &head(status), &body).unwrap_err()
    }

    fn gateway(code: &str, detail: &str) -> String {
        let message = serde_json::json!({"responseCode": code, "detailedDescription": detail});
        serde_json::json!({"status": {"messages": [message]}}).to_string()
    }

    #[tokio::test]
    async fn kind_and_code_follow_from_status_code_and_description() {
        for (status, body, kind, code) in [
            (401, String::new(), Kind::Token, "AUTH_FAILED"),
            (
                403,
                gateway("APIGW-403", "invalid token could not authorize"),
                Kind::Token,
                "AUTH_FAILED",
            ),
            (
                403,
                gateway("APIGW-403", "invalid guid and vin mapping"),
                Kind::Vehicle,
                "ACCESS_DENIED",
            ),
            (
                403,
                gateway("APIGW-403", "Unauthorized"),
                Kind::Api,
                "ACCESS_DENIED",
            ),
            (
                403,
                gateway("APIGW-403", "\"Forbidden\""),
                Kind::Validation,
                "ACCESS_DENIED",
            ),
            (
                429,
                gateway("APIGW-403", "Unauthorized"),
                Kind::RateLimit,
                "RATE_LIMIT",
            ),
            (
                400,
                gateway("CTP-REMOTE-40041", ""),
                Kind::ActionNotSupported,
                "INVALID_REQUEST",
            ),
            (
                400,
                gateway("CTP-GENERIC-40017", "x-channel"),
                Kind::Validation,
                "INVALID_REQUEST",
            ),
            (
                500,
                gateway("ONE-GLOBAL-RS-40000", ""),
                Kind::Server,
                "SERVER_ERROR",
            ),
            (502, "<html>".to_owned(), Kind::Server, "SERVER_ERROR"),
            (404, "\u{0}\u{1}".to_owned(), Kind::Api, "NOT_FOUND"),
            (409, "{".to_owned(), Kind::Api, "CONFLICT"),
            (302, String::new(), Kind::Api, "API_ERROR"),
        ] {
            let error = mapped(status, &body);

            assert_eq!(
                (error.kind(), error.code()),
                (kind, code),
                "{status} {body}"
            );
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(error.delivery(), Delivery::Answered);
        }
    }

    #[test]
    fn success_and_conditional_answers_pass() {
        let map: &dyn MapError<BoxError, Error = Error> = &ToyotaErrors::default();
        let call = call();
        for status in [100, 200, 202, 304] {
            assert_eq!(map.inspect(&call, &head(status)), Inspect::Pass, "{status}");
        }
        for status in [201, 204, 301, 400, 500] {
            assert_eq!(
                map.inspect(&call, &head(status)),
                Inspect::CAPTURE,
                "{status}"
            );
        }
    }

    #[tokio::test]
    async fn a_failed_sign_in_is_a_kind_of_authentication() {
        let error = failed(&call(), LoginError::code_required().into());

        assert_eq!((error.kind(), error.code()), (Kind::Login, "AUTH_FAILED"));
        assert!(error.is(Kind::Authentication) && error.is(Kind::Api));
        assert!(error.login_error().is_some());
    }

    proptest! {
        /// Whatever the service puts where, it is not shown.
        #[test]
        fn display_and_debug_hold_no_words_of_the_service(
            status in 300_u16..600,
            secret in "[a-z]{10,30}",
            vin in "[A-Z]{13}0001",
        ) {
            let body = serde_json::json!({
                "status": {"messages": [{
                    "responseCode": "APIGW-403",
                    "description": secret,
                    "detailedDescription": format!("x-{secret} of {vin}"),
                }]},
                "payload": {"vin": vin, "note": secret},
            });

            let error = mapped(status, &body.to_string()).about(Vin::new(&vin).ok().as_ref());

            let source = std::error::Error::source(&error).map(|error| format!("{error} {error:?}"));
            let shown = format!("{error} {error:?} {error:#?} {} {source:?}", error.next_step());
            prop_assert!(!shown.contains(&secret) && !shown.contains(&vin), "{}", shown);
            prop_assert!(shown.contains("car …0001"), "{}", shown);
        }
    }
}
