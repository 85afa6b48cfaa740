//! A token for each user: our key, and on whose behalf it is used, are exchanged for one.

use std::fmt;
use std::time::Duration;

use http::uri::InvalidUri;
use http::{HeaderValue, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use serde::Deserialize;
use tower::{BoxError, ServiceExt};
use tower_client::auth::{Credential, Principal, TokenError, TokenSource};

use crate::transport::Transport;

const LONGEST_ANSWER: usize = 16 * 1024;

/// The source of tokens.
pub(super) struct OnBehalf {
    transport: Transport,
    uri: Uri,
    key: HeaderValue,
}

impl OnBehalf {
    pub(super) fn new(transport: Transport, origin: &str, key: &str) -> Result<Self, BoxError> {
        let mut key = HeaderValue::try_from(key)?;
        key.set_sensitive(true);
        let uri = format!("{origin}/token").parse();
        let uri = uri.map_err(|error: InvalidUri| BoxError::from(error))?;
        Ok(Self {
            transport,
            uri,
            key,
        })
    }
}

impl TokenSource for OnBehalf {
    async fn fetch(
        &self,
        principal: &Principal,
        _: Option<&Credential>,
    ) -> Result<Credential, TokenError> {
        let request = Request::post(&self.uri)
            .header("x-api-key", &self.key)
            .header("x-user", principal.id())
            .body(Full::default())
            .map_err(TokenError::permanent)?;
        let response = self.transport.clone().oneshot(request).await;
        let (head, body) = response.map_err(TokenError::transient)?.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER).collect().await;
        read(
            head.status,
            &body.map_err(TokenError::transient)?.to_bytes(),
        )
    }
}

#[derive(Deserialize)]
struct Granted {
    token: String,
    expires_in: u64,
}

fn read(status: StatusCode, body: &[u8]) -> Result<Credential, TokenError> {
    if status.is_success() {
        // Why it is none is not told: a parser's error may quote what it read.
        let granted: Granted = serde_json::from_slice(body)
            .map_err(|_| TokenError::permanent("the answer is no token"))?;
        let life = Duration::from_secs(granted.expires_in);
        return Ok(Credential::new(granted.token).expires_in(life));
    }
    let what = format!("no token was granted (status {})", status.as_u16());
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        Err(TokenError::transient(what))
    } else {
        Err(TokenError::permanent(what))
    }
}

/// Does not show the key.
impl fmt::Debug for OnBehalf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnBehalf").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_and_a_refusal_is_for_good() {
        let granted = br#"{"token": "t0ken", "expires_in": 60}"#;
        assert!(read(StatusCode::OK, granted).is_ok());
        for (status, permanent) in [(200, true), (403, true), (429, false), (503, false)] {
            let refused = read(StatusCode::from_u16(status).unwrap(), b"no");

            assert_eq!(refused.unwrap_err().is_permanent(), permanent, "{status}");
        }
    }
}
