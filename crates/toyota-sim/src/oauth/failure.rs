//! OAuth errors as JSON (RFC 6749, section 5.2).

use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::json;

use crate::reply::{self, Reply};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    InvalidRequest(&'static str),
    MissingParameter(&'static str),
    InvalidClient,
    InvalidGrant(&'static str),
    UnsupportedGrantType,
    /// The authorize call came without a live session.
    NoSession,
}

impl Failure {
    pub(super) fn into_reply(self) -> Reply {
        match self {
            Self::InvalidRequest(why) => error(StatusCode::BAD_REQUEST, "invalid_request", why),
            Self::MissingParameter(name) => error(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                &format!("missing parameter: {name}"),
            ),
            Self::InvalidClient => challenge(error(
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "Client authentication failed",
            )),
            Self::InvalidGrant(why) => error(StatusCode::BAD_REQUEST, "invalid_grant", why),
            Self::UnsupportedGrantType => error(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "Grant type is not supported",
            ),
            Self::NoSession => error(
                StatusCode::UNAUTHORIZED,
                "login_required",
                "The session is missing or over",
            ),
        }
    }
}

fn error(status: StatusCode, error: &str, description: &str) -> Reply {
    reply::json(
        status,
        &json!({"error": error, "error_description": description}),
    )
}

fn challenge(mut reply: Reply) -> Reply {
    reply
        .headers_mut()
        .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
    reply
}
