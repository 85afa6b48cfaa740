//! The authorization request, and the code in its redirect.

use secrecy::SecretString;
use url::Url;

use super::error::Failure;
use crate::text::excerpt;

/// The app's fixed PKCE pair: with the method `plain`, challenge and verifier are one word.
pub(super) const PKCE_PLAIN: &str = "plain";
const SCOPE: &str = "openid profile write";
/// OAuth codes are short; a longer one is not one.
const MAX_CODE_BYTES: usize = 4096;

/// The authorization request (RFC 6749 section 4.1.1) and the check of its answer.
pub(super) struct Authorization {
    url: String,
    redirect_uri: String,
}

impl Authorization {
    pub(super) fn new(endpoint: String, client_id: &str, redirect_uri: &str) -> Self {
        let query = form(&[
            ("client_id", client_id),
            ("scope", SCOPE),
            ("response_type", "code"),
            ("redirect_uri", redirect_uri),
            ("code_challenge", PKCE_PLAIN),
            ("code_challenge_method", PKCE_PLAIN),
        ]);
        Self {
            url: format!("{endpoint}?{query}"),
            redirect_uri: redirect_uri.to_owned(),
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Returns the code in the `Location` of a 302 (RFC 6749 section 4.1.2), or the error there.
    pub(super) fn code(&self, location: Option<&[u8]>) -> Result<SecretString, Failure> {
        let location = location.ok_or_else(|| unexpected("the redirect has no Location"))?;
        let location = std::str::from_utf8(location)
            .ok()
            .and_then(|text| Url::parse(text).ok())
            .ok_or_else(|| unexpected("the Location is not a URL"))?;
        let same = Url::parse(&self.redirect_uri).is_ok_and(|expected| {
            let parts = |url: &Url| (url.scheme().to_owned(), url.path().to_owned());
            parts(&expected) == parts(&location) && expected.host() == location.host()
        });
        if !same {
            return Err(unexpected("the redirect leads elsewhere"));
        }
        let parameter = |name: &str| {
            let mut pairs = location.query_pairs();
            pairs.find(|(key, _)| key == name).map(|(_, value)| value)
        };
        if let Some(error) = parameter("error") {
            let error = excerpt(&error);
            return Err(Failure::OAuth {
                step: "authorize",
                error,
            });
        }
        match parameter("code") {
            Some(code) if (1..=MAX_CODE_BYTES).contains(&code.len()) => {
                Ok(code.into_owned().into())
            }
            _ => Err(unexpected("the redirect has no code")),
        }
    }
}

/// Encodes pairs as `application/x-www-form-urlencoded`.
pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

fn unexpected(what: &'static str) -> Failure {
    Failure::protocol("authorize", what)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn authorization() -> Authorization {
        let redirect = "com.toyota.oneapp:/oauth2Callback";
        Authorization::new(
            "https://login.example/authorize".to_owned(),
            "oneapp",
            redirect,
        )
    }

    fn code(location: &str) -> Result<String, String> {
        let code = authorization().code(Some(location.as_bytes()));
        code.map(|code| code.expose_secret().to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_request_names_the_client_and_its_challenge() {
        assert_eq!(
            authorization().url(),
            "https://login.example/authorize?client_id=oneapp&scope=openid+profile+write\
             &response_type=code&redirect_uri=com.toyota.oneapp%3A%2Foauth2Callback\
             &code_challenge=plain&code_challenge_method=plain"
        );
    }

    #[test]
    fn finds_the_code_in_a_location_without_authority() {
        let location =
            "com.toyota.oneapp:/oauth2Callback?code=c%2F1&iss=https%3A%2F%2Fx&client_id=oneapp";

        assert_eq!(code(location).as_deref(), Ok("c/1"));
    }

    #[test]
    fn every_other_location_is_an_error_that_says_what_is_wrong() {
        for (location, message) in [
            (
                "com.toyota.oneapp:/other?code=c",
                "authorize: the redirect leads elsewhere",
            ),
            (
                "https://evil.example/oauth2Callback?code=c",
                "authorize: the redirect leads elsewhere",
            ),
            (
                "com.toyota.oneapp://evil.example/oauth2Callback?code=c",
                "authorize: the redirect leads elsewhere",
            ),
            (
                "com.toyota.oneapp:/oauth2Callback",
                "authorize: the redirect has no code",
            ),
            (
                "com.toyota.oneapp:/oauth2Callback?code=",
                "authorize: the redirect has no code",
            ),
            (
                "com.toyota.oneapp:/oauth2Callback?error=access_denied&error_description=x",
                "authorize was refused: access_denied",
            ),
            ("/relative?code=c", "authorize: the Location is not a URL"),
            ("", "authorize: the Location is not a URL"),
        ] {
            assert_eq!(code(location), Err(message.to_owned()), "{location}");
        }
        assert!(authorization().code(None).is_err());
        assert!(authorization().code(Some(b"\xff\xfe")).is_err());
    }

    proptest::proptest! {
        #[test]
        fn every_location_is_a_code_or_an_error(
            any in ".{0,200}",
            tail in "[ -~]{0,60}",
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60),
        ) {
            drop(code(&any));
            if let Ok(code) = code(&format!("com.toyota.oneapp:/oauth2Callback{tail}")) {
                proptest::prop_assert!(!code.is_empty());
            }
            drop(authorization().code(Some(&bytes)));
        }
    }
}
