//! The model server: chooses by chance what becomes of a delivery, and counts what it did.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::header::RETRY_AFTER;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use http_body::Body;
use http_body_util::BodyExt;
use tokio::time::{Instant, Sleep, sleep};
use tower::{BoxError, Service};
use tower_client_call::{Attempt, Delivery, Operation, ResponseError};

use crate::body::{Reply, ReplyBody, linger};

pub(crate) const REQUEST_ID: &str = "x-request-id";
/// The operation that may be repeated after a 429 or a 503 whatever it does: the server promises
/// to reject it before it acts.
pub(crate) const OPTED_IN: &str = "reserve";

const ROUND: u64 = 500;

pub(crate) type Answer =
    Pin<Box<dyn Future<Output = Result<Response<ReplyBody>, BoxError>> + Send>>;

/// All that is known of a case while it runs.
pub(crate) struct Model {
    start: Instant,
    state: Mutex<State>,
}

struct State {
    random: Rng,
    logs: Vec<Log>,
    /// The idempotency keys whose effect there was.
    keys: HashSet<Bytes>,
    /// How often a service was called that was not ready.
    misused: u32,
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

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Act {
    /// It is not sent, and the error says so.
    Refuse(Refusal),
    /// It fails when it may have been sent.
    Break { effect: bool, how: Breakage },
    Answer {
        status: u16,
        retry_after: Option<u64>,
        effect: bool,
        reply: Reply,
        /// A layer below makes an error of it.
        as_error: bool,
    },
    /// Nothing is ever heard.
    Hang { effect: bool },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Refusal {
    Said,
    Connection,
    /// It took too long to connect.
    Late,
    /// It would be refused again.
    Lasting,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Breakage {
    /// An error that says nothing.
    Silent,
    Said,
    Reset,
    Late,
    /// A refused connection of which somebody knows better.
    Overruled,
}

impl Act {
    fn choose(random: &mut Rng, opted_in: bool) -> Self {
        let effect = random.bool();
        match random.u32(..100) {
            0..15 => Self::Refuse(match random.u32(..8) {
                0..3 => Refusal::Said,
                3..6 => Refusal::Connection,
                6 => Refusal::Late,
                _ => Refusal::Lasting,
            }),
            15..30 => Self::Break {
                effect,
                how: match random.u32(..5) {
                    0 => Breakage::Silent,
                    1 => Breakage::Said,
                    2 => Breakage::Reset,
                    3 => Breakage::Late,
                    _ => Breakage::Overruled,
                },
            },
            30..36 => Self::Hang { effect },
            36..58 => Self::Answer {
                status: 200,
                retry_after: None,
                effect: true,
                reply: reply(random),
                as_error: false,
            },
            _ => {
                let statuses = [500, 502, 503, 503, 504, 408, 429, 404];
                let status = statuses[random.usize(..statuses.len())];
                let retry_after = random.bool().then(|| [0, 1, 2, 4, 9][random.usize(..5)]);
                let rejected = opted_in && matches!(status, 429 | 503) && retry_after.is_some();
                Self::Answer {
                    status,
                    retry_after,
                    effect: effect && !rejected,
                    reply: reply(random),
                    as_error: random.u32(..5) == 0,
                }
            }
        }
    }

    fn effect(self) -> bool {
        match self {
            Self::Refuse(_) => false,
            Self::Break { effect, .. } | Self::Answer { effect, .. } | Self::Hang { effect } => {
                effect
            }
        }
    }
}

fn reply(random: &mut Rng) -> Reply {
    match random.u32(..10) {
        0 => Reply::Slow,
        1 => Reply::Long,
        2 => Reply::Stuck,
        3 | 4 => Reply::Broken,
        _ => Reply::Whole,
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

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn act(&self, id: usize, key: Option<&Bytes>) {
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
    model: Arc<Model>,
    id: usize,
    attempt: usize,
}

impl Place {
    pub(crate) fn change(&self, change: impl FnOnce(&mut Sent)) {
        self.model
            .change(self.id, |log| change(&mut log.sends[self.attempt]));
    }
}

/// Counts as in flight as long as it lives.
pub(crate) struct InFlight {
    model: Arc<Model>,
    id: usize,
}

impl InFlight {
    fn new(model: &Arc<Model>, id: usize) -> Self {
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

/// The server, and the way to it.
pub(crate) struct Server {
    model: Arc<Model>,
    /// Gets ready in the end: a buffer has only one handle for all.
    gentle: bool,
    readiness: Readiness,
}

enum Readiness {
    NotAsked,
    Later(Pin<Box<Sleep>>),
    Never,
    Ready,
}

impl Server {
    pub(crate) fn new(model: &Arc<Model>, gentle: bool) -> Self {
        let model = Arc::clone(model);
        Self {
            model,
            gentle,
            readiness: Readiness::NotAsked,
        }
    }
}

impl Clone for Server {
    fn clone(&self) -> Self {
        Self::new(&self.model, self.gentle)
    }
}

impl<B> Service<Request<B>> for Server
where
    B: Body<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static,
{
    type Response = Response<ReplyBody>;
    type Error = BoxError;
    type Future = Answer;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        if let Readiness::NotAsked = self.readiness {
            let random = &mut self.model.lock().random;
            self.readiness = match random.u32(..100) {
                0..3 if !self.gentle => Readiness::Never,
                3..7 if !self.gentle => {
                    self.readiness = Readiness::Never;
                    return Poll::Ready(Err("no connection to be had".into()));
                }
                7..25 => Readiness::Later(Box::pin(sleep(millis(random, 3000)))),
                _ => Readiness::Ready,
            };
        }
        match &mut self.readiness {
            Readiness::Later(timer) => {
                ready!(timer.as_mut().poll(cx));
                self.readiness = Readiness::Ready;
                Poll::Ready(Ok(()))
            }
            Readiness::Ready => Poll::Ready(Ok(())),
            Readiness::Never | Readiness::NotAsked => Poll::Pending,
        }
    }

    fn call(&mut self, request: Request<B>) -> Answer {
        let ready = matches!(self.readiness, Readiness::Ready);
        self.readiness = Readiness::NotAsked;
        let id = id_of(request.headers());
        let operation = Operation::find(request.extensions()).map(Operation::name);
        let (act, times, frames) = {
            let mut state = self.model.lock();
            state.misused += u32::from(!ready);
            let random = &mut state.random;
            let act = Act::choose(random, operation == Some(OPTED_IN));
            let times = [400, 2500, 300].map(|most| pause(random, most));
            (act, times, random.usize(..40))
        };
        let attempt = usize::try_from(Attempt::of(&request).number()).unwrap();
        let place = Place {
            model: Arc::clone(&self.model),
            id,
            attempt: self
                .model
                .change(id, |log| attempt.min(log.sends.len()) - 1),
        };
        place.change(|sent| sent.received = Some(Received::of(&request, act)));
        let key = request.headers().get("idempotency-key");
        let key = key.map(|key| Bytes::copy_from_slice(key.as_bytes()));
        let in_flight = InFlight::new(&self.model, id);
        let body = request.into_body();
        Box::pin(serve(place, in_flight, body, act, times, frames, key))
    }
}

async fn serve<B>(
    place: Place,
    in_flight: InFlight,
    mut body: B,
    act: Act,
    [before, after, lingering]: [Duration; 3],
    frames: usize,
    key: Option<Bytes>,
) -> Result<Response<ReplyBody>, BoxError>
where
    B: Body<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static,
{
    sleep_for(before).await;
    if let Act::Refuse(refusal) = act {
        linger(body, lingering);
        place.tell();
        return Err(refusal.error());
    }
    // Some servers answer before they have read everything.
    for _ in 0..frames {
        match body.frame().await {
            Some(Ok(frame)) => {
                let data = frame.into_data().unwrap_or_default();
                place.received(|it| it.body.extend_from_slice(&data));
            }
            Some(Err(error)) => {
                place.tell();
                place.received(|it| {
                    it.act = Act::Break {
                        effect: false,
                        how: Breakage::Silent,
                    };
                });
                return Err(error.into());
            }
            None => {
                place.received(|it| it.whole = true);
                break;
            }
        }
    }
    if act.effect() {
        place.model.act(place.id, key.as_ref());
    }
    sleep_for(after).await;
    if let Act::Hang { .. } = act {
        std::future::pending::<()>().await;
    }
    linger(body, lingering);
    place.tell();
    match act {
        Act::Answer {
            status,
            retry_after,
            reply,
            as_error,
            ..
        } => {
            let status = StatusCode::from_u16(status).unwrap();
            let mut headers = HeaderMap::new();
            if let Some(seconds) = retry_after {
                headers.insert(RETRY_AFTER, seconds.into());
            }
            if as_error {
                return Err(io::Error::other(ResponseError::new(status, headers)).into());
            }
            let mut response = Response::new(ReplyBody::new(reply, place, in_flight));
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            Ok(response)
        }
        Act::Break { how, .. } => Err(how.error()),
        Act::Refuse(_) | Act::Hang { .. } => unreachable!("served above"),
    }
}

async fn sleep_for(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

impl Place {
    fn tell(&self) {
        let now = self.model.now();
        self.change(|sent| sent.told = Some(now));
    }

    fn received(&self, change: impl FnOnce(&mut Received)) {
        self.change(|sent| change(sent.received.as_mut().unwrap()));
    }
}

impl Received {
    fn of<B: Body>(request: &Request<B>, act: Act) -> Self {
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

impl Refusal {
    fn error(self) -> BoxError {
        match self {
            Self::Said => Delivery::NotSent.because("no credential for now").into(),
            Self::Connection => io::Error::from(io::ErrorKind::ConnectionRefused).into(),
            Self::Late => {
                let late = io::Error::from(io::ErrorKind::TimedOut);
                Delivery::NotSent.because(late).into()
            }
            Self::Lasting => Delivery::NotSent.because("bad password").permanent().into(),
        }
    }
}

impl Breakage {
    fn error(self) -> BoxError {
        match self {
            Self::Silent => "something went wrong".into(),
            Self::Said => Delivery::MaybeSent.because("cut off").into(),
            Self::Reset => io::Error::from(io::ErrorKind::ConnectionReset).into(),
            Self::Late => io::Error::from(io::ErrorKind::TimedOut).into(),
            Self::Overruled => {
                let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
                io::Error::other(Delivery::MaybeSent.because(refused)).into()
            }
        }
    }
}

/// Mostly none.
fn pause(random: &mut Rng, most: u64) -> Duration {
    if random.u32(..4) == 0 {
        millis(random, most)
    } else {
        Duration::ZERO
    }
}

/// Whole milliseconds, as the clock has them; often round, so that things happen at once.
pub(crate) fn millis(random: &mut Rng, most: u64) -> Duration {
    let millis = random.u64(1..=most);
    let round = most > ROUND && random.bool();
    Duration::from_millis(if round {
        millis.next_multiple_of(ROUND)
    } else {
        millis
    })
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}
