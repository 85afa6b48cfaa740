//! What a token endpoint's answer says (RFC 6749 section 5).

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, de};
use serde_json::Value;

use super::OAuthError;
use crate::{Credential, RefreshToken};

/// More than any header takes.
const LONGEST_TOKEN: usize = 16 * 1024;
const LONGEST_CODE: usize = 64;

/// What was granted.
pub(super) struct Granted {
    pub(super) credential: Credential,
    pub(super) refresh_token: Option<RefreshToken>,
}

/// How an answer's body is read, by its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// It is the answer.
    Whole,
    /// The status is the answer; the body may name the reason.
    Brief,
    /// It says nothing to us.
    Not,
}

impl Reading {
    pub(super) fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Self::Brief,
            _ if status.is_server_error() => Self::Brief,
            _ if status.is_success() || status.is_client_error() => Self::Whole,
            _ => Self::Not,
        }
    }
}

/// Reads an answer that came so long after the request.
pub(super) fn read(
    status: StatusCode,
    body: &[u8],
    waited: Duration,
) -> Result<Granted, OAuthError> {
    let granted = match Reading::of(status) {
        Reading::Brief => Err(OAuthError::unavailable().with_code(error_code(body))),
        Reading::Whole if status.is_success() => granted(body, waited),
        Reading::Whole => Err(match (status.as_u16(), error_code(body)) {
            (400 | 401, code) | (_, code @ Some(_)) => refusal(code),
            // Not what a token endpoint answers (RFC 6749 section 5.2): somebody in front of it.
            (_, None) => OAuthError::unavailable(),
        }),
        Reading::Not if status.is_redirection() => Err(OAuthError::protocol(
            "the token endpoint redirects, and secrets are not sent elsewhere",
        )),
        Reading::Not => Err(OAuthError::protocol(
            "the token endpoint's answer has a status that means nothing",
        )),
    };
    granted.map_err(|error| error.at(status))
}

fn granted(body: &[u8], waited: Duration) -> Result<Granted, OAuthError> {
    let Some(members) = object::<Members>(body) else {
        // Somebody in front of it has answered, or it has a fault: neither lasts.
        return Err(OAuthError::unreadable());
    };
    let Some(Secret(token)) = members.access_token else {
        // Some say so with a status of success.
        return Err(match error_code(body) {
            Some(code) => refusal(Some(code)),
            None => OAuthError::protocol("the token endpoint's answer has no access token"),
        });
    };
    // Required, but left out by some; any other type than the usual they would have to name.
    let kind = members.token_type.as_deref().unwrap_or("Bearer");
    if !kind.eq_ignore_ascii_case("Bearer") {
        let what = "the token endpoint's answer has a token that is no bearer token";
        return Err(OAuthError::protocol(what));
    }
    if !is_token(token.expose_secret()) {
        let what = "the token endpoint's answer has an access token that no header can carry";
        return Err(OAuthError::protocol(what));
    }
    let credential = Credential::new(token);
    let credential = match members.expires_in.as_ref().and_then(lifetime) {
        None => credential,
        Some(life) => credential.expires_in(life.saturating_sub(waited)),
    };
    let refresh_token = members.refresh_token.map(|Secret(token)| token);
    let refresh_token = refresh_token.filter(|token| !token.expose_secret().is_empty());
    Ok(Granted {
        credential,
        refresh_token: refresh_token.map(RefreshToken::from),
    })
}

/// The error of an answer with this error code (RFC 6749 section 5.2 and what is used beside it).
fn refusal(code: Option<Box<str>>) -> OAuthError {
    let error = match code.as_deref() {
        Some("temporarily_unavailable" | "server_error" | "slow_down") => OAuthError::unavailable(),
        _ => OAuthError::refused(),
    };
    error.with_code(code)
}

/// Returns the error code that an answer names, as much of it as can be shown.
fn error_code(body: &[u8]) -> Option<Box<str>> {
    let Value::String(code) = object::<Refusal>(body)?.error else {
        return None;
    };
    let printable = code.chars().filter(|c| matches!(c, ' '..='~'));
    let code: String = printable.take(LONGEST_CODE).collect();
    (!code.is_empty()).then(|| code.into())
}

/// Returns a lifetime that can be believed: a second or more, in which it is counted.
///
/// What is anything else says as little as nothing: nobody issues what has expired already, and
/// some mean by 0 that it never does. The API will tell.
fn lifetime(expires_in: &Value) -> Option<Duration> {
    let seconds: f64 = match expires_in {
        Value::Number(number) => number.as_f64()?,
        // Not what else is a number to Rust, such as "inf".
        Value::String(text) if text.trim().starts_with(|c: char| c.is_ascii_digit()) => {
            text.trim().parse().ok()?
        }
        _ => return None,
    };
    let life = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    (seconds >= 1.0).then_some(life)
}

fn is_token(token: &str) -> bool {
    let visible = token.bytes().all(|byte| byte.is_ascii_graphic());
    visible && (1..=LONGEST_TOKEN).contains(&token.len())
}

/// Reads a JSON object; serde would take an array for one.
///
/// Why it is none is not told: a parser's error may quote a secret.
fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    let body = body.trim_ascii_start();
    let object = body.starts_with(b"{");
    serde_json::from_slice(body).ok().filter(|_| object)
}

#[derive(Deserialize)]
struct Members {
    access_token: Option<Secret>,
    token_type: Option<String>,
    expires_in: Option<Value>,
    refresh_token: Option<Secret>,
}

#[derive(Deserialize)]
struct Refusal {
    error: Value,
}

/// A text that is wiped when dropped, from the parser on.
struct Secret(SecretString);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
                Ok(Secret(text.into()))
            }
        }

        deserializer.deserialize_str(Text)
    }
}
