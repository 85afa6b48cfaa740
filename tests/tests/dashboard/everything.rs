//! Calls to which everything happens that is measured.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, Full, Limited};
use tokio::time::timeout;
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
use tower_client_call::{CacheOutcome, CallRecord, Operation, RetryReason, StopReason};
use tower_client_error::Kind;
use tower_client_metrics::{CallRecorder, MetricsLayer, Prefix, Registry};

const SECOND: Duration = Duration::from_secs(1);
const TRIP: Operation = Operation::new("trip", "/v1/trips/{id}");

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    /// It is answered, and the body is read to its end.
    Answered(u16),
    /// It is answered, and the body is dropped.
    Left,
    /// It is answered, and the body breaks off.
    Broken,
    /// It fails.
    Failed(io::ErrorKind),
    /// It is never answered, and the caller leaves.
    Cancelled,
}

const FATES: [Fate; 6] = [
    Fate::Answered(204),
    Fate::Answered(404),
    Fate::Answered(503),
    Fate::Left,
    Fate::Broken,
    Fate::Cancelled,
];

/// Failures of every sort that is told apart.
const FAILURES: [io::ErrorKind; 4] = [
    io::ErrorKind::TimedOut,
    io::ErrorKind::ConnectionRefused,
    io::ErrorKind::ConnectionReset,
    io::ErrorKind::Other,
];

const METHODS: [&str; 11] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY", "BREW",
];

const VERSIONS: [Version; 5] = [
    Version::HTTP_09,
    Version::HTTP_10,
    Version::HTTP_11,
    Version::HTTP_2,
    Version::HTTP_3,
];

type Call = Request<Full<Bytes>>;
/// A body that breaks off is one that is longer than it may be.
type Content = Limited<Full<Bytes>>;

/// Returns a registry that has every metric with every label, its calls under this prefix.
pub(crate) async fn measured(prefix: Prefix) -> Registry {
    let registry = Registry::new();
    let calls = CallRecorder::builder(registry.clone()).prefix(prefix);
    let service = ServiceBuilder::new()
        .layer(MetricsLayer::new(calls.build()))
        .layer(MetricsLayer::attempt(registry.clone()))
        .service(service_fn(play));
    for fate in FATES.into_iter().chain(FAILURES.map(Fate::Failed)) {
        call(service.clone(), trip(), fate).await;
    }
    for record in records() {
        let mut request = trip();
        request.extensions_mut().insert(record);
        call(service.clone(), request, Fate::Failed(io::ErrorKind::Other)).await;
    }
    let others = METHODS.map(coffee).into_iter();
    for request in others.chain(VERSIONS.map(answered_by)) {
        call(service.clone(), request, Fate::Answered(418)).await;
    }
    registry
}

fn trip() -> Call {
    let request = Request::put("https://api.example/v1/trips/7").extension(TRIP);
    request.body("to=home".into()).unwrap()
}

/// A request of no operation.
fn coffee(method: &str) -> Call {
    let request = Request::builder().method(method).uri("/coffee");
    request.body(Full::default()).unwrap()
}

/// A request that is answered by the same version of HTTP.
fn answered_by(version: Version) -> Call {
    let mut request = trip();
    *request.version_mut() = version;
    request
}

/// What layers can have noted, one thing in each record where the words of a label differ.
fn records() -> Vec<CallRecord> {
    let mut records = vec![noted(|record| {
        record.count_replay();
        record.count_token_fetch();
        record.add_backoff(SECOND);
        record.add_credential_wait(SECOND);
    })];
    let statuses = (400..600).map(|status| StatusCode::from_u16(status).unwrap());
    let failures = FAILURES.map(io::Error::from);
    for status in statuses {
        records.push(failed(
            RetryReason::of_status(status),
            Kind::of_status(status),
        ));
    }
    for error in &failures {
        records.push(failed(
            RetryReason::of_error(error),
            Kind::of_failure(error),
        ));
    }
    records.extend(
        StopReason::ALL
            .iter()
            .map(|&reason| noted(|record| record.set_stop(reason))),
    );
    records.extend(
        CacheOutcome::ALL
            .iter()
            .map(|&outcome| noted(|record| record.set_cache(outcome))),
    );
    records
}

/// A call that failed, was attempted again, and failed again.
fn failed(reason: RetryReason, kind: Kind) -> CallRecord {
    noted(|record| {
        record.count_retry(reason);
        record.set_error_kind(kind.label());
    })
}

fn noted(note: impl FnOnce(&CallRecord)) -> CallRecord {
    let record = CallRecord::new();
    note(&record);
    record
}

async fn call<S, B>(service: S, mut request: Call, fate: Fate)
where
    S: Service<Call, Response = Response<B>, Error = io::Error>,
    B: http_body::Body,
{
    request.extensions_mut().insert(fate);
    let outcome = timeout(SECOND, service.oneshot(request)).await;
    match outcome {
        Ok(Ok(response)) if fate != Fate::Left => drop(response.into_body().collect().await),
        Ok(Ok(_) | Err(_)) | Err(_) => {}
    }
}

/// Does what is written in the request.
async fn play(request: Call) -> io::Result<Response<Content>> {
    let fate = request.extensions().get().copied().unwrap();
    let (status, most) = match fate {
        Fate::Answered(status) => (status, usize::MAX),
        Fate::Left => (200, usize::MAX),
        Fate::Broken => (200, 0),
        Fate::Failed(kind) => return Err(kind.into()),
        Fate::Cancelled => std::future::pending().await,
    };
    let body = Limited::new(Full::from("a trip"), most);
    let response = Response::builder().version(request.version());
    Ok(response.status(status).body(body).unwrap())
}
