//! What the layer tells of its retries.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_client_call::{Deadline, Operation};
use tower_client_retry::{Backoff, Jitter, RetryLayer};
use tracing::level_filters::LevelFilter;

#[tokio::test(start_paused = true)]
async fn every_retry_is_one_event_that_shows_no_secret() {
    let written = events_of([503, 504, 200]).await;

    let retries: Vec<_> = lines_with(&written, "repeating a call");
    assert_eq!(retries.len(), 2, "{written}");
    for (retry, parts) in retries.iter().zip([
        [
            "attempt=1",
            "delay=1s",
            "reason=\"server_error\"",
            "operation=\"trips\"",
        ],
        [
            "attempt=2",
            "delay=2s",
            "reason=\"timeout\"",
            "operation=\"trips\"",
        ],
    ]) {
        for part in parts {
            assert!(retry.contains(part), "{part}: {retry}");
        }
    }
    assert_eq!(written.lines().count(), 2, "{written}");
    assert_no_secret(&written);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_succeeds_at_first_is_no_event() {
    assert_eq!(events_of([200]).await, "");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_says_why_once() {
    let written = events_of([503, 503, 503]).await;

    assert_eq!(
        lines_with(&written, "repeating a call").len(),
        2,
        "{written}"
    );
    let ends = lines_with(&written, "giving up");
    assert_eq!(ends.len(), 1, "{written}");
    for part in [
        "attempt=3",
        "reason=attempts used up",
        "operation=\"trips\"",
    ] {
        assert!(ends[0].contains(part), "{part}: {}", ends[0]);
    }
    assert_no_secret(&written);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_held_back_is_one_event() {
    let written = Written::default();
    let _guard = written.listen();
    let service = layer().layer(answering([429, 200]));
    let once = tower_client_call::Idempotency::Once;
    let mut rejected = request();
    rejected.extensions_mut().insert(once);
    drop(service.clone().oneshot(rejected).await);
    let before = written.text().lines().count();

    drop(service.oneshot(request()).await.unwrap());

    let written = written.text();
    let held = lines_with(&written, "holding back a call");
    assert_eq!(held.len(), 1, "{written}");
    for part in ["delay=1", "status=429", "operation=\"trips\""] {
        assert!(held[0].contains(part), "{part}: {}", held[0]);
    }
    assert_eq!(written.lines().count(), before + 1, "{written}");
    assert_no_secret(&written);
}

/// All that is written while a call gets these answers.
async fn events_of<const N: usize>(statuses: [u16; N]) -> String {
    let written = Written::default();
    let _guard = written.listen();
    let service = layer().layer(answering(statuses));
    drop(service.oneshot(request()).await);
    written.text()
}

type Answer = Result<Response<Full<Bytes>>, Infallible>;

fn answering<const N: usize>(
    statuses: [u16; N],
) -> impl Service<
    Request<Full<Bytes>>,
    Response = Response<Full<Bytes>>,
    Error = Infallible,
    Future = Ready<Answer>,
> + Clone {
    let statuses = Arc::new(Mutex::new(statuses.into_iter()));
    service_fn(move |_| {
        let status = statuses.lock().unwrap().next().unwrap();
        ready(Ok(answer(status)))
    })
}

fn layer() -> RetryLayer {
    let backoff = Backoff {
        jitter: Jitter::None,
        ..Backoff::default()
    };
    RetryLayer::builder().backoff(backoff).build().unwrap()
}

fn request() -> Request<Full<Bytes>> {
    Request::put("https://api.example/v1/trips?token=s3cret-query")
        .header("authorization", "s3cret-header")
        .extension(Operation::new("trips", "/v1/trips"))
        .extension(Deadline::within(Duration::from_secs(600)))
        .body(Full::new(Bytes::from("s3cret-body")))
        .unwrap()
}

fn answer(status: u16) -> Response<Full<Bytes>> {
    let mut response = Response::builder()
        .status(status)
        .header("set-cookie", "s3cret-cookie");
    if status == 429 {
        response = response.header("retry-after", "10");
    }
    response
        .body(Full::new(Bytes::from("s3cret-answer")))
        .unwrap()
}

fn lines_with<'a>(written: &'a str, part: &str) -> Vec<&'a str> {
    let lines = written.lines();
    lines.filter(|line| line.contains(part)).collect()
}

fn assert_no_secret(written: &str) {
    for secret in ["s3cret", "authorization", "set-cookie", "?"] {
        assert!(!written.contains(secret), "{secret}: {written}");
    }
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    /// Listens to everything, as long as the guard lives.
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
