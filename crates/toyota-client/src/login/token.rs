//! The token endpoint: its two grants as forms, and its answer as a credential.

use std::time::Duration;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tower_client::auth::{Credential, RefreshToken};

use super::authorize::{PKCE_PLAIN, form};
use super::error::Failure;
use crate::auth::UserId;
use crate::secret::SecretJson;
use crate::{Body, Config, ConfigError};

/// The token endpoint and the client's registration there.
pub(super) struct TokenEndpoint {
    url: String,
    client_id: String,
    redirect_uri: String,
    authorization: HeaderValue,
}

/// What is exchanged for tokens.
pub(super) enum Grant<'a> {
    /// An authorization code (RFC 6749 section 4.1.3).
    Code(&'a SecretString),
    /// A refresh token (RFC 6749 section 6), and for whom it is.
    Refresh {
        token: RefreshToken,
        user: Option<UserId>,
    },
}

impl Grant<'_> {
    /// Without a refresh token there is nothing to exchange.
    pub(super) fn refresh(credential: &Credential) -> Result<Self, Failure> {
        Ok(Self::Refresh {
            token: credential.get().ok_or(Failure::InvalidGrant)?,
            user: credential.get(),
        })
    }
}

impl TokenEndpoint {
    pub(super) fn new(url: String, config: &Config) -> Result<Self, ConfigError> {
        let client_id = config.client_id()?.to_owned();
        let secret = config.auth.client_secret.as_ref();
        let secret = secret.map_or("", |secret| secret.expose_secret());
        // RFC 7617; the app writes the scheme in lower case.
        let basic = BASE64_STANDARD.encode(format!("{client_id}:{secret}"));
        let mut authorization = HeaderValue::try_from(format!("basic {basic}"))
            .map_err(|_| ConfigError::unusable_client_secret())?;
        authorization.set_sensitive(true);
        Ok(Self {
            url,
            client_id,
            redirect_uri: config.redirect_uri().to_owned(),
            authorization,
        })
    }

