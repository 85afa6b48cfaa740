//! A service that answers as a test tells it to, and remembers what it was asked.

use std::any::Any;
use std::collections::VecDeque;
use std::future::pending;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_client_call::{CallRecord, PeekedBody, RepeatBody, StopReason};
use tower_client_retry::{
    Backoff, Jitter, Policy, Retry, RetryError, RetryLayer, RetryLayerBuilder,
};

pub(crate) use crate::frames::{Fate, Frames, Then};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MILLISECOND: Duration = Duration::from_millis(1);
pub(crate) const URI: &str = "https://api.example/v1/trips?since=yesterday";

pub(crate) type Answer = Result<Response<PeekedBody<Frames>>, RetryError>;

/// The service: steps for the attempts, and how it becomes ready for each.
#[derive(Clone)]
pub(crate) struct Script {
    state: Arc<Mutex<State>>,
    getting_ready: Option<Arc<Mutex<Pin<Box<Sleep>>>>>,
}

struct State {
    steps: VecDeque<Step>,
    readiness: Vec<(usize, Readiness)>,
    seen: Vec<Seen>,
    /// Bodies of requests that are still being sent, as far as anybody knows.
    bodies: Vec<Box<dyn Any + Send>>,
    started: Instant,
}

/// What came in.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) request: Request<()>,
    /// As much of the body as was read.
    pub(crate) body: Bytes,
    pub(crate) at: Duration,
}

#[derive(Clone, Copy)]
pub(crate) enum Readiness {
    Never,
    Fails,
    /// At this time since the script began.
    Until(Duration),
}

/// What comes of one attempt.
pub(crate) struct Step {
    after: Duration,
    reads: usize,
    keeps_body: bool,
    outcome: Outcome,
}

enum Outcome {
    Answer(Response<Frames>),
    Failure(BoxError),
    Nothing,
}

pub(crate) fn answer(status: u16) -> Step {
    Step::new(Outcome::Answer(
        Response::builder()
            .status(status)
            .body(Frames::of([]))
            .unwrap(),
    ))
}

pub(crate) fn failure(error: impl Into<BoxError>) -> Step {
    Step::new(Outcome::Failure(error.into()))
}

/// The connection breaks after the request was sent.
pub(crate) fn reset() -> Step {
    failure(io::Error::from(io::ErrorKind::ConnectionReset))
}

/// No connection comes up.
pub(crate) fn refused() -> Step {
    failure(io::Error::from(io::ErrorKind::ConnectionRefused))
}

pub(crate) fn no_answer() -> Step {
    Step::new(Outcome::Nothing)
}

impl Step {
    fn new(outcome: Outcome) -> Self {
        Self {
            after: Duration::ZERO,
            reads: usize::MAX,
            keeps_body: false,
            outcome,
        }
    }

    pub(crate) fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }

    /// Reads only so many frames of the request's body.
    pub(crate) fn reading(self, reads: usize) -> Self {
        Self { reads, ..self }
    }

    /// Does not let go of the request's body when it is done.
    pub(crate) fn keeping_body(self) -> Self {
        let keeps_body = true;
        Self { keeps_body, ..self }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Outcome::Answer(response) = &mut self.outcome {
            let name = HeaderName::from_static(name);
            let value = HeaderValue::from_str(value).unwrap();
            response.headers_mut().append(name, value);
        }
        self
    }

    pub(crate) fn body(mut self, body: Frames) -> Self {
        if let Outcome::Answer(response) = &mut self.outcome {
            *response.body_mut() = body;
        }
        self
    }

    pub(crate) fn text(self, text: &'static str) -> Self {
        self.body(Frames::of([text]))
    }
}

impl Script {
    pub(crate) fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        let state = State {
            steps: steps.into_iter().collect(),
            readiness: Vec::new(),
            seen: Vec::new(),
            bodies: Vec::new(),
            started: Instant::now(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            getting_ready: None,
        }
    }

    /// Becomes ready in this way for an attempt, by its number from 1.
    pub(crate) fn readiness(self, attempt: usize, readiness: Readiness) -> Self {
        let mut state = self.state.lock().unwrap();
        state.readiness.push((attempt, readiness));
        drop(state);
        self
    }

    pub(crate) fn add(&self, step: Step) {
        self.state.lock().unwrap().steps.push_back(step);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.lock().unwrap().seen.clone()
    }

