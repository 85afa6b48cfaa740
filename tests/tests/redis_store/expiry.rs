//! When entries go by themselves.

use std::time::Duration;

use tests::redis::RedisServer;
use tests::soon;
use tower_client_cache::Store;

use crate::given::{Given, contents, key, keys, only_key, store};

#[tokio::test]
async fn an_entry_expires_when_it_is_of_no_use_or_up_to_a_tenth_later() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let store = store(&server);
    for (entry, seconds) in [
        (Given::new("an hour"), 3600),
        (
            Given::new("a day more").field("etag", "\"a\""),
            3600 + 86_400,
        ),
        (
            Given::new("a month").field("cache-control", "max-age=9000000"),
            30 * 86_400,
        ),
    ] {
        server.command(&["FLUSHALL"]);
        let cars = key("https://api.example/cars");
        store.put(&cars, entry.entry()).await.unwrap();

        let name = only_key(&server, "}:e:");
        let ttl: i64 = redis::from_redis_value(server.command(&["TTL", &name])).unwrap();

        let range = seconds - 5..=seconds + seconds / 10;
        assert!(range.contains(&ttl), "{ttl} not in {range:?}");
    }
}

#[tokio::test]
async fn entries_that_came_together_do_not_go_together() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let store = store(&server);
    for number in 0..8 {
        let cars = key(&format!("https://api.example/cars/{number}"));
        store.put(&cars, Given::new("car").entry()).await.unwrap();
    }

    let mut ttls: Vec<i64> = keys(&server)
        .iter()
        .filter(|name| name.contains("}:e:"))
        .map(|name| redis::from_redis_value(server.command(&["TTL", name])).unwrap())
        .collect();

    ttls.sort_unstable();
    ttls.dedup();
    assert!(ttls.len() > 4, "{ttls:?}");
}

#[tokio::test]
async fn an_update_lengthens_the_time_of_its_entry() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), key("https://api.example/cars"));
    let minute = Given::new("cars")
        .field("cache-control", "max-age=60")
        .entry();
    store.put(&cars, minute.clone()).await.unwrap();
    let hour = Given::new("").content_id(minute.content_id()).later(1);

    store.update_headers(&cars, hour.entry()).await.unwrap();

    let name = only_key(&server, "}:e:");
    let ttl: i64 = redis::from_redis_value(server.command(&["TTL", &name])).unwrap();
    assert!(ttl > 3590, "{ttl}");
    assert_eq!(contents(&store, &cars).await, ["cars"]);
}

#[tokio::test]
async fn what_has_expired_goes_from_the_index_with_what_is_put_next() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), key("https://api.example/cars"));
    let past = |language| Given::new("past").language(language).later(-9000).entry();
    for language in ["de", "en"] {
        store.put(&cars, past(language)).await.unwrap();
    }
    let index = only_key(&server, "}:x");
    let name = only_key(&server, "}:e:");
    soon(async {
        while !expired(&server, &index) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    // Its siblings may be kept alive by it.
    let fresh = Given::new("fresh").language("fr").entry();

    store.put(&cars, fresh).await.unwrap();

    let members: u64 = redis::from_redis_value(server.command(&["ZCARD", &index])).unwrap();
    let fields: u64 = redis::from_redis_value(server.command(&["HLEN", &name])).unwrap();
    // The entry and the incarnation; label, head and content.
    assert_eq!((members, fields), (2, 3));
}

/// Whether the server has nothing that is not to be kept.
fn expired(server: &RedisServer, index: &str) -> bool {
    let (seconds, micros): (u64, u64) = redis::from_redis_value(server.command(&["TIME"])).unwrap();
    let now = (seconds * 1000 + micros / 1000).to_string();
    let live = server.command(&["ZCOUNT", index, &now, "99999999999999"]);
    redis::from_redis_value::<u64>(live).unwrap() == 0
}
