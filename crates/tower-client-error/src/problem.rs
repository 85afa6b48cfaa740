//! Problem documents (RFC 9457).

use std::fmt;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use serde_json::{Map, Value};
use tower_client_call::Captured;

/// A problem document: an HTTP API's explanation of its error (RFC 9457).
///
/// Its texts are the server's: fit for a developer's eyes, not for deciding. `Debug` shows the
/// status alone.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// The URI of the problem's type; absent means `about:blank`.
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: Option<String>,
    /// The type in words.
    #[serde(default, deserialize_with = "lenient")]
    pub title: Option<String>,
    /// The status, as the document says it.
    #[serde(default, deserialize_with = "lenient")]
    pub status: Option<u16>,
    /// This occurrence in words.
    #[serde(default, deserialize_with = "lenient")]
    pub detail: Option<String>,
    /// The URI of this occurrence.
    #[serde(default, deserialize_with = "lenient")]
    pub instance: Option<String>,
    /// Members that the API adds.
    #[serde(flatten)]
    pub extensions: Map<String, Value>,
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Problem {
    /// Reads a response's problem document, if its media type says that it is one.
    #[must_use]
    pub fn read(headers: &HeaderMap, body: &Captured) -> Option<Self> {
        let media_type = headers.get(CONTENT_TYPE)?;
        if body.truncated || !is_problem(media_type) {
            return None;
        }
        serde_json::from_slice(&body.bytes).ok()
    }
}

fn is_problem(media_type: &HeaderValue) -> bool {
    media_type.to_str().is_ok_and(|text| {
        let essence = text.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/problem+json")
    })
}

/// RFC 9457 section 3.1: a member of the wrong type is ignored.
fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(media_type: &'static str, body: &'static str, truncated: bool) -> Option<Problem> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        let bytes = body.into();
        Problem::read(&headers, &Captured { bytes, truncated })
    }

    #[test]
    fn a_problem_document_is_read_leniently() {
        let body = r#"{"type": "/out", "title": 7, "status": 403, "balance": 30}"#;

        let problem = read("Application/Problem+JSON; charset=utf-8", body, false).unwrap();

        assert_eq!(problem.kind.as_deref(), Some("/out"));
        assert_eq!((problem.title, problem.status), (None, Some(403)));
        assert_eq!(problem.extensions["balance"], 30);
    }

    #[test]
    fn anything_else_is_none() {
        let body = r#"{"title": "x"}"#;

        assert_eq!(read("application/json", body, false), None);
        assert_eq!(read("application/problem+json", body, true), None);
        assert_eq!(read("application/problem+json", "<html>", false), None);
        assert_eq!(read("application/problem+json", "[]", false), None);
    }
}
