//! An API that refuses the tokens it is told to refuse, and remembers what it was sent.

use std::collections::{HashSet, VecDeque};
use std::future::pending;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use http_body::Body;
use http_body_util::BodyExt;
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use tower::{BoxError, Service};

use super::Frames;

/// The API: replies to the first requests, then 401 for what is revoked or closed, 200 else.
pub(crate) struct Api {
    state: Arc<Mutex<State>>,
    getting_ready: Option<Pin<Box<Sleep>>>,
    ready: bool,
}

struct State {
    replies: VecDeque<Reply>,
    revoked: HashSet<&'static str>,
    closed: Option<&'static str>,
    readiness: Vec<(usize, Readiness)>,
    seen: Vec<Seen>,
    started: Instant,
}

/// What came in.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) request: Request<()>,
    pub(crate) body: Bytes,
    pub(crate) at: Duration,
}

impl Seen {
    /// The bearer token.
    pub(crate) fn token(&self) -> Option<&str> {
        let header = self.request.headers().get("authorization")?;
        header.to_str().unwrap().strip_prefix("Bearer ")
    }
}

#[derive(Clone, Copy)]
pub(crate) enum Readiness {
    Never,
    Fails,
    /// At this time since the script began.
    Until(Duration),
}

/// What comes of one request.
pub(crate) struct Reply {
    after: Duration,
    outcome: Option<Result<Response<Frames>, BoxError>>,
}

pub(crate) fn answer(status: u16) -> Reply {
    let body = Frames::of([]);
    let response = Response::builder().status(status).body(body).unwrap();
    Reply {
        after: Duration::ZERO,
        outcome: Some(Ok(response)),
    }
}

pub(crate) fn no_answer() -> Reply {
    Reply {
        after: Duration::ZERO,
        outcome: None,
    }
}

impl Reply {
    /// The connection breaks after the request was sent.
    pub(crate) fn reset() -> Self {
        let error = io::Error::from(io::ErrorKind::ConnectionReset);
        Self {
            after: Duration::ZERO,
            outcome: Some(Err(error.into())),
        }
    }

    pub(crate) fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Some(Ok(response)) = &mut self.outcome {
            let name = HeaderName::from_static(name);
            let value = HeaderValue::from_str(value).unwrap();
            response.headers_mut().append(name, value);
        }
        self
    }

    pub(crate) fn body(mut self, body: Frames) -> Self {
        if let Some(Ok(response)) = &mut self.outcome {
            *response.body_mut() = body;
        }
        self
    }

    pub(crate) fn text(self, text: &'static str) -> Self {
        self.body(Frames::of([text]))
    }
}

impl Api {
    pub(crate) fn new() -> Self {
        Self::of([])
    }

    pub(crate) fn of(replies: impl IntoIterator<Item = Reply>) -> Self {
        let state = State {
            replies: replies.into_iter().collect(),
            revoked: HashSet::new(),
            closed: None,
            readiness: Vec::new(),
            seen: Vec::new(),
            started: Instant::now(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            getting_ready: None,
            ready: false,
        }
    }

    /// Becomes ready in this way for a request, by its number from 1.
    pub(crate) fn readiness(self, request: usize, readiness: Readiness) -> Self {
        let mut state = self.state.lock().unwrap();
        state.readiness.push((request, readiness));
        drop(state);
        self
    }

    /// Refuses this token from now on.
    pub(crate) fn revoke(&self, token: &'static str) {
        self.state.lock().unwrap().revoked.insert(token);
    }

    /// Refuses every token at this path.
    pub(crate) fn close(&self, path: &'static str) {
        self.state.lock().unwrap().closed = Some(path);
    }

    /// Refuses no path any more.
    pub(crate) fn open(&self) {
        self.state.lock().unwrap().closed = None;
    }

    pub(crate) fn add(&self, reply: Reply) {
        self.state.lock().unwrap().replies.push_back(reply);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.lock().unwrap().seen.clone()
    }

    /// With which tokens it was asked.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let seen = self.seen();
        let tokens = seen.iter().map(|seen| seen.token().unwrap_or("none"));
        tokens.map(ToOwned::to_owned).collect()
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.state.lock().unwrap().started.elapsed()
    }

    fn next_readiness(&self) -> Option<Readiness> {
        let state = self.state.lock().unwrap();
        let next = state.seen.len() + 1;
        let mut readiness = state.readiness.iter();
        readiness
            .find(|(request, _)| *request == next)
            .map(|(_, how)| *how)
    }
}

impl State {
    fn reply(&mut self, seen: &Seen) -> Reply {
        if let Some(reply) = self.replies.pop_front() {
            return reply;
        }
        let revoked = seen.token().is_some_and(|it| self.revoked.contains(it));
        let closed = self.closed == Some(seen.request.uri().path());
        answer(if revoked || closed { 401 } else { 200 })
    }
}

impl Clone for Api {
    /// A clone has to become ready by itself.
    fn clone(&self) -> Self {
        Self {
            state: Arc::clone(&self.state),
            getting_ready: None,
            ready: false,
        }
    }
}

impl<B> Service<Request<B>> for Api
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<Frames>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Frames>, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self.next_readiness() {
            None => {}
            Some(Readiness::Never) => return Poll::Pending,
            Some(Readiness::Fails) => return Poll::Ready(Err("the pool is closed".into())),
            Some(Readiness::Until(time)) => {
                let until = self.state.lock().unwrap().started + time;
                let new = || Box::pin(sleep_until(until));
                let sleep = self.getting_ready.get_or_insert_with(new);
                std::task::ready!(sleep.as_mut().poll(cx));
            }
        }
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        assert!(self.ready, "called without being ready");
        self.ready = false;
        let (head, body) = request.into_parts();
        let state = Arc::clone(&self.state);
        let mut seen = Seen {
            request: Request::from_parts(head, ()),
            body: Bytes::new(),
            at: self.elapsed(),
        };
        // Requests are told in the order in which they were sent.
        let (number, reply) = {
            let mut state = state.lock().unwrap();
            let reply = state.reply(&seen);
            state.seen.push(seen.clone());
            (state.seen.len() - 1, reply)
        };
        Box::pin(async move {
            let collected = body.collect().await.map_err(Into::into)?;
            seen.body = collected.to_bytes();
            state.lock().unwrap().seen[number] = seen;
            sleep(reply.after).await;
            match reply.outcome {
                Some(outcome) => outcome,
                None => pending().await,
            }
        })
    }
}
