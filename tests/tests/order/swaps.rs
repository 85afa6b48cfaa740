//! What is lost, and what still holds, when two layers stand the other way round.
//!
//! `docs/layer-order.md` names each test here, and no others.

mod auth_sends;
mod cache_retry;
mod cache_within;
mod calls_errors;
mod errors_cache;
mod errors_within;
mod metrics_moved;
mod retry_auth;
mod towers_own;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use http::{Request, Response};
use tower::BoxError;
use tower_client_auth::{AuthLayer, Credential, Origins, TokenError, source_fn};
use tower_client_cache::{CacheLayer, MemoryStore};
use tower_client_call::{CacheOutcome, Operation, causes};
use tower_client_error::{ApiError, ErrorLayer};
use tower_client_metrics::{MetricsLayer, Registry};
use tower_client_retry::{Backoff, Jitter, RetryLayer, RetryLayerBuilder};
use toyota_client::Body;

use crate::stack::{End, Over, over};

/// Two layers, one way round or the other.
#[derive(Clone, Copy, Debug)]
enum Order {
    Recommended,
    Swapped,
}

impl Order {
    /// Puts two layers over a service, of which the first is meant to be outside.
    fn of(self, outer: Over, inner: Over) -> Over {
        Box::new(move |below| match self {
            Self::Recommended => outer(inner(below)),
            Self::Swapped => inner(outer(below)),
        })
    }
}

use Order::{Recommended, Swapped};

/// How long a token of [`Tokens`] lives.
const LIFETIME: Duration = Duration::from_secs(20);

fn request() -> Request<Body> {
    let mut request = Request::get("https://api.example/cars")
        .body(Body::empty())
        .unwrap();
    let facts = request.extensions_mut();
    facts.insert(Operation::new("cars", "/cars"));
    request
}

fn calls(registry: &Registry) -> Over {
    over(MetricsLayer::call(registry.clone()))
}

fn errors() -> Over {
    over(ErrorLayer::default())
}

fn cache() -> Over {
    over(CacheLayer::new(MemoryStore::new()))
}

fn retry() -> Over {
    over(quick().build().unwrap())
}

/// Three attempts, a second between them.
fn quick() -> RetryLayerBuilder {
    RetryLayer::builder().backoff(Backoff {
        factor: 1.0,
        jitter: Jitter::None,
        ..Backoff::default()
    })
}

fn sends(registry: &Registry) -> Over {
    over(MetricsLayer::attempt(registry.clone()))
}

/// A source of `t1`, `t2`, … each of which lives for [`LIFETIME`].
#[derive(Clone)]
struct Tokens {
    fetches: Arc<AtomicU32>,
    fails: fn(u32) -> bool,
    takes: Duration,
}

impl Tokens {
    fn new() -> Self {
        Self {
            fetches: Arc::default(),
            fails: |_| false,
            takes: Duration::ZERO,
        }
    }

    /// Fails at the fetches of these numbers, in a way that may pass.
    fn failing(self, fails: fn(u32) -> bool) -> Self {
        Self { fails, ..self }
    }

    /// Takes so long for each.
    fn taking(self, takes: Duration) -> Self {
        Self { takes, ..self }
    }

    fn fetches(&self) -> u32 {
        self.fetches.load(Relaxed)
    }

    fn auth(&self) -> Over {
        let tokens = self.clone();
        let source = source_fn(move |_, _| {
            let tokens = tokens.clone();
            async move { tokens.fetch().await }
        });
        let origins = Origins::new(["https://api.example"]).unwrap();
        over(AuthLayer::new(source, origins))
    }

    async fn fetch(&self) -> Result<Credential, TokenError> {
        let number = self.fetches.fetch_add(1, Relaxed) + 1;
        tokio::time::sleep(self.takes).await;
        if (self.fails)(number) {
            return Err(TokenError::transient("the login host is down"));
        }
        Ok(Credential::new(format!("t{number}")).expires_in(LIFETIME))
    }
}

/// The status of what came, also of what has become an error.
fn status(end: &End) -> u16 {
    match end {
        Ok(answer) => answer.status().as_u16(),
        Err(error) => typed(error)
            .and_then(ApiError::status)
            .map_or(0, |status| status.as_u16()),
    }
}

/// The typed error, wherever it is on the source chain.
fn typed(error: &BoxError) -> Option<&ApiError> {
    causes(&**error).find_map(|cause| cause.downcast_ref())
}

fn outcome<B>(response: &Response<B>) -> Option<CacheOutcome> {
    response.extensions().get().copied()
}

/// The sum of a counter's series, or the number of values of a histogram.
fn counted(registry: &Registry, name: &str) -> u64 {
    let told = registry.snapshot();
    let counters = told.counters.iter().filter(|sample| sample.name == name);
    let histograms = told.histograms.iter().filter(|sample| sample.name == name);
    counters
        .map(|sample| sample.value)
        .chain(histograms.map(|sample| sample.value.count))
        .sum()
}

/// The time that a histogram's values come to.
fn measured(registry: &Registry, name: &str) -> Duration {
    let told = registry.snapshot();
    let histograms = told.histograms.iter().filter(|sample| sample.name == name);
    let seconds: f64 = histograms.map(|sample| sample.value.sum).sum();
    Duration::from_secs_f64(seconds)
}

/// The values of a label of a metric, once each.
fn values(registry: &Registry, name: &str, label: &str) -> Vec<String> {
    let told = registry.snapshot();
    let counters = told
        .counters
        .iter()
        .map(|sample| (&sample.name, &sample.labels));
    let histograms = told
        .histograms
        .iter()
        .map(|sample| (&sample.name, &sample.labels));
    let mut values: Vec<_> = counters
        .chain(histograms)
        .filter(|(its, _)| *its == name)
        .filter_map(|(_, labels)| labels.get(label).cloned())
        .collect();
    values.sort();
    values.dedup();
    values
}
