//! Callers, and what they see.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::{Method, Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tower::{Service, ServiceExt};

use crate::origin::{KEYS, request, version};

/// How many call at once.
pub(crate) const CALLERS: usize = 64;
/// How long a caller waits before it calls again.
const THINKS: Duration = Duration::from_millis(40);
/// One call in so many changes something.
const CHANGES: u32 = 64;

/// Callers at work.
#[derive(Debug)]
pub(crate) struct Load {
    seen: Arc<Seen>,
    callers: JoinSet<()>,
}

/// What callers saw.
#[derive(Debug)]
pub(crate) struct Seen {
    /// The version of each key that nobody may be told an older one of.
    floors: Vec<AtomicU64>,
    calls: Mutex<Vec<Call>>,
    count: AtomicUsize,
    wrong: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

/// A call that ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) begun: Instant,
    pub(crate) took: Duration,
    pub(crate) is_change: bool,
}

impl Load {
    /// Lets callers call this service, the same calls for the same seed.
    pub(crate) fn begin<S, B>(service: &S, seed: u64) -> Self
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>, Error: Debug, Future: Send>
            + Clone
            + Send
            + Sync
            + 'static,
        B: Body<Data = Bytes, Error: Debug> + Send,
    {
        let seen = Arc::new(Seen::new());
        let mut callers = JoinSet::new();
        let mut random = Rng::with_seed(seed);
        for _ in 0..CALLERS {
            let (service, seen, random) = (service.clone(), Arc::clone(&seen), random.fork());
            callers.spawn(async move { seen.call_on(service, random).await });
        }
        Self { seen, callers }
    }

    /// Returns how many calls have ended.
    pub(crate) fn count(&self) -> usize {
        self.seen.count.load(SeqCst)
    }

    /// Lets all calls end, and returns them.
    ///
    /// # Panics
    ///
    /// If a call failed, or was told what is wrong or old.
    pub(crate) async fn end(mut self) -> Vec<Call> {
        self.seen.is_over.store(true, SeqCst);
        while let Some(caller) = self.callers.join_next().await {
            caller.unwrap();
        }
        let wrong = lock(&self.seen.wrong);
        assert!(
            wrong.is_empty(),
            "{} of {} calls: {:?}",
            wrong.len(),
            self.count(),
            wrong.iter().take(5).collect::<Vec<_>>()
        );
        lock(&self.seen.calls).clone()
    }
}

impl Seen {
    fn new() -> Self {
        let floors = std::iter::repeat_with(AtomicU64::default).take(KEYS);
        Self {
            floors: floors.collect(),
            calls: Mutex::default(),
            count: AtomicUsize::new(0),
            wrong: Mutex::default(),
            is_over: AtomicBool::new(false),
        }
    }

    async fn call_on<S, B>(&self, service: S, mut random: Rng)
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>, Error: Debug> + Clone,
        B: Body<Data = Bytes, Error: Debug>,
    {
        while !self.is_over.load(SeqCst) {
            sleep(THINKS.mul_f64(0.5 + random.f64())).await;
            let key = random.usize(..KEYS);
            let is_change = random.u32(..CHANGES) == 0;
            let floor = self.floors[key].load(SeqCst);
            let begun = Instant::now();
            match call(service.clone(), key, is_change).await {
                Ok(version) if version < floor => {
                    self.note(format!("key {key} has version {version}, not {floor}"));
                }
                Ok(version) if is_change => drop(self.floors[key].fetch_max(version, SeqCst)),
                Ok(_) => {}
                Err(wrong) => self.note(wrong),
            }
            lock(&self.calls).push(Call {
                begun,
                took: begun.elapsed(),
                is_change,
            });
            self.count.fetch_add(1, SeqCst);
        }
    }

    fn note(&self, wrong: String) {
        lock(&self.wrong).push(wrong);
    }
}

/// Returns the version that a call was told, or what is wrong with it.
async fn call<S, B>(service: S, key: usize, is_change: bool) -> Result<u64, String>
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>, Error: Debug>,
    B: Body<Data = Bytes, Error: Debug>,
{
    let method = if is_change { Method::POST } else { Method::GET };
    let response = service.oneshot(request(method, key)).await;
    let response = response.map_err(|error| format!("a call failed: {error:?}"))?;
    let body = response.into_body().collect().await;
    let body = body.map_err(|error| format!("a body broke off: {error:?}"))?;
    let body = body.to_bytes();
    version(key, &body).ok_or_else(|| format!("key {key} has the body {:?}", body.get(..20)))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
