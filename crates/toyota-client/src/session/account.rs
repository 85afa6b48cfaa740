//! The headers that say for whom a request is.

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use ring::hmac;
use secrecy::ExposeSecret;

use crate::Tokens;

/// The headers of a signed-in user, made once per token.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) tokens: Tokens,
    headers: [(HeaderName, HeaderValue); 4],
}

impl Account {
    /// `None` when a token cannot be part of a header, which [`Tokens`] rules out.
    pub(super) fn new(tokens: Tokens, client_version: &HeaderValue) -> Option<Self> {
        let bearer = format!("Bearer {}", tokens.access.expose_secret());
        let user = tokens.user.expose_secret();
        let client_ref = client_ref(client_version.as_bytes(), user.as_bytes());
        let headers = [
            (AUTHORIZATION, sensitive(&bearer)?),
            (HeaderName::from_static("x-guid"), sensitive(user)?),
            (HeaderName::from_static("guid"), sensitive(user)?),
            (
                HeaderName::from_static("x-client-ref"),
                sensitive(&client_ref)?,
            ),
        ];
        Some(Self { tokens, headers })
    }

    pub(super) fn put_on(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
    }
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The lower-case hexadecimal HMAC-SHA256 of the user's identifier under the app version.
fn client_ref(client_version: &[u8], user: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, client_version);
    let digits = hmac::sign(&key, user);
    digits
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_reference_signs_the_user_with_the_version() {
        assert_eq!(
            client_ref(b"2.14.0", b"00000000-0000-0000-0000-000000000000"),
            "82c9395fe46730f65d62dc34bf3787236a7863d52a3063361d223e43c3d5b976"
        );
    }
}
