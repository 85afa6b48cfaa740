//! What an answer of the login host with an unexpected status means.

use std::time::SystemTime;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;
use tower_client::call::retry_after;

use super::error::Failure;
use crate::text::excerpt;

/// An authenticate answer other than 200: a 401 names its reason in `detail.failureUrl`.
pub(super) fn authenticate(answer: &Response<Bytes>) -> Failure {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let reason = body["detail"]["failureUrl"].as_str().unwrap_or_default();
    match reason {
        _ if answer.status() != StatusCode::UNAUTHORIZED => other("authenticate", answer),
        "error://passworderror" => Failure::InvalidPassword,
        "error://otperror" => Failure::CodeRequired,
        _ => other("authenticate", answer),
    }
}

/// A token answer other than 200: an OAuth error (RFC 6749 section 5.2).
pub(super) fn token(answer: &Response<Bytes>) -> Failure {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    match body["error"].as_str() {
        _ if is_unavailable(answer.status()) => other("token", answer),
        Some("invalid_grant") => Failure::InvalidGrant,
        Some("invalid_client") => Failure::InvalidClient,
        Some(error) => Failure::OAuth {
            step: "token",
            error: excerpt(error),
        },
        None => other("token", answer),
    }
}

/// By status alone: 429 and 5xx pass, the rest stays.
pub(super) fn other(step: &'static str, answer: &Response<Bytes>) -> Failure {
    let status = answer.status();
    if is_unavailable(status) {
        Failure::Unavailable {
            step,
            status,
            retry_after: retry_after(answer.headers(), SystemTime::now()),
        }
    } else {
        Failure::Refused { step, status }
    }
}

fn is_unavailable(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LoginError, LoginErrorKind as Kind};

    fn answer(status: u16, body: &'static str) -> Response<Bytes> {
        let answer = Response::builder().status(status);
        answer.body(Bytes::from_static(body.as_bytes())).unwrap()
    }

    #[test]
    fn an_authenticate_refusal_says_what_was_wrong() {
        let wrong_password = r#"{"code":401,"detail":{"failureUrl":"error://passworderror"}}"#;
        let code = r#"{"code":401,"detail":{"failureUrl":"error://otperror"}}"#;
        for (status, body, kind) in [
            (401, wrong_password, Kind::InvalidPassword),
            (401, code, Kind::CodeRequired),
            (
                401,
                r#"{"detail":{"failureUrl":"error://new"}}"#,
                Kind::Refused,
            ),
            (401, r#"{"detail":[]}"#, Kind::Refused),
            (401, "<html>", Kind::Refused),
            (403, wrong_password, Kind::Refused),
            (301, "", Kind::Refused),
            (429, "", Kind::Unavailable),
            (500, wrong_password, Kind::Unavailable),
            (503, "<html>", Kind::Unavailable),
        ] {
            let error = LoginError::from(authenticate(&answer(status, body)));

            assert_eq!(error.kind(), kind, "{status} {body}");
        }
    }

    #[test]
    fn a_token_refusal_is_an_oauth_error_unless_the_host_is_unavailable() {
        for (status, body, kind) in [
            (400, r#"{"error":"invalid_grant"}"#, Kind::InvalidGrant),
            (401, r#"{"error":"invalid_client"}"#, Kind::InvalidClient),
            (400, r#"{"error":"invalid_scope"}"#, Kind::Refused),
            (400, "[]", Kind::Refused),
            (503, r#"{"error":"invalid_grant"}"#, Kind::Unavailable),
            (429, "", Kind::Unavailable),
        ] {
            let error = LoginError::from(token(&answer(status, body)));

            assert_eq!(error.kind(), kind, "{status} {body}");
        }
    }
}
