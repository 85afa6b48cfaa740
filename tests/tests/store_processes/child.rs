//! What a child of this program does when it is told to.

use std::collections::BTreeSet;
use std::env;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tests::child::{Child, asked, command};
use tokio::task::JoinSet;
use tower::{Layer, ServiceExt};
use tower_client_cache::{
    Cache, CacheHandle, CacheLayer, Guarded, MemoryStore, RedisStore, Store, Tiered,
};

/// Where the child's store is. Who is not told does nothing.
const REDIS: &str = "STORE_PROCESSES_REDIS";
const ORIGIN: &str = "STORE_PROCESSES_ORIGIN";
const LEASE_MILLIS: &str = "STORE_PROCESSES_LEASE_MILLIS";
/// Longer than a machine takes that does other things: whether a store answers is not looked at here.
const TIMEOUT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_child_does_what_it_is_told_to() {
    let Ok(redis) = env::var(REDIS) else {
        return;
    };
    let caller = Caller::new(&redis);
    let mut told = asked();
    while let Some(line) = told.next_line().await.unwrap() {
        let words: Vec<_> = line.split(' ').collect();
        let answer = match words[..] {
            ["get", path, times] => caller.get(path, times.parse().unwrap()).await,
            ["post", path] => caller.call(Method::POST, path).await,
            ["has", path] => caller.has(path).to_string(),
            ["flush"] => caller.flush().await,
            _ => panic!("{line}"),
        };
        tests::child::answer(&answer);
    }
}

type Tiers = Tiered<MemoryStore, Guarded<RedisStore>>;

/// What the child calls by: a store in memory above the one that all share.
struct Caller {
    service: Cache<Client<HttpConnector, Full<Bytes>>>,
    handle: CacheHandle,
    store: Tiers,
    origin: String,
}

impl Caller {
    fn new(redis: &str) -> Self {
        let lease = env::var(LEASE_MILLIS).unwrap().parse().unwrap();
        let shared = RedisStore::builder(redis).lease(Duration::from_millis(lease));
        let guarded = Guarded::builder(shared.build().unwrap())
            .read_timeout(TIMEOUT)
            .write_timeout(TIMEOUT);
        let store = Tiered::new(MemoryStore::new(), guarded.build().unwrap());
        let layer = CacheLayer::builder(store.clone()).shared().build().unwrap();
        Self {
            handle: layer.handle(),
            service: layer.layer(Client::builder(TokioExecutor::new()).build_http()),
            store,
            origin: env::var(ORIGIN).unwrap(),
        }
    }

    fn uri(&self, path: &str) -> http::Uri {
        format!("http://{}{path}", self.origin).parse().unwrap()
    }

    /// Asks so many times at once, and returns what different answers there were.
    async fn get(&self, path: &str, times: usize) -> String {
        let mut calls = JoinSet::new();
        for _ in 0..times {
            calls.spawn(self.call(Method::GET, path));
        }
        let answers: BTreeSet<_> = calls.join_all().await.into_iter().collect();
        Vec::from_iter(answers).join(", ")
    }

    fn call(&self, method: Method, path: &str) -> impl Future<Output = String> + Send + use<> {
        let request = Request::builder().method(method).uri(self.uri(path));
        let request = request.body(Full::default()).unwrap();
        let service = self.service.clone();
        async move {
            let response = service.oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            format!("{status} version {}", String::from_utf8_lossy(&body))
        }
    }

    /// Tells whether the store in memory has an answer.
    fn has(&self, path: &str) -> bool {
        let key = self.handle.key(None, &self.uri(path)).unwrap();
        let found = self.store.upper().peek(&key);
        found.is_some_and(|found| !found.is_empty())
    }

    async fn flush(&self) -> String {
        self.store.flush().await;
        "flushed".to_owned()
    }
}

/// Starts a child that calls over this store.
pub(crate) fn start(redis: &str, origin: SocketAddr, lease: Duration) -> Child {
    let mut command = command("child::a_child_does_what_it_is_told_to");
    command
        .env(REDIS, redis)
        .env(ORIGIN, origin.to_string())
        .env(LEASE_MILLIS, lease.as_millis().to_string());
    Child::start(command)
}
