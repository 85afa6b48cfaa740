//! The headers that say for whom a request is.

use http::header::{AUTHORIZATION, HeaderMap, HeaderValue, InvalidHeaderValue};
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use tower_client::auth::{Apply, Credential, Extra};

use crate::Config;

/// The user's identifier at the service, which a sign-in brings.
#[derive(Clone)]
pub struct UserId(SecretString);

impl UserId {
    /// Returns the identifier, which is personal.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.0
    }
}

impl Extra for UserId {
    const NAME: &str = "user_id";
}

impl From<SecretString> for UserId {
    fn from(id: SecretString) -> Self {
        Self(id)
    }
}

impl From<UserId> for SecretString {
    fn from(id: UserId) -> Self {
        id.0
    }
}

impl std::fmt::Debug for UserId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserId")
    }
}

/// Puts a credential on a request as the app does: `authorization`, `x-guid`, `guid`, and
/// `x-client-ref`, the user's identifier signed with the app's version.
#[derive(Clone, Debug)]
pub struct UserHeaders {
    client_version: HeaderValue,
}

impl UserHeaders {
    /// Creates the rule for the configured app version.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            client_version: config.api.client_version.clone(),
        }
    }
}

impl Apply for UserHeaders {
    fn apply(
        &self,
        credential: &Credential,
        headers: &mut HeaderMap,
    ) -> Result<(), InvalidHeaderValue> {
        let bearer = format!("Bearer {}", credential.secret().expose_secret());
        headers.insert(AUTHORIZATION, HeaderValue::try_from(bearer)?);
        let Some(user) = credential.get::<UserId>() else {
            return Ok(());
        };
        let user = user.0.expose_secret();
        headers.insert("x-guid", HeaderValue::from_str(user)?);
        headers.insert("guid", HeaderValue::from_str(user)?);
        let client_ref = client_ref(self.client_version.as_bytes(), user.as_bytes());
        headers.insert("x-client-ref", HeaderValue::try_from(client_ref)?);
        Ok(())
    }
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
        let user = "00000000-0000-0000-0000-000000000000";
        let config = Config::new().with_client_version("2.14.0").unwrap();
        let credential = Credential::new("token").with(UserId(user.into()));
        let mut headers = HeaderMap::new();

        UserHeaders::new(&config)
            .apply(&credential, &mut headers)
            .unwrap();

        assert_eq!(headers["authorization"], "Bearer token");
        assert_eq!(headers["x-guid"], user);
        assert_eq!(headers["guid"], user);
        assert_eq!(
            headers["x-client-ref"],
            "82c9395fe46730f65d62dc34bf3787236a7863d52a3063361d223e43c3d5b976"
        );
    }
}