    /// When the attempts were made, since the script began.
    pub(crate) fn times(&self) -> Vec<Duration> {
        self.seen().into_iter().map(|seen| seen.at).collect()
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.state.lock().unwrap().started.elapsed()
    }

    fn next_readiness(&self) -> Option<Readiness> {
        let state = self.state.lock().unwrap();
        let next = state.seen.len() + 1;
        let mut readiness = state.readiness.iter();
        readiness
            .find(|(attempt, _)| *attempt == next)
            .map(|(_, how)| *how)
    }
}

impl<B> Service<Request<B>> for Script
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError> + Send,
{
    type Response = Response<Frames>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Frames>, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self.next_readiness() {
            None => Poll::Ready(Ok(())),
            Some(Readiness::Never) => Poll::Pending,
            Some(Readiness::Fails) => Poll::Ready(Err("the pool is closed".into())),
            Some(Readiness::Until(time)) => {
                let until = self.state.lock().unwrap().started + time;
                let new = || Arc::new(Mutex::new(Box::pin(sleep_until(until))));
                let sleep = self.getting_ready.get_or_insert_with(new);
                sleep.lock().unwrap().as_mut().poll(cx).map(Ok)
            }
        }
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (head, mut body) = request.into_parts();
        let mut state = self.state.lock().unwrap();
        let step = state.steps.pop_front().expect("an attempt too many");
        let number = state.seen.len();
        let at = state.started.elapsed();
        state.seen.push(Seen {
            request: Request::from_parts(head, ()),
            body: Bytes::new(),
            at,
        });
        drop(state);
        let state = Arc::clone(&self.state);
        Box::pin(async move {
            let mut read = Vec::new();
            for _ in 0..step.reads {
                match body.frame().await {
                    Some(frame) => read.extend(frame.map_err(Into::into)?.into_data().unwrap()),
                    None => break,
                }
                state.lock().unwrap().seen[number].body = Bytes::from(read.clone());
            }
            if step.keeps_body {
                state.lock().unwrap().bodies.push(Box::new(body));
            }
            sleep(step.after).await;
            match step.outcome {
                Outcome::Answer(response) => Ok(response),
                Outcome::Failure(error) => Err(error),
                Outcome::Nothing => pending().await,
            }
        })
    }
}

/// A layer whose backoff is 1 s, 2 s, 4 s.
pub(crate) fn steady() -> RetryLayerBuilder {
    RetryLayer::builder().backoff(Backoff {
        jitter: Jitter::None,
        ..Backoff::default()
    })
}

/// A request for something, with an empty body.
pub(crate) fn get() -> Request<Full<Bytes>> {
    Request::get(URI).body(Full::default()).unwrap()
}

pub(crate) fn post() -> Request<Full<Bytes>> {
    let body = Full::new(Bytes::from("order"));
    Request::post(URI).body(body).unwrap()
}

/// Makes one call by a layer with these settings.
pub(crate) async fn call<P, B>(
    builder: RetryLayerBuilder<P>,
    script: &Script,
    request: Request<B>,
) -> Answer
where
    P: Policy,
    B: RepeatBody<Data = Bytes, Error: Into<BoxError> + Send> + Send + Unpin + 'static,
{
    over(builder, script).oneshot(request).await
}

pub(crate) fn over<P>(builder: RetryLayerBuilder<P>, script: &Script) -> Retry<Script, P> {
    builder.build().unwrap().layer(script.clone())
}

/// Somebody wants to know what happens to this request.
pub(crate) fn recorded<B>(mut request: Request<B>) -> (Request<B>, CallRecord) {
    let record = CallRecord::find_or_insert(request.extensions_mut());
    (request, record)
}

/// Reads a response's body to its end.
pub(crate) async fn text(response: Response<PeekedBody<Frames>>) -> Bytes {
    response.into_body().collect().await.unwrap().to_bytes()
}

/// Why there was no further attempt; `None` for what succeeded at first.
pub(crate) fn stop_of(answer: &Answer) -> Option<StopReason> {
    match answer {
        Ok(response) => response.extensions().get().copied(),
        Err(error) => Some(error.stop()),
    }
}

pub(crate) fn status_of(answer: &Answer) -> Option<u16> {
    let response = answer.as_ref().ok()?;
    Some(response.status().as_u16())
}
