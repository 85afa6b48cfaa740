//! The server of the example: repositories in pages, for apps that are known, within limits.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use form_urlencoded::byte_serialize;
use http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH, LINK, RETRY_AFTER, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

pub(crate) const APP: &str = "example-app";
pub(crate) const SECRET: &str = "the app's secret";
const TOKEN: &str = "app-token-1";

const REPOS: [(&str, u32); 5] = [
    ("alpha", 3),
    ("beta", 14),
    ("gamma", 15),
    ("delta", 92),
    ("epsilon", 6),
];
const PER_PAGE: usize = 2;
const QUOTA: u32 = 60;
/// In seconds: the end of the hour that a quota is for.
const RESET_IN: u64 = 1800;

type Answer = Response<Full<Bytes>>;

/// What the server remembers.
#[derive(Debug)]
pub(crate) struct Host {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    requests: u32,
    remaining: u32,
    reset: u64,
    is_burst: bool,
}

impl Host {
    pub(crate) fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            state: Mutex::new(State {
                requests: 0,
                remaining: QUOTA,
                reset: now.map_or(0, |now| now.as_secs()) + RESET_IN,
                is_burst: false,
            }),
        }
    }

    /// Takes the next request for one too many at once.
    pub(crate) fn limit_burst(&self) {
        self.state().is_burst = true;
    }

    /// Takes the quota of the hour for used.
    pub(crate) fn use_up(&self) {
        self.state().remaining = 0;
    }

    /// Returns how many requests there were, and how much of the quota is left.
    pub(crate) fn counts(&self) -> (u32, u32) {
        let state = self.state();
        (state.requests, state.remaining)
    }

    /// Answers a request.
    pub(crate) fn answer(&self, request: &Request<Bytes>) -> Answer {
        let mut state = self.state();
        state.requests += 1;
        if request.uri().path() == "/login/oauth/access_token" {
            return token(request);
        }
        let credential = request.headers().get(AUTHORIZATION);
        if credential.is_none_or(|it| it != format!("Bearer {TOKEN}").as_str()) {
            return complain(StatusCode::UNAUTHORIZED, "Bad credentials", &json!([]));
        }
        if state.is_burst {
            state.is_burst = false;
            let what = "You have exceeded a secondary rate limit.";
            let response = complain(StatusCode::FORBIDDEN, what, &json!([]));
            return with(response, RETRY_AFTER, "1");
        }
        let response = if state.remaining == 0 {
            complain(
                StatusCode::FORBIDDEN,
                "API rate limit exceeded.",
                &json!([]),
            )
        } else {
            let response = conditional(request.headers(), resource(request));
            // What the client has already is not counted.
            if response.status() != StatusCode::NOT_MODIFIED {
                state.remaining -= 1;
            }
            response
        };
        let response = with(response, REMAINING, state.remaining);
        with(response, RESET, state.reset)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Grants a token by client credentials (RFC 6749 section 4.4).
fn token(request: &Request<Bytes>) -> Answer {
    let is_grant = form_urlencoded::parse(request.body())
        .any(|pair| pair == ("grant_type".into(), "client_credentials".into()));
    let (status, answer) = if is_grant && is_app(request.headers()) {
        let granted = json!({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600});
        (StatusCode::OK, granted)
    } else {
        let refused = json!({"error": "invalid_client"});
        (StatusCode::UNAUTHORIZED, refused)
    };
    with(send(status, &answer), CACHE_CONTROL, "no-store")
}

/// Tells whether it is the app, by HTTP Basic; both parts are form-urlencoded (section 2.3.1).
fn is_app(headers: &HeaderMap) -> bool {
    let proof = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
    let proof = proof.and_then(|proof| proof.strip_prefix("Basic "));
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let expected = format!("{}:{}", encoded(APP), encoded(SECRET));
    proof == Some(&BASE64_STANDARD.encode(expected))
}

fn resource(request: &Request<Bytes>) -> Answer {
    let path = request.uri().path();
    if request.method() == Method::POST && path == "/user/repos" {
        return create(request.body());
    }
    if path == "/users/octo/repos" {
        return page(request);
    }
    let known = REPOS
        .iter()
        .find(|(name, _)| path.strip_prefix("/repos/octo/") == Some(name));
    match known {
        Some(known) => send(StatusCode::OK, &repo(known)),
        None => complain(StatusCode::NOT_FOUND, "Not Found", &json!([])),
    }
}

fn page(request: &Request<Bytes>) -> Answer {
    let query = request.uri().query().unwrap_or_default();
    let number = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "page")
        .and_then(|(_, number)| number.parse::<usize>().ok())
        .unwrap_or(1);
    let mut pages = REPOS.chunks(PER_PAGE).skip(number.saturating_sub(1));
    let repos: Vec<_> = pages.next().unwrap_or_default().iter().map(repo).collect();
    let response = send(StatusCode::OK, &Value::from(repos));
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    match (pages.next(), host) {
        (Some(_), Some(host)) => {
            let next = number + 1;
            let link = format!(r#"<http://{host}/users/octo/repos?page={next}>; rel="next""#);
            with(response, LINK, link)
        }
        _ => response,
    }
}

fn create(body: &[u8]) -> Answer {
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let name = asked
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if REPOS.iter().any(|(known, _)| *known == name) {
        let taken = json!([{"resource": "Repository", "field": "name", "code": "already_exists"}]);
        return complain(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Repository creation failed.",
            &taken,
        );
    }
    send(StatusCode::CREATED, &repo(&(name, 0)))
}

fn repo((name, stars): &(&str, u32)) -> Value {
    json!({
        "full_name": format!("octo/{name}"),
        "description": null,
        "stargazers_count": stars,
        "private": false,
    })
}

/// Leaves the body out that the client has already.
fn conditional(asked: &HeaderMap, mut response: Answer) -> Answer {
    let tag = response.headers().get(ETAG);
    if tag.is_some() && tag == asked.get(IF_NONE_MATCH) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Full::default();
    }
    response
}

fn complain(status: StatusCode, message: &str, errors: &Value) -> Answer {
    send(
        status,
        &json!({
            "message": message,
            "errors": errors,
            "documentation_url": "https://docs.forge.example/rest",
            "status": status.as_str(),
        }),
    )
}

fn send(status: StatusCode, value: &Value) -> Answer {
    let text = value.to_string();
    let mut version = DefaultHasher::new();
    text.hash(&mut version);
    let tag = format!("\"{:x}\"", version.finish());
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let response = with(response, CONTENT_TYPE, "application/json");
    if !status.is_success() {
        return response;
    }
    let response = with(response, ETAG, tag);
    let response = with(response, VARY, "accept, authorization");
    with(response, CACHE_CONTROL, "private, max-age=60")
}

fn with<V>(mut response: Answer, name: HeaderName, value: V) -> Answer
where
    V: ToString,
{
    if let Ok(value) = HeaderValue::try_from(value.to_string()) {
        response.headers_mut().insert(name, value);
    }
    response
}
