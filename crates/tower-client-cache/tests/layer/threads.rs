//! Many calls on several threads.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::{HeaderValue, Method, Response};
use http_body_util::{BodyExt, Full};
use tokio::task::{JoinSet, yield_now};
use tokio::time::timeout;
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_client_cache::{Cache, CacheLayer, MemoryStore};
use tower_client_call::Principal;

use crate::calls::of;
use crate::given::{Asked, request};

const CALLERS: u64 = 16;
const CALLS: usize = 300;
const LONG: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_changed_something_sees_it_and_nobody_sees_anothers() {
    let layer = CacheLayer::new(MemoryStore::new());
    let handle = layer.handle();
    let service = layer.layer(Versions::new());
    let mut callers = JoinSet::new();

    for seed in 0..CALLERS {
        callers.spawn(call_often(service.clone(), Rng::with_seed(seed)));
    }

    while let Some(done) = callers.join_next().await {
        done.unwrap();
    }
    let refreshes = async {
        while handle.stats().in_flight > 0 {
            yield_now().await;
        }
    };
    timeout(LONG, refreshes).await.expect("it ends");
    let stats = handle.stats();
    assert!(stats.hits > 0 && stats.refreshes > 0, "{stats:?}");
}

/// Changes what there is one time in four, and reads it each time, or leaves meanwhile.
async fn call_often(service: Cache<Versions>, mut rng: Rng) {
    for _ in 0..CALLS {
        let who = if rng.bool() { "anna" } else { "bert" };
        let language = if rng.bool() { "de" } else { "en" };
        let asked = |method| {
            let fields = format!("accept-language: {language}");
            of(who, request(method, "/", &fields))
        };
        let mut least = 0;
        if rng.u8(..4) == 0 {
            least = read(&service, asked(Method::PUT)).await.version;
        }
        let reading = read(&service, asked(Method::GET));
        if rng.u8(..12) == 0 {
            let soon = Duration::from_micros(rng.u64(..50));
            drop(timeout(soon, reading).await);
            continue;
        }

        let answer = timeout(LONG, reading).await.expect("it is answered");

        assert_eq!(answer.of, format!("{who} {language}"), "another's");
        assert!(answer.version >= least, "what it was before");
    }
}

/// An answer: to whom, in which language, and of which version.
struct Answer {
    of: String,
    version: u64,
}

async fn read(service: &Cache<Versions>, asked: Asked) -> Answer {
    let response = service.clone().oneshot(asked).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let (of, version) = str::from_utf8(&body).unwrap().rsplit_once(' ').unwrap();
    Answer {
        of: of.to_owned(),
        version: version.parse().unwrap(),
    }
}

/// An origin of one resource that has a version, which each PUT makes greater.
#[derive(Clone)]
struct Versions {
    version: Arc<AtomicU64>,
    rng: Arc<Mutex<Rng>>,
}

impl Versions {
    fn new() -> Self {
        Self {
            version: Arc::default(),
            rng: Arc::new(Mutex::new(Rng::with_seed(1))),
        }
    }

    fn below(&self, end: usize) -> usize {
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        rng.usize(..end)
    }

    /// Lets others go first, at random.
    async fn think(&self) {
        for _ in 0..self.below(4) {
            yield_now().await;
        }
    }
}

impl Service<Asked> for Versions {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, asked: Asked) -> Self::Future {
        const STORED: [&str; 4] = [
            "max-age=60",
            "max-age=60",
            "max-age=0, stale-while-revalidate=60",
            "no-store",
        ];
        let origin = self.clone();
        Box::pin(async move {
            origin.think().await;
            let is_change = asked.method() == Method::PUT;
            let version = if is_change {
                origin.version.fetch_add(1, SeqCst) + 1
            } else {
                origin.version.load(SeqCst)
            };
            origin.think().await;
            let who = asked.extensions().get().map_or("nobody", Principal::id);
            let language = asked.headers()["accept-language"].to_str()?;
            let body = format!("{who} {language} {version}");
            let mut response = Response::new(Full::from(body));
            let stored = HeaderValue::from_static(STORED[origin.below(STORED.len())]);
            let headers = response.headers_mut();
            headers.insert("cache-control", stored);
            headers.insert("vary", HeaderValue::from_static("accept-language"));
            Ok(response)
        })
    }
}
