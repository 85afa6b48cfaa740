//! Which answers of the API refuse a token.

use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tower_client::auth::{Challenge, Verdict};
use tower_client::call::Captured;

use crate::envelope::{Message, Refusal, refusal};

/// A 401 refuses the token, and so does the gateway's 403 that says `invalid token could not
/// authorize`; its other 403s do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenRefusal;

impl Challenge for TokenRefusal {
    fn inspect(&self, status: StatusCode, _: &HeaderMap) -> Verdict {
        match status {
            StatusCode::UNAUTHORIZED => Verdict::Refused,
            StatusCode::FORBIDDEN => Verdict::Peek,
            _ => Verdict::Accepted,
        }
    }

    fn refuses(&self, status: StatusCode, body: &Captured) -> bool {
        let json: Value = serde_json::from_slice(&body.bytes).unwrap_or_default();
        refusal(status, &Message::of(&json)) == Refusal::Token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_403_refuses_the_token_only_where_it_says_so() {
        for (detail, refuses) in [
            ("invalid token could not authorize", true),
            ("invalid guid and vin mapping", false),
            ("Unauthorized", false),
            ("\"Forbidden\"", false),
        ] {
            let body = serde_json::json!({"status": {"messages": [{
                "responseCode": "APIGW-403", "detailedDescription": detail,
            }]}});
            let body = Captured {
                bytes: body.to_string().into(),
                truncated: false,
            };

            let refused = TokenRefusal.refuses(StatusCode::FORBIDDEN, &body);

            assert_eq!(refused, refuses, "{detail}");
        }
        let page = Captured {
            bytes: "<html>".into(),
            truncated: false,
        };
        assert!(!TokenRefusal.refuses(StatusCode::FORBIDDEN, &page));
    }
}
