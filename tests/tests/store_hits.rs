//! What a hit asks of a server.

use tests::cost::stores::{Hits, on_server, reads};
use tests::redis::RedisServer;
use tests::soon;
use tower_client_cache::{MemoryStore, Store, Tiered};

const HITS: u64 = 500;

#[tokio::test]
async fn a_hit_in_redis_is_one_round_trip() {
    let Some(server) = RedisServer::start() else {
        return;
    };

    let trips = soon(round_trips(&server, on_server(&server))).await;

    assert_eq!(trips, HITS);
}

#[tokio::test]
async fn a_hit_in_memory_above_it_asks_nobody() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let store = Tiered::new(MemoryStore::new(), on_server(&server));

    let trips = soon(round_trips(&server, store)).await;

    // The subscription is made meanwhile.
    assert!(trips < 10, "{trips}");
}

/// Makes hits, and returns how often the server was asked meanwhile.
async fn round_trips(server: &RedisServer, store: impl Store + Clone) -> u64 {
    let mut hits = Hits::over(store.clone()).await;
    store.flush().await;
    let first = reads(server);
    let asking = reads(server) - first;
    let before = reads(server);
    for _ in 0..HITS {
        hits.one().await;
    }
    reads(server) - before - asking
}
