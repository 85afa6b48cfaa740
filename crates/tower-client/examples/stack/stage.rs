//! One call after the other, and what came of each.

use std::io::{self, Write};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use tower::{BoxError, ServiceExt};
use tower_client::call::{CacheOutcome, CallRecord, CallSnapshot, Deadline, Operation, StopReason};
use tower_client::error::ApiError;

use crate::client::{Body, Client};

const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST_ANSWER: usize = 1024 * 1024;

/// A client, whom it calls, and where that is told.
#[derive(Debug)]
pub(crate) struct Stage<'a, W> {
    origin: &'a str,
    client: Client,
    out: &'a mut W,
}

impl<'a, W: Write> Stage<'a, W> {
    /// Creates it.
    pub(crate) fn new(origin: &'a str, client: Client, out: &'a mut W) -> Self {
        Self {
            origin,
            client,
            out,
        }
    }

    /// Returns a request for what is at a path.
    pub(crate) fn get(&self, path: &str) -> http::Result<Request<Full<Bytes>>> {
        let uri = format!("{}{path}", self.origin);
        Request::get(uri).body(Full::default())
    }

    /// Returns a request for a new trip, which is an order each time unless it has a key.
    pub(crate) fn order(&self, key: Option<&str>) -> http::Result<Request<Full<Bytes>>> {
        let mut request = Request::post(format!("{}/v1/trips", self.origin));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        request.body(Full::from(r#"{"from": "Kiel", "to": "Rome"}"#))
    }

    /// Announces a call.
    pub(crate) fn say(&mut self, heading: &str) -> io::Result<()> {
        writeln!(self.out, "{heading}")
    }

    /// Makes a call, and tells what came of it and what it took.
    pub(crate) async fn call(
        &mut self,
        operation: Operation,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(), BoxError> {
        let record = CallRecord::new();
        let facts = request.extensions_mut();
        facts.insert(operation);
        facts.insert(Deadline::within(PATIENCE));
        facts.insert(record.clone());
        let target = format!("{} {}", request.method(), request.uri().path());

        let outcome = match self.client.clone().oneshot(request).await {
            Ok(response) => read(response).await?,
            Err(error) => explain(&error),
        };

        writeln!(self.out, "  {target}: {outcome}")?;
        writeln!(self.out, "  {}\n", told(&record.snapshot()))?;
        Ok(())
    }
}

async fn read(response: Response<Body>) -> Result<String, BoxError> {
    let status = response.status();
    let body = Limited::new(response.into_body(), LONGEST_ANSWER);
    let body = body.collect().await?.to_bytes();
    Ok(format!("{status}, {}", String::from_utf8_lossy(&body)))
}

fn explain(error: &ApiError) -> String {
    let code = error.code();
    let problem = error.detail().and_then(|problem| problem.detail.as_deref());
    match problem {
        Some(detail) => format!("{code}, {error}: {detail}"),
        None => format!("{code}, {error}"),
    }
}

/// Says what the layers did for a call.
fn told(call: &CallSnapshot) -> String {
    format!(
        "attempts {}, sent {}, replays {}, tokens {}, waited {} ms, cache {}, end {}",
        call.attempts,
        call.sends,
        call.replays,
        call.token_fetches,
        call.backoff.as_millis(),
        call.cache.map_or("none", CacheOutcome::as_str),
        call.stop.map_or("none", StopReason::as_str),
    )
}
