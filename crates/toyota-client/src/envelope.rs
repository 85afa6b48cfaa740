//! The envelopes around answers, and what a refusal in them means.
//!
//! The service has several ways to say "no": an object `{"status": {"messages": [{responseCode,
//! description, detailedDescription}]}}`, a flat `{"code", "message"}`, a gateway's `{"message"}`,
//! a page of HTML, and a 200 with an error message and no payload. One code, `APIGW-403`, has five
//! meanings, told apart by status and description.

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use crate::text::excerpt;

/// Codes that are known to mean success.
const SUCCESS: [&str; 7] = [
    "ONE-VL-10000",
    "ONE-GLOBAL-RS-10000",
    "OSH-001",
    "ONE-DA-200",
    "OCPR-0000",
    "CTP-GENERIC-20001",
    "200",
];

/// Headers that the service asks for.
const HEADERS: [&str; 14] = [
    "authorization",
    "brand",
    "guid",
    "user-agent",
    "vin",
    "x-api-key",
    "x-appbrand",
    "x-appversion",
    "x-brand",
    "x-channel",
    "x-correlationid",
    "x-guid",
    "x-region",
    "x-user-region",
];

/// Why what came with a good status is no answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NoAnswer {
    /// It is not JSON.
    NotJson,
    /// It hides an error.
    Error(Value),
}

/// Reads what came with a good status. Nothing is an empty object.
pub(crate) fn read_answer(body: &[u8]) -> Result<Value, NoAnswer> {
    let body = body.trim_ascii();
    if body.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let json = serde_json::from_slice(body).map_err(|_| NoAnswer::NotJson)?;
    if Message::of(&json).is_hidden_error(&json) {
        return Err(NoAnswer::Error(json));
    }
    Ok(json)
}

/// Reads what came with a good status, whoever owns it.
pub(crate) fn read_json(body: Bytes) -> Result<Value, NoAnswer> {
    read_answer(&body)
}

/// The service's first message: its words, cut to what may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) code: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) detail: Option<String>,
}

impl Message {
    pub(crate) fn of(body: &Value) -> Self {
        let first = &body["status"]["messages"][0];
        let text = |value: &Value| match value {
            Value::String(text) => Some(excerpt(text)),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        Self {
            code: text(&first["responseCode"]).or_else(|| text(&body["code"])),
            description: text(&first["description"]).or_else(|| text(&body["message"])),
            detail: text(&first["detailedDescription"]),
        }
    }

    /// Returns the header that is named in the description, if one is.
    pub(crate) fn header(&self) -> Option<&str> {
        let words = self
            .detail
            .as_deref()?
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let mut words = words.map(|word| word.trim_matches('-'));
        words.find(|word| HEADERS.contains(word))
    }

    /// Tells whether the answer of this message failed in spite of its good status: it has an
    /// error code and no payload.
    pub(crate) fn is_hidden_error(&self, body: &Value) -> bool {
        let failed = |code: &str| !SUCCESS.contains(&code);
        body["payload"].is_null() && self.code.as_deref().is_some_and(failed)
    }
}

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The access token is invalid or has expired.
    Token,
    /// The car is not, or no longer, in this account.
    NotInAccount,
    /// A route that is fenced or unknown, or a car that is not entitled to it.
    Unauthorized,
    /// The API key is not accepted.
    ApiKey,
    /// A mandatory header is missing.
    MissingHeader,
    /// Too many requests, or an empty status cache.
    Throttled,
    /// The car or its backend does not take this command or value.
    Unsupported,
    /// There is nothing under this path.
    NotFound,
    /// The service failed.
    Server,
    /// Anything else.
    Other,
}

impl Refusal {
    /// What happened, for people.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Token => "the access token was refused",
            Self::NotInAccount => "the car is not in this account",
            Self::Unauthorized => "the call is not allowed",
            Self::ApiKey => "the API key was refused",
            Self::MissingHeader => "a mandatory header is missing",
            Self::Throttled => "too many requests",
            Self::Unsupported => "the car or its backend does not support this",
            Self::NotFound => "there is no such function",
            Self::Server => "the service failed",
            Self::Other => "the service refused the call",
        }
    }
}

