//! Our own users, who ask our web service.

use bytes::Bytes;
use http::header::COOKIE;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use tower::{BoxError, ServiceExt};

use crate::transport::{Transport, transport};

const LONGEST_ANSWER: usize = 1024 * 1024;

/// What users see.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    origin: String,
    transport: Transport,
}

/// An answer, as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
    /// What the web service's cache did for it, in the words of RFC 9211.
    pub(crate) cache: String,
}

impl Browser {
    pub(crate) fn new(origin: String) -> Self {
        let transport = transport();
        Self { origin, transport }
    }

    /// Asks for a page, with a session's cookie or without.
    pub(crate) async fn get(&self, path: &str, cookie: Option<&str>) -> Result<Answer, BoxError> {
        let mut request = Request::get(format!("{}{path}", self.origin));
        if let Some(cookie) = cookie {
            request = request.header(COOKIE, cookie);
        }
        self.send(request.body(Full::default())?).await
    }

    /// Asks for a page, and waits for so many milliseconds.
    pub(crate) async fn get_within(
        &self,
        path: &str,
        cookie: &str,
        millis: u32,
    ) -> Result<Answer, BoxError> {
        let request = Request::get(format!("{}{path}", self.origin))
            .header(COOKIE, cookie)
            .header("x-request-timeout-ms", millis);
        self.send(request.body(Full::default())?).await
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, BoxError> {
        let response = self.transport.clone().oneshot(request).await?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER)
            .collect()
            .await?
            .to_bytes();
        let cache = head.headers.get("cache-status");
        let cache = cache.and_then(|status| status.to_str().ok());
        let did = cache.and_then(|status| status.split("; ").nth(1));
        Ok(Answer {
            status: head.status,
            text: String::from_utf8_lossy(&body).trim_end().to_owned(),
            cache: did.unwrap_or("not asked").to_owned(),
        })
    }
}
