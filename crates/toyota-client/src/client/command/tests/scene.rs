//! A service by a script, on paused time.

use std::sync::{Arc, Mutex};

use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::time::Instant;
use tower::{BoxError, service_fn};

use crate::auth::UserId;
use crate::{Body, Clock, Config, HttpService, ToyotaClient, Vin};

pub(super) const ACCEPTED: &str = r#"{"payload": {"appRequestNo": "7", "returnCode": "000000"}}"#;
pub(super) const CARS: &str = "GET /v2/vehicle/guid";
const FENCED: &str = r#"{"code": "APIGW-403", "message": "Unauthorized"}"#;

/// What the service does with a request.
pub(super) enum Answer {
    Is(StatusCode, String),
    /// It never answers.
    Never,
    /// The connection breaks.
    Broken,
}

/// What the service was asked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Method and path.
    pub(super) what: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
    /// So many seconds after the beginning.
    pub(super) at: u64,
}

type Script = dyn Fn(&str, u64) -> Answer + Send + Sync;

/// A service by a script.
#[derive(Clone)]
pub(super) struct Scene {
    begun: Instant,
    asked: Arc<Mutex<Vec<Asked>>>,
    script: Arc<Script>,
}

impl Answer {
    pub(super) fn json(body: &str) -> Self {
        Self::Is(StatusCode::OK, body.to_owned())
    }

    pub(super) fn status(status: StatusCode) -> Self {
        Self::Is(status, "{}".to_owned())
    }

    /// What is said of a route that there is not.
    pub(super) fn fenced() -> Self {
        Self::Is(StatusCode::FORBIDDEN, FENCED.to_owned())
    }
}

impl Scene {
    /// One that answers by method, path and the seconds since the beginning.
    pub(super) fn new(script: impl Fn(&str, u64) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            begun: Instant::now(),
            asked: Arc::default(),
            script: Arc::new(script),
        }
    }

    /// A client of its own layers only: none that repeats or stores.
    pub(super) fn client(&self) -> ToyotaClient<impl HttpService + use<>> {
        ToyotaClient::new(self.service(), &Config::new())
            .by_clock(self.clock())
            .for_user(UserId::from(secrecy::SecretString::from("user-1")))
    }

    pub(super) fn clock(&self) -> Clock {
        let begun = self.begun;
        Clock::from_fn(move || {
            let passed = SignedDuration::try_from(begun.elapsed()).unwrap();
            at(0) + passed
        })
    }

    pub(super) fn service(&self) -> impl HttpService<Error = BoxError> + use<> {
        let scene = self.clone();
        service_fn(move |request: Request<Body>| {
            let scene = scene.clone();
            async move { scene.answer(request).await }
        })
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How often it was asked for this.
    pub(super) fn count(&self, what: &str) -> usize {
        self.times(what).len()
    }

    /// When it was asked for this.
    pub(super) fn times(&self, what: &str) -> Vec<u64> {
        let asked = self.asked().into_iter();
        asked.filter(|it| it.what == what).map(|it| it.at).collect()
    }

    async fn answer(&self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let (head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let what = format!("{} {}", head.method, head.uri.path());
        let at = self.begun.elapsed().as_secs();
        self.asked.lock().unwrap().push(Asked {
            what: what.clone(),
            headers: head.headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
            at,
        });
        match (self.script)(&what, at) {
            Answer::Is(status, body) => {
                let answer = Response::builder().status(status);
                Ok(answer.body(Body::from(body))?)
            }
            Answer::Never => std::future::pending().await,
            Answer::Broken => Err("connection reset".into()),
        }
    }
}

/// So many seconds after the beginning.
pub(super) fn at(seconds: i64) -> Timestamp {
    let beginning: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
    beginning + SignedDuration::from_secs(seconds)
}

pub(super) fn vin() -> Vin {
    Vin::new("JTSIM00000PET0001").unwrap()
}
