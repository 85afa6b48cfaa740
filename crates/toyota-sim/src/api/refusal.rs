//! The gateway's ways to say no.

use http::StatusCode;

use super::envelope;
use crate::reply::{self, Reply};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No `x-appversion`.
    NoAppVersion,
    ApiKey,
    AccessToken,
    /// A wrong `x-client-ref`, a route that there is not or no more, or a car that is not entitled.
    Unauthorized,
    /// A status that was forgotten, or one request too many.
    Throttled,
    /// A car that does not do this, or an old wake without its body.
    Interrupted,
    /// A command, or a value in it, that is not known.
    UnknownCommand,
    /// A command that this car does not know.
    UnsupportedCommand,
    MissingHeader(&'static str),
    InvalidHeader(&'static str),
    NoChannel,
    /// A car, or a user, that is not the token's.
    NotMapped,
    /// A body that holds no command.
    InvalidBody,
    /// An `idempotency-key` that is empty, too long, no text, or there twice.
    InvalidKey,
    /// An `idempotency-key` that came with another command before.
    ReusedKey,
    /// A field of the query that is missing or makes no sense.
    InvalidQuery(&'static str),
    /// A trip that the car did not make, or that is forgotten.
    NoSuchTrip,
}

impl Refusal {
    pub(super) fn into_reply(self) -> Reply {
        match self {
            Self::NoAppVersion | Self::Interrupted => refusal(
                StatusCode::INTERNAL_SERVER_ERROR,
                "ONE-GLOBAL-RS-40000",
                "Request Processing Failed",
                "Command execution interrupted. Try again.",
            ),
            // The quotes are the service's own.
            Self::ApiKey => forbidden("\"Forbidden\""),
            Self::AccessToken => forbidden("invalid token could not authorize"),
            Self::Unauthorized => forbidden("Unauthorized"),
            Self::Throttled => refusal(
                StatusCode::TOO_MANY_REQUESTS,
                "APIGW-403",
                "Unauthorized",
                "Unauthorized",
            ),
            Self::UnknownCommand => refusal(
                StatusCode::BAD_REQUEST,
                "CTP-REMOTE-40006",
                "Bad Request",
                "Missing or invalid remote command",
            ),
            Self::UnsupportedCommand => refusal(
                StatusCode::BAD_REQUEST,
                "CTP-REMOTE-40041",
                "Bad Request",
                "Vehicle not supported for this command",
            ),
            Self::MissingHeader(name) => {
                mandatory_header(&format!("Mandatory header {name} is missing"))
            }
            Self::InvalidHeader(name) => {
                mandatory_header(&format!("Mandatory header {name} is invalid"))
            }
            Self::NoChannel => forbidden("Missing required field: x-channel"),
            Self::NotMapped => forbidden("invalid guid and vin mapping"),
            Self::InvalidBody => invalid(StatusCode::BAD_REQUEST, "Invalid request body"),
            Self::InvalidKey => invalid(StatusCode::BAD_REQUEST, "Invalid idempotency-key"),
            Self::ReusedKey => invalid(
                StatusCode::UNPROCESSABLE_ENTITY,
                "The idempotency-key came with another request",
            ),
            Self::InvalidQuery(name) => invalid(
                StatusCode::BAD_REQUEST,
                &format!("Query parameter {name} is missing or invalid"),
            ),
            Self::NoSuchTrip => invalid(StatusCode::NOT_FOUND, "Trip not found"),
        }
    }
}

fn forbidden(detail: &str) -> Reply {
    refusal(StatusCode::FORBIDDEN, "APIGW-403", "Unauthorized", detail)
}

fn mandatory_header(detail: &str) -> Reply {
    refusal(
        StatusCode::BAD_REQUEST,
        "CTP-GENERIC-40017",
        "Mandatory header missing",
        detail,
    )
}

/// These are invented: nobody has seen how the service puts them.
fn invalid(status: StatusCode, detail: &str) -> Reply {
    refusal(status, "CTP-REMOTE-40000", "Bad Request", detail)
}

fn refusal(status: StatusCode, code: &str, description: &str, detail: &str) -> Reply {
    reply::json(status, &envelope::error(code, description, detail))
}
