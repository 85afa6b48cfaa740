//! All that is known of a case while it runs: its chance, and the log of its calls and attempts.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::{HeaderMap, Method, Request, Uri};
use http_body::Body;
use tokio::time::Instant;
use tower_client_call::Attempt;

use crate::act::Act;

pub(crate) const REQUEST_ID: &str = "x-request-id";

/// All that is known of a case while it runs.
pub(crate) struct Model {
    start: Instant,
    state: Mutex<State>,
}

pub(crate) struct State {
    pub(crate) random: Rng,
    logs: Vec<Log>,
    /// The idempotency keys whose effect there was.
    keys: HashSet<Bytes>,
    /// How often a service was called that was not ready.
    pub(crate) misused: u32,
    /// How many handles are ready, and wait to be used.
    readied: usize,
}

/// What happened to one call, as seen from below the layer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    pub(crate) sends: Vec<Sent>,
    pub(crate) effects: u32,
    /// When the policy was last asked.
    pub(crate) decided: Option<Duration>,
    pub(crate) in_flight: usize,
    /// What was still in flight at the moment when the call was over, before it was dropped.
    pub(crate) in_flight_at_end: usize,
}

/// One attempt.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// When the policy decided upon the attempt before.
    pub(crate) decided: Option<Duration>,
    /// When the layer first asked whether the service was ready for it.
    pub(crate) asked: Option<Duration>,
    pub(crate) at: Duration,
    /// `None` if it never got to the server.
    pub(crate) received: Option<Received>,
    /// When the layer was told what came of it.
    pub(crate) told: Option<Duration>,
    /// How much of the answer's body was read, and whether that was all.
    pub(crate) reply_read: usize,
    pub(crate) reply_ended: bool,
}

/// What the server saw of a request, and what it did.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) act: Act,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) attempt: u32,
    pub(crate) announced: Option<u64>,
    pub(crate) seemed_empty: bool,
    pub(crate) body: Vec<u8>,
    pub(crate) whole: bool,
}

impl Received {
    pub(crate) fn of<B: Body>(request: &Request<B>, act: Act) -> Self {
        Self {
            act,
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            attempt: Attempt::of(request).number(),
            announced: request.body().size_hint().exact(),
            seemed_empty: request.body().is_end_stream(),
            body: Vec::new(),
            whole: false,
        }
    }
}

impl Model {
    pub(crate) fn new(seed: u64, calls: usize) -> Arc<Self> {
        Arc::new(Self {
            start: Instant::now(),
            state: Mutex::new(State {
                random: Rng::with_seed(seed),
                logs: vec![Log::default(); calls],
                keys: HashSet::new(),
                misused: 0,
                readied: 0,
            }),
        })
    }

    pub(crate) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    pub(crate) fn since_start(&self, instant: Instant) -> Duration {
        instant - self.start
    }

    /// Changes the log of one call.
    pub(crate) fn change<T>(&self, id: usize, change: impl FnOnce(&mut Log) -> T) -> T {
        change(&mut self.lock().logs[id])
    }

    pub(crate) fn logs(&self) -> Vec<Log> {
        self.lock().logs.clone()
    }

    pub(crate) fn misused(&self) -> u32 {
        self.lock().misused
    }

    pub(crate) fn readied(&self) -> usize {
        self.lock().readied
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn act(&self, id: usize, key: Option<&Bytes>) {
        let mut state = self.lock();
        if key.is_none_or(|key| state.keys.insert(key.clone())) {
            state.logs[id].effects += 1;
        }
    }
}

pub(crate) fn id_of(headers: &HeaderMap) -> usize {
    headers[REQUEST_ID].to_str().unwrap().parse().unwrap()
}

/// Where one attempt is written down.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) model: Arc<Model>,
    pub(crate) id: usize,
    pub(crate) attempt: usize,
}

impl Place {
    pub(crate) fn change(&self, change: impl FnOnce(&mut Sent)) {
        self.model
            .change(self.id, |log| change(&mut log.sends[self.attempt]));
    }

    pub(crate) fn tell(&self) {
        let now = self.model.now();
        self.change(|sent| sent.told = Some(now));
    }

    pub(crate) fn received(&self, change: impl FnOnce(&mut Received)) {
        self.change(|sent| change(sent.received.as_mut().unwrap()));
    }
}

/// Counts as in flight as long as it lives.
pub(crate) struct InFlight {
    model: Arc<Model>,
    id: usize,
}

impl InFlight {
    pub(crate) fn new(model: &Arc<Model>, id: usize) -> Self {
        model.change(id, |log| log.in_flight += 1);
        let model = Arc::clone(model);
        Self { model, id }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.model.change(self.id, |log| log.in_flight -= 1);
    }
}

/// Counts as ready as long as it lives.
pub(crate) struct Readied(Arc<Model>);

impl Readied {
    pub(crate) fn new(model: &Arc<Model>) -> Self {
        model.lock().readied += 1;
        Self(Arc::clone(model))
    }
}

impl Drop for Readied {
    fn drop(&mut self) {
        self.0.lock().readied -= 1;
    }
}
