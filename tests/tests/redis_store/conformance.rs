//! The store keeps the rules of every store, however it is reached.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tests::redis::RedisServer;
use tests::soon;
use tower_client_cache::store::conformance;
use tower_client_cache::{RedisStore, Store};

#[tokio::test(flavor = "multi_thread")]
async fn over_tcp() {
    let Some(server) = RedisServer::start() else {
        return;
    };

    conformance::check(async || new_part(&server.url()))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_socket() {
    let Some(server) = RedisServer::start() else {
        return;
    };

    conformance::check(async || new_part(&server.unix_url()))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_cluster_whose_scripts_keep_to_one_slot() {
    let Some(server) = RedisServer::start_with(&["--cluster-enabled", "yes"]) else {
        return;
    };
    server.command(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
    soon(cluster_is_ready(&server)).await;

    conformance::check(async || new_part(&server.url()))
        .await
        .unwrap();
}

async fn cluster_is_ready(server: &RedisServer) {
    loop {
        let info: String = redis::from_redis_value(server.command(&["CLUSTER", "INFO"])).unwrap();
        if info.contains("cluster_state:ok") {
            return;
        }
        // Nothing tells when a cluster is ready.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A store that nobody has used. The entries of the rules are years old, and may not expire.
fn new_part(url: &str) -> impl Store + use<> {
    static PARTS: AtomicU64 = AtomicU64::new(0);
    let prefix = format!("part-{}", PARTS.fetch_add(1, Relaxed));
    let builder = RedisStore::builder(url).prefix(&prefix);
    builder
        .max_entry(4 << 20)
        .keep_at_least(Duration::from_secs(600))
        .build()
        .unwrap()
}
