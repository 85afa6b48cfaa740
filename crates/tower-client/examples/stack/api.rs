//! The server of the example: trips, for those who have a token. It has bad moments on request.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;

const VERSION: &str = "\"version-1\"";

/// What the server remembers.
#[derive(Debug, Default)]
pub(crate) struct Api {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many tokens were issued; the last one is good unless it was revoked.
    issued: u32,
    revoked: bool,
    /// How many requests with a good token are still answered 503.
    failures: u32,
    trips: u32,
}

impl Api {
    /// Has the next requests fail that would succeed.
    pub(crate) fn fail_next(&self, requests: u32) {
        self.state().failures = requests;
    }

    /// Takes no token any more that was issued.
    pub(crate) fn revoke(&self) {
        self.state().revoked = true;
    }

    /// Answers a request.
    pub(crate) fn answer(&self, request: &Request<Bytes>) -> Response<Full<Bytes>> {
        let mut state = self.state();
        if request.uri().path() == "/token" {
            return state.issue();
        }
        if !state.knows(request.headers().get(AUTHORIZATION)) {
            return text(StatusCode::UNAUTHORIZED, "who are you?");
        }
        if let Some(left) = state.failures.checked_sub(1) {
            state.failures = left;
            return text(StatusCode::SERVICE_UNAVAILABLE, "not now");
        }
        let asked_about = request.headers().get(IF_NONE_MATCH);
        match (request.method(), request.uri().path()) {
            (&Method::GET, "/v1/trips") => {
                let body = format!("{} trips", 2 + state.trips);
                with(text(StatusCode::OK, body), CACHE_CONTROL, "max-age=60")
            }
            (&Method::POST, "/v1/trips") => {
                state.trips += 1;
                text(StatusCode::CREATED, "a new trip")
            }
            (&Method::GET, "/v1/trips/7") => trip(asked_about),
            _ => no_such_trip(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn issue(&mut self) -> Response<Full<Bytes>> {
        self.issued += 1;
        self.revoked = false;
        let token = format!(
            r#"{{"token": "token-{}", "expires_in": 3600}}"#,
            self.issued
        );
        let response = text(StatusCode::OK, token);
        with(response, CACHE_CONTROL, "no-store")
    }

    fn knows(&self, credential: Option<&HeaderValue>) -> bool {
        let good = format!("Bearer token-{}", self.issued);
        !self.revoked && credential.is_some_and(|credential| credential == good.as_str())
    }
}

/// A trip that does not change, but could.
fn trip(asked_about: Option<&HeaderValue>) -> Response<Full<Bytes>> {
    let response = match asked_about {
        Some(tag) if tag == VERSION => {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        }
        _ => text(StatusCode::OK, "from Kiel to Rome"),
    };
    let response = with(response, ETAG, VERSION);
    with(response, CACHE_CONTROL, "no-cache")
}

fn no_such_trip() -> Response<Full<Bytes>> {
    let problem = r#"{"title": "Not found", "detail": "nobody has been there yet"}"#;
    let response = text(StatusCode::NOT_FOUND, problem);
    with(response, CONTENT_TYPE, "application/problem+json")
}

fn text(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    with(response, CONTENT_TYPE, "text/plain")
}

fn with(
    mut response: Response<Full<Bytes>>,
    name: HeaderName,
    value: &'static str,
) -> Response<Full<Bytes>> {
    let value = HeaderValue::from_static(value);
    response.headers_mut().insert(name, value);
    response
}
