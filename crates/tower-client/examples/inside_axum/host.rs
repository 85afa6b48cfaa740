//! The service behind ours, as far as the example needs one: a token for each user, a resource that
//! is quick, one that never answers, and one that answers when it is let.

use std::future::pending;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use tokio::sync::Notify;

pub(crate) const KEY: &str = "the key of our web service";

#[derive(Debug, Default)]
pub(crate) struct Host {
    tokens: AtomicU32,
    requests: AtomicU32,
    pub(crate) report_is_asked_for: Notify,
    pub(crate) report_is_ready: Notify,
}

impl Host {
    /// Returns how many tokens were granted, and how many other requests there were.
    pub(crate) fn counts(&self) -> (u32, u32) {
        (self.tokens.load(Relaxed), self.requests.load(Relaxed))
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, request: Request<Bytes>) -> Response<Full<Bytes>> {
        let headers = request.headers();
        if request.uri().path() == "/token" {
            return self.grant(headers);
        }
        self.requests.fetch_add(1, Relaxed);
        let credential = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
        let Some(user) = credential.and_then(|it| it.strip_prefix("Bearer token-of-")) else {
            return text(StatusCode::UNAUTHORIZED, "who are you?".to_owned());
        };
        match request.uri().path() {
            "/v1/trips" => {
                let mut response = text(StatusCode::OK, format!("the trips of {user}"));
                let fresh = HeaderValue::from_static("private, max-age=60");
                response.headers_mut().insert(CACHE_CONTROL, fresh);
                response
            }
            "/v1/forecast" => pending().await,
            "/v1/report" => {
                self.report_is_asked_for.notify_one();
                self.report_is_ready.notified().await;
                text(StatusCode::OK, format!("a report for {user}"))
            }
            _ => text(StatusCode::NOT_FOUND, "there is no such thing".to_owned()),
        }
    }

    fn grant(&self, headers: &HeaderMap) -> Response<Full<Bytes>> {
        let user = headers.get("x-user").and_then(|user| user.to_str().ok());
        let is_known = headers.get("x-api-key").is_some_and(|key| key == KEY);
        match user {
            Some(user) if is_known => {
                self.tokens.fetch_add(1, Relaxed);
                let token = serde_json::json!({
                    "token": format!("token-of-{user}"),
                    "expires_in": 3600,
                });
                text(StatusCode::OK, token.to_string())
            }
            _ => text(StatusCode::FORBIDDEN, "no".to_owned()),
        }
    }
}

fn text(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}
