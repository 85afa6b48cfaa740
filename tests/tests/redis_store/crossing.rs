//! What crosses something else: a validation an invalidation, eviction the index, a caller its runtime.

use std::sync::Arc;
use std::time::Duration;

use redis::from_redis_value;
use tests::redis::RedisServer;
use tower_client_cache::{CacheLayer, Glob, Guarded, Key, RedisStore, Selection, Store};

use crate::given::{Given, contents, key, keys, store};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_validated_while_a_pattern_is_forgotten_is_forgotten() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, other) = (store(&server), store_of(&server));
    let mut olds = Vec::new();
    for number in 0..600 {
        let key = numbered(number);
        let old = Given::new("old").field("etag", "\"1\"").entry();
        store.put(&key, Arc::clone(&old)).await.unwrap();
        olds.push((key, old));
    }
    let eraser = store.clone();
    let erasing = tokio::spawn(async move {
        let all = Selection::Matching(Glob::new("https://*"));
        eraser.delete_matching(&all).await.unwrap()
    });
    // 304s to requests that were sent before.
    for (key, old) in olds.iter().rev() {
        let fresh = Given::new("").content_id(old.content_id()).later(1).entry();
        other.update_headers(key, fresh).await.unwrap();
        if erasing.is_finished() {
            break;
        }
    }
    let deleted = erasing.await.unwrap();

    let mut left = 0;
    for (key, _) in &olds {
        left += contents(&store, key).await.len();
    }
    assert_eq!(left, 0, "{deleted} were told to be gone");
}

#[tokio::test]
async fn an_index_does_not_grow_beyond_what_is_there() {
    let Some(server) =
        RedisServer::start_with(&["--maxmemory", "12mb", "--maxmemory-policy", "allkeys-lru"])
    else {
        return;
    };
    let store = store(&server);
    let mut sizes = Vec::new();
    for round in 0..6 {
        for number in 0..5_000 {
            let entry = Given::new(vec![b'x'; 500]).field("cache-control", "max-age=9000000");
            let put = store
                .put(&numbered(round * 5_000 + number), entry.entry())
                .await;
            put.unwrap();
        }
        let entries = keys(&server)
            .iter()
            .filter(|key| key.contains("}:e:"))
            .count();
        let mut members = 0_u64;
        let mut bytes = 0_u64;
        for index in keys(&server).iter().filter(|key| key.ends_with("}:x")) {
            members += from_redis_value::<u64>(server.command(&["ZCARD", index])).unwrap();
            bytes += from_redis_value::<u64>(
                server.command(&["MEMORY", "USAGE", index, "SAMPLES", "0"]),
            )
            .unwrap();
        }
        sizes.push((entries, members, bytes));
    }
    let &(entries, members, _) = sizes.last().unwrap();
    assert!(
        members < 2 * entries as u64,
        "entries, members, bytes of indexes: {sizes:?}"
    );
}

#[tokio::test]
async fn a_server_without_memory_is_read() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let guarded = Guarded::builder(store(&server))
        .read_timeout(Duration::from_secs(2))
        .build()
        .unwrap();
    let cars = cars();
    guarded
        .put(&cars, Given::new("cars").entry())
        .await
        .unwrap();
    server.command(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    server.command(&["CONFIG", "SET", "maxmemory", "1mb"]);

    // Five calls at once that miss.
    for number in 0..5 {
        let key = numbered(number);
        assert!(guarded.peers().unwrap().lease(&key, Some(0)).await.is_err());
    }

    let got = guarded.get(&cars).await;
    assert!(
        got.is_ok(),
        "{:?}",
        std::error::Error::source(&got.unwrap_err())
    );
}

#[test]
fn a_response_can_be_dropped_outside_of_the_runtime() {
    use bytes::Bytes;
    use http::{Request, Response};
    use http_body_util::Full;
    use tower::{Layer, ServiceExt};

    let Some(server) = RedisServer::start() else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let layer = CacheLayer::builder(Guarded::new(store(&server)))
        .single_principal(tower_client_call::Principal::new("anna"))
        .build()
        .unwrap();
    let origin = tower::service_fn(|_: Request<Full<Bytes>>| async {
        let response = Response::builder().header("cache-control", "max-age=60");
        Ok::<_, std::convert::Infallible>(response.body(Full::new(Bytes::from("a"))).unwrap())
    });
    let mut request = Request::new(Full::default());
    *request.uri_mut() = "https://api.example/cars".parse().unwrap();
    let response = runtime
        .block_on(layer.layer(origin).oneshot(request))
        .unwrap();

    let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(response)));

    assert!(
        dropped.is_ok(),
        "dropping a response panics outside of a runtime"
    );
}

fn cars() -> Key {
    key("https://api.example/cars")
}

fn numbered(number: usize) -> Key {
    key(&format!("https://api.example/cars/{number}"))
}

fn store_of(server: &RedisServer) -> RedisStore {
    store(server)
}
