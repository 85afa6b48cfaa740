//! The ways in which a login fails, and their answers.

use http::{HeaderValue, StatusCode, header::CONNECTION};
use serde_json::{Value, json};

use crate::reply::{self, Reply};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The post is not what the tree expects.
    BadRequest(&'static str),
    UnsupportedMediaType,
    /// The `authId` is unknown, used, or more than 30 minutes old.
    TimedOut,
    /// Something other than the user's secrets was wrong: a cookie or a choice.
    Refused,
    WrongPassword,
    /// A one-time code is wanting or wrong.
    WrongCode,
}

impl Failure {
    pub(super) fn into_reply(self) -> Reply {
        match self {
            Self::BadRequest(message) => failure(StatusCode::BAD_REQUEST, message, None),
            Self::UnsupportedMediaType => failure(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "content type is not application/json",
                None,
            ),
            Self::TimedOut => {
                unauthorized("Session has timed out", Some(json!({"errorCode": "110"})))
            }
            Self::Refused => unauthorized("Login failure", None),
            Self::WrongPassword => login_failure("error://passworderror"),
            Self::WrongCode => login_failure("error://otperror"),
        }
    }
}

fn login_failure(url: &str) -> Reply {
    unauthorized("Login failure", Some(json!({"failureUrl": url})))
}

/// Returns a 401 that ends the connection, as the service was recorded to do.
fn unauthorized(message: &str, detail: Option<Value>) -> Reply {
    let mut reply = failure(StatusCode::UNAUTHORIZED, message, detail);
    reply
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    reply
}

fn failure(status: StatusCode, message: &str, detail: Option<Value>) -> Reply {
    let mut body = json!({
        "code": status.as_u16(),
        "reason": status.canonical_reason(),
        "message": message,
    });
    if let Some(detail) = detail {
        body["detail"] = detail;
    }
    reply::json(status, &body)
}
