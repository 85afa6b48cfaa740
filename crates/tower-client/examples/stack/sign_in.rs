//! Where tokens come from: a key is exchanged for one that is good for a while.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::response::Parts;
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body::Body;
use http_body_util::{BodyExt, Full, Limited};
use serde::Deserialize;
use tower::{BoxError, Service, ServiceExt};
use tower_client::auth::{Credential, Principal, TokenError, TokenSource};
use tower_client::call::retry_after;

const LONGEST_ANSWER: usize = 16 * 1024;

/// Exchanges a key for tokens, by a service that sends requests as they are.
pub(crate) struct SignIn<S> {
    service: S,
    uri: Uri,
    key: HeaderValue,
}

impl<S> SignIn<S> {
    /// Creates the source. The key is sent to this origin and to nobody else.
    pub(crate) fn new(service: S, origin: &str, key: &str) -> Result<Self, BoxError> {
        let mut key = HeaderValue::try_from(key)?;
        key.set_sensitive(true);
        Ok(Self {
            service,
            uri: format!("{origin}/token").parse()?,
            key,
        })
    }
}

impl<S, B> TokenSource for SignIn<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Body<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    async fn fetch(&self, _: &Principal, _: Option<&Credential>) -> Result<Credential, TokenError> {
        let request = Request::post(&self.uri)
            .header("x-api-key", &self.key)
            .body(Full::default())
            .map_err(TokenError::permanent)?;
        let response = self.service.clone().oneshot(request).await;
        let (head, body) = response.map_err(TokenError::transient)?.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER).collect().await;
        read(&head, &body.map_err(TokenError::transient)?.to_bytes())
    }
}

#[derive(Deserialize)]
struct Granted {
    token: String,
    expires_in: u64,
}

/// Says what an answer means: a token; nothing for now; or no, for good.
fn read(head: &Parts, body: &[u8]) -> Result<Credential, TokenError> {
    let status = head.status;
    if status.is_success() {
        // Why it is none is not told: a parser's error may quote what it read.
        let granted: Granted = serde_json::from_slice(body)
            .map_err(|_| TokenError::permanent("the answer to the key is no token"))?;
        let life = Duration::from_secs(granted.expires_in);
        return Ok(Credential::new(granted.token).expires_in(life));
    }
    let what = format!("the key brought no token (status {})", status.as_u16());
    if !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS {
        return Err(TokenError::permanent(what));
    }
    let error = TokenError::transient(what);
    Err(match retry_after(&head.headers, SystemTime::now()) {
        Some(wait) => error.after(wait),
        None => error,
    })
}

/// Does not show the key.
impl<S> fmt::Debug for SignIn<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_its_lifetime() {
        let body = br#"{"token": "t0ken", "expires_in": 3600}"#;

        let credential = read(&head(200, None), body).unwrap();

        assert_eq!(credential.lifetime(), Some(Duration::from_secs(3600)));
    }

    #[test]
    fn what_may_pass_is_asked_for_again_and_a_refusal_is_not() {
        for (status, wait, permanent) in [
            (200, None, true),
            (401, None, true),
            (403, Some("7"), true),
            (429, Some("7"), false),
            (500, None, false),
            (503, Some("7"), false),
        ] {
            let refused = read(&head(status, wait), b"no token").unwrap_err();

            assert_eq!(refused.is_permanent(), permanent, "{status}");
            let heeded = wait.filter(|_| !permanent).map(|_| Duration::from_secs(7));
            assert_eq!(refused.retry_after(), heeded, "{status}");
        }
    }

    #[test]
    fn the_key_is_not_shown() {
        let source = SignIn::new((), "https://api.example", "s3cret").unwrap();

        assert!(!format!("{source:?} {:?}", source.key).contains("s3cret"));
    }

    fn head(status: u16, retry_after: Option<&str>) -> Parts {
        let mut response = Response::builder().status(status);
        if let Some(wait) = retry_after {
            response = response.header("retry-after", wait);
        }
        response.body(()).unwrap().into_parts().0
    }
}