/// Decides what a refusal means, from status and message.
pub(crate) fn refusal(status: StatusCode, message: &Message) -> Refusal {
    let code = message.code.as_deref().unwrap_or_default();
    let detail = message.detail.as_deref().or(message.description.as_deref());
    let detail = detail.unwrap_or_default().to_ascii_lowercase();
    match status.as_u16() {
        401 => Refusal::Token,
        403 if detail.contains("invalid token") => Refusal::Token,
        403 if detail.contains("guid and vin mapping") => Refusal::NotInAccount,
        403 if detail.contains("missing required field") => Refusal::MissingHeader,
        403 if detail.trim_matches('"') == "forbidden" => Refusal::ApiKey,
        403 => Refusal::Unauthorized,
        404 => Refusal::NotFound,
        429 => Refusal::Throttled,
        400 if code == "CTP-GENERIC-40017" => Refusal::MissingHeader,
        400 if code.starts_with("CTP-REMOTE-400") => Refusal::Unsupported,
        500.. => Refusal::Server,
        _ => Refusal::Other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn envelope(code: &str, detail: &str) -> Value {
        json!({"status": {"messages": [{
            "responseCode": code,
            "description": "Unauthorized",
            "detailedDescription": detail,
        }]}})
    }

    #[test]
    fn one_code_has_five_meanings() {
        for (status, detail, meaning) in [
            (403, "invalid token could not authorize", Refusal::Token),
            (403, "invalid guid and vin mapping", Refusal::NotInAccount),
            (403, "Unauthorized", Refusal::Unauthorized),
            (403, "\"Forbidden\"", Refusal::ApiKey),
            (429, "Unauthorized", Refusal::Throttled),
        ] {
            let message = Message::of(&envelope("APIGW-403", detail));

            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(refusal(status, &message), meaning, "{status} {detail}");
        }
    }

    #[test]
    fn every_shape_of_refusal_has_a_meaning() {
        for (status, body, meaning) in [
            (
                403,
                json!({"code": "APIGW-403", "message": "Unauthorized"}),
                Refusal::Unauthorized,
            ),
            (403, json!({"message": "Forbidden"}), Refusal::ApiKey),
            (403, json!(null), Refusal::Unauthorized),
            (401, json!("x"), Refusal::Token),
            (
                400,
                envelope("CTP-GENERIC-40017", "x-user-region"),
                Refusal::MissingHeader,
            ),
            (
                403,
                envelope("APIGW-403", "Missing required field: x-channel"),
                Refusal::MissingHeader,
            ),
            (400, envelope("CTP-REMOTE-40006", ""), Refusal::Unsupported),
            (500, envelope("ONE-GLOBAL-RS-40000", ""), Refusal::Server),
            (503, json!([]), Refusal::Server),
            (404, json!({}), Refusal::NotFound),
            (418, json!({"status": "x", "code": 7}), Refusal::Other),
            (302, json!({}), Refusal::Other),
        ] {
            let status = StatusCode::from_u16(status).unwrap();

            assert_eq!(
                refusal(status, &Message::of(&body)),
                meaning,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn a_missing_header_is_named_if_it_is_one() {
        for (detail, header) in [
            (
                "Mandatory header x-user-region is missing",
                Some("x-user-region"),
            ),
            ("Missing required field: x-channel", Some("x-channel")),
            ("'vin' is missing", Some("vin")),
            ("token JTSIM00000PET0001 is missing", None),
        ] {
            let message = Message::of(&envelope("CTP-GENERIC-40017", detail));

            assert_eq!(message.header(), header, "{detail}");
        }
    }

    #[test]
    fn a_good_status_can_hide_an_error() {
        for (body, hidden) in [
            (envelope("ONE-GLOBAL-RS-40000", ""), true),
            (envelope("ONE-VL-10000", ""), false),
            (
                json!({"status": "SUCCESS", "code": 200, "payload": null}),
                false,
            ),
            (json!({"code": "E1", "payload": {"vin": "x"}}), false),
            (json!({}), false),
            (json!([]), false),
        ] {
            assert_eq!(Message::of(&body).is_hidden_error(&body), hidden, "{body}");
        }
    }
}
