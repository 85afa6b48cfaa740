//! Hits over each kind of store.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tower::{Layer, Service, ServiceExt};
use tower_client_cache::{
    BoxStore, Cache, CacheHandle, CacheLayer, DiskStore, MemoryStore, RedisStore, Store, Tiered,
};
use tower_client_call::CacheOutcome;

use super::{Calls, Origin, calls, request};
use crate::redis::RedisServer;

/// How often a store is asked until it has what it was given.
const TRIES: u32 = 10_000;

/// A store in memory whose type is not told.
#[must_use]
pub fn boxed() -> BoxStore {
    BoxStore::new(MemoryStore::new())
}

/// A store in memory above another, which a hit does not ask.
#[must_use]
pub fn tiered() -> impl Store {
    Tiered::new(MemoryStore::new(), MemoryStore::new())
}

/// A store in a folder, which is removed with what is returned beside it.
#[must_use]
pub fn on_disk() -> (DiskStore, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = DiskStore::builder(folder.path()).build();
    (store.expect("settings that can be"), folder)
}

/// A store on a server, by TCP.
#[must_use]
pub fn on_server(server: &RedisServer) -> RedisStore {
    let store = RedisStore::builder(server.url()).build();
    store.expect("settings that can be")
}

/// A runtime of one thread, which makes the calls and drives files and sockets.
#[must_use]
pub fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

/// Calls that a store answers, which lives as long as what it needs.
pub(super) fn hits(store: impl Store, needs: impl Sized + 'static) -> Calls {
    let layer = CacheLayer::new(store);
    let handle = layer.handle();
    let mut calls = calls(layer.layer(Origin::FRESH));
    let is_hit = (0..TRIES).any(|_| {
        calls(1);
        handle.stats().hits > 0
    });
    assert!(is_hit, "nothing was stored");
    Box::new(move |count| {
        let _needs = &needs;
        calls(count);
    })
}

pub(super) fn disk_hits() -> Calls {
    let (store, folder) = on_disk();
    hits(store, folder)
}

/// Without a server no calls are made, which the server's absence tells.
pub(super) fn redis_hits() -> Calls {
    match RedisServer::start() {
        Some(server) => hits(on_server(&server), server),
        None => Box::new(drop),
    }
}

/// Makes calls that a store answers, one by one.
#[derive(Clone, Debug)]
pub struct Hits {
    service: Cache<Origin>,
    handle: CacheHandle,
}

impl Hits {
    /// Has a store keep an answer.
    pub async fn over(store: impl Store) -> Self {
        let layer = CacheLayer::new(store);
        let mut hits = Self {
            handle: layer.handle(),
            service: layer.layer(Origin::FRESH),
        };
        for _ in 0..TRIES {
            hits.call().await;
            if hits.handle.stats().hits > 0 {
                return hits;
            }
            yield_now().await;
        }
        unreachable!("nothing was stored")
    }

    /// Makes a call, which has to be a hit.
    pub async fn one(&mut self) {
        assert_eq!(self.call().await, Some(CacheOutcome::Hit));
    }

    async fn call(&mut self) -> Option<CacheOutcome> {
        let ready = ServiceExt::<Request<Full<Bytes>>>::ready(&mut self.service)
            .await
            .expect("an origin that is ready");
        let response = ready.call(request()).await.expect("an answer");
        let outcome = response.extensions().get().copied();
        let body: Bytes = response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        assert_eq!(body.len(), Origin::FRESH.body.len());
        outcome
    }
}

/// Returns how often a server has read from its clients what they sent.
///
/// Of a client that waits for each answer these are its round trips. To ask this takes some itself.
#[must_use]
pub fn reads(server: &RedisServer) -> u64 {
    let told = server.command(&["INFO", "stats"]);
    let told: String = redis::from_redis_value(told).expect("a text");
    let mut lines = told.lines();
    let reads = lines.find_map(|line| line.strip_prefix("total_reads_processed:"));
    let reads = reads.expect("a server that counts its reads");
    reads.trim().parse().expect("a number")
}
