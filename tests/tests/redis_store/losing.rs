//! A server that has lost, or was given, what the store did not expect: nothing is served that is
//! wrong, or could not be forgotten.

use redis::{Value, cmd};
use tests::redis::RedisServer;
use tower_client_cache::{Key, RedisStore, Selection, Store, StoreSize};

use crate::given::{Given, contents, key, keys, only_key, store};

#[tokio::test]
async fn an_empty_server_has_nothing() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = filled(&server).await;

    server.command(&["FLUSHALL"]);

    assert_eq!(contents(&store, &cars).await, [""; 0]);
    assert_eq!(store.delete(&cars, None).await.unwrap(), 0);
    store.put(&cars, Given::new("new").entry()).await.unwrap();
    assert_eq!(contents(&store, &cars).await, ["new"]);
}

#[tokio::test]
async fn a_server_that_was_restarted_is_used_again() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = filled(&server).await;

    server.restart();
    tests::soon(async { while store.get(&cars).await.is_err() {} }).await;

    assert_eq!(contents(&store, &cars).await, [""; 0]);
    store.put(&cars, Given::new("new").entry()).await.unwrap();
    assert_eq!(contents(&store, &cars).await, ["new"]);
}

#[tokio::test]
async fn what_no_index_knows_is_not_served_though_a_new_one_begins() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let cars = key("https://api.example/cars");
    let store = store(&server);
    let german = Given::new("deutsch").language("de").tag("cars").entry();
    store.put(&cars, german).await.unwrap();

    server.command(&["DEL", &only_key(&server, "}:x")]);

    assert_eq!(contents(&store, &cars).await, [""; 0]);
    let english = Given::new("english").language("en").tag("cars").entry();
    store.put(&cars, english).await.unwrap();
    assert_eq!(contents(&store, &cars).await, ["english"]);
    let tag = Selection::Tag("cars".into());
    assert_eq!(store.delete_matching(&tag).await.unwrap(), 1);
    assert_eq!(contents(&store, &cars).await, [""; 0]);
}

#[tokio::test]
async fn an_index_of_what_was_evicted_counts_nothing() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = filled(&server).await;

    server.command(&["DEL", &only_key(&server, "}:e:")]);

    assert_eq!(contents(&store, &cars).await, [""; 0]);
    assert_eq!(store.size().await.unwrap(), StoreSize::default());
    assert!(store.list(&Selection::All, 9).await.unwrap().is_empty());
    assert_eq!(store.delete_matching(&Selection::All).await.unwrap(), 0);
}

#[tokio::test]
async fn a_value_of_another_type_is_an_error_and_no_answer() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    for part in ["}:e:", "}:x"] {
        server.command(&["FLUSHALL"]);
        let (store, cars) = filled(&server).await;
        let name = only_key(&server, part);
        server.command(&["SET", &name, "something else"]);

        assert!(store.get(&cars).await.is_err(), "{part}");
        assert!(store.put(&cars, Given::new("new").entry()).await.is_err());
        server.command(&["DEL", &name]);
        assert_eq!(contents(&store, &cars).await, [""; 0]);
    }
}

#[tokio::test]
async fn what_is_damaged_is_not_there_and_can_be_replaced() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    for part in [b'l', b'h', b'c'] {
        for damage in [&b""[..], b"x", &[0; 40], &[1; 200]] {
            let (store, cars) = filled(&server).await;
            let name = only_key(&server, "}:e:");
            let field = field(&server, &name, part);
            let mut set = cmd("HSET");
            set.arg(&name).arg(field).arg(damage);
            set.exec(&mut server.connection()).unwrap();

            assert_eq!(contents(&store, &cars).await, [""; 0]);
            store.size().await.unwrap();
            store.list(&Selection::All, 9).await.unwrap();
            store.put(&cars, Given::new("new").entry()).await.unwrap();
            assert_eq!(contents(&store, &cars).await, ["new"]);
        }
    }
}

#[tokio::test]
async fn an_entry_in_anothers_place_is_not_there() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let store = store(&server);
    // Of the same bucket, whose incarnation they share.
    let (first, second) = neighbours(&server, &store).await;
    let (first, second) = (first.as_str(), second.as_str());

    server.command(&["COPY", first, second, "REPLACE"]);

    let mut found = Vec::new();
    for number in 0..NUMBERED {
        found.extend(contents(&store, &numbered(number)).await);
    }
    assert_eq!(found.len(), NUMBERED - 1);
}

#[tokio::test]
async fn another_version_of_the_schema_is_not_seen() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = filled(&server).await;
    for name in keys(&server) {
        server.command(&["RENAME", &name, &name.replace(":1:", ":2:")]);
    }

    assert_eq!(contents(&store, &cars).await, [""; 0]);
    assert_eq!(store.delete_matching(&Selection::All).await.unwrap(), 0);
    assert_eq!(keys(&server).len(), 2);
}

/// Keys of which several share a bucket.
const NUMBERED: usize = 17;

fn numbered(number: usize) -> Key {
    key(&format!("https://api.example/cars/{number}"))
}

/// Fills a store, and returns the names of two keys of one bucket.
async fn neighbours(server: &RedisServer, store: &RedisStore) -> (String, String) {
    for number in 0..NUMBERED {
        let entry = Given::new(number.to_string()).entry();
        store.put(&numbered(number), entry).await.unwrap();
    }
    let mut names = keys(server);
    names.retain(|name| name.contains("}:e:"));
    names.sort();
    let bucket = |name: &str| name.split('}').next().unwrap().to_owned();
    let mut pairs = names.windows(2);
    let pair = pairs.find(|pair| bucket(&pair[0]) == bucket(&pair[1]));
    let pair = pair.unwrap();
    (pair[0].clone(), pair[1].clone())
}

/// A store with an entry.
async fn filled(server: &RedisServer) -> (RedisStore, Key) {
    let cars = key("https://api.example/cars");
    let store = store(server);
    store.put(&cars, Given::new("cars").entry()).await.unwrap();
    (store, cars)
}

/// The field of a hash that is one part of an entry.
fn field(server: &RedisServer, name: &str, part: u8) -> Vec<u8> {
    let fields: Vec<Vec<u8>> = redis::from_redis_value(server.command(&["HKEYS", name])).unwrap();
    let field = fields.into_iter().find(|field| field[0] == part);
    assert!(!matches!(server.command(&["TTL", name]), Value::Int(-1)));
    field.unwrap()
}