    pub(super) fn request(&self, grant: &Grant<'_>) -> Result<Request<Body>, Failure> {
        let (grant_type, name, value) = match grant {
            Grant::Code(code) => ("authorization_code", "code", code.expose_secret()),
            Grant::Refresh { token, .. } => {
                let token = token.secret().expose_secret();
                ("refresh_token", "refresh_token", token)
            }
        };
        let form = form(&[
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("grant_type", grant_type),
            ("code_verifier", PKCE_PLAIN),
            (name, value),
        ]);
        Request::post(&self.url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(AUTHORIZATION, self.authorization.clone())
            .body(Body::secret(form))
            .map_err(Failure::request)
    }
}

/// Reads a token answer (RFC 6749 section 5.1).
///
/// A code brings all four members. A refresh may leave out the refresh token (RFC 6749 section 6)
/// and the id token: then the old one, and the user it named, stay. The time that the exchange
/// `took` is taken off the lifetime.
pub(super) fn credential(
    answer: &[u8],
    grant: &Grant<'_>,
    took: Duration,
) -> Result<Credential, Failure> {
    let answer = serde_json::from_slice(answer).map(SecretJson::new);
    let answer = answer.map_err(|_| unexpected("the answer is not JSON"))?;
    let text = |name| {
        let value = answer.expose().get(name).and_then(Value::as_str);
        value.filter(|text| !text.is_empty())
    };
    let access = text("access_token").ok_or(Failure::MissingField("access_token"))?;
    let lifetime = seconds(&answer.expose()["expires_in"]);
    let lifetime = lifetime.ok_or(Failure::MissingField("expires_in"))?;
    let refresh = match (text("refresh_token"), grant) {
        (Some(token), _) => token.into(),
        (None, Grant::Refresh { token, .. }) => token.clone(),
        (None, Grant::Code(_)) => return Err(Failure::MissingField("refresh_token")),
    };
    let user = match (text("id_token"), grant) {
        (Some(token), _) => user(token)?,
        (
            None,
            Grant::Refresh {
                user: Some(user), ..
            },
        ) => user.clone(),
        (None, _) => return Err(Failure::MissingField("id_token")),
    };
    if !(fits(access) && fits(user.secret().expose_secret())) {
        return Err(unexpected("a token cannot be sent in a header"));
    }
    let lifetime = Duration::from_secs(lifetime).saturating_sub(took);
    Ok(Credential::new(access)
        .expires_in(lifetime)
        .with(refresh)
        .with(user))
}

/// Whether a header can carry a text, and a server would take it.
fn fits(text: &str) -> bool {
    text.len() <= 16 * 1024 && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The `uuid` claim of an id token. It came over TLS from its issuer, so the payload is enough
/// (OpenID Connect Core 1.0 section 3.1.3.7, point 6).
fn user(id_token: &str) -> Result<UserId, Failure> {
    let payload = id_token.split('.').nth(1);
    let payload = payload.and_then(|part| {
        BASE64_URL_SAFE_NO_PAD
            .decode(part.trim_end_matches('='))
            .ok()
    });
    let claims: Option<Value> = payload.and_then(|json| serde_json::from_slice(&json).ok());
    let claims = claims.ok_or_else(|| unexpected("the id_token is not a JWT"))?;
    let uuid = claims["uuid"].as_str().filter(|uuid| !uuid.is_empty());
    uuid.map(|uuid| SecretString::from(uuid).into())
        .ok_or_else(|| unexpected("the id_token has no uuid"))
}

/// A positive number of seconds, written as a number or as text.
fn seconds(value: &Value) -> Option<u64> {
    let seconds = match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_u64(),
    };
    seconds.filter(|seconds| *seconds > 0)
}

fn unexpected(what: &'static str) -> Failure {
    Failure::protocol("token", what)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn id_token(claims: &Value) -> String {
        format!(
            "e30.{}.sig",
            BASE64_URL_SAFE_NO_PAD.encode(claims.to_string())
        )
    }

    fn whole() -> Value {
        json!({
            "access_token": "a1",
            "refresh_token": "r1",
            "id_token": id_token(&json!({"uuid": "123456789"})),
            "expires_in": 3599,
        })
    }

    fn read(answer: &Value, grant: &Grant<'_>) -> Result<Credential, Failure> {
        credential(answer.to_string().as_bytes(), grant, Duration::ZERO)
    }

    fn code() -> SecretString {
        "code".into()
    }

    #[tokio::test]
    async fn an_answer_to_a_code_needs_all_four_members() {
        assert!(read(&whole(), &Grant::Code(&code())).is_ok());
        for name in ["access_token", "refresh_token", "id_token", "expires_in"] {
            let mut answer = whole();
            answer.as_object_mut().unwrap().remove(name);

            let error = read(&answer, &Grant::Code(&code())).unwrap_err();

            assert_eq!(error.to_string(), format!("the token answer lacks {name}"));
        }
    }

    #[tokio::test]
    async fn an_answer_to_a_refresh_may_keep_the_refresh_token_and_the_user() {
        let old = read(&whole(), &Grant::Code(&code())).unwrap();

        let new = json!({"access_token": "a2", "expires_in": "60"});
        let new = read(&new, &Grant::refresh(&old).unwrap()).unwrap();

        let refresh: RefreshToken = new.get().unwrap();
        assert_eq!(refresh.secret().expose_secret(), "r1");
        let user: UserId = new.get().unwrap();
        assert_eq!(user.secret().expose_secret(), "123456789");
    }

    #[tokio::test]
    async fn an_id_token_without_a_user_is_an_error() {
        for (id_token, message) in [
            (
                id_token(&json!({"sub": "x"})),
                "token: the id_token has no uuid",
            ),
            (
                id_token(&json!({"uuid": 5})),
                "token: the id_token has no uuid",
            ),
            ("abc".to_owned(), "token: the id_token is not a JWT"),
            ("a.!!.c".to_owned(), "token: the id_token is not a JWT"),
        ] {
            let mut answer = whole();
            answer["id_token"] = id_token.into();

            let error = read(&answer, &Grant::Code(&code())).unwrap_err();

            assert_eq!(error.to_string(), message);
        }
    }

    #[tokio::test]
    async fn a_token_that_no_header_can_carry_is_an_error() {
        let mut answer = whole();
        answer["access_token"] = "a\r\nx: y".into();

        assert!(read(&answer, &Grant::Code(&code())).is_err());
    }

    proptest::proptest! {
        #[test]
        fn every_token_answer_is_tokens_or_an_error(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60),
            document in crate::hostile::json(),
            id_token in ".{0,40}",
            expires_in in proptest::num::u64::ANY,
        ) {
            let grant = code();
            let grant = Grant::Code(&grant);
            drop(credential(&bytes, &grant, Duration::ZERO));
            drop(read(&document, &grant));
            let mut answer = whole();
            answer["expires_in"] = expires_in.into();
            proptest::prop_assert_eq!(read(&answer, &grant).is_ok(), expires_in > 0);
            answer["id_token"] = id_token.into();
            drop(read(&answer, &grant));
        }
    }
}
