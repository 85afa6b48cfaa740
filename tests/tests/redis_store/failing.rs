//! A server that refuses, or does not answer.

use std::time::Duration;

use bytes::Bytes;
use tests::redis::RedisServer;
use tests::soon;
use tokio::time::timeout;
use tower_client_cache::{Selection, Store};

use crate::given::{Given, builder, contents, key, store};

#[tokio::test]
async fn without_memory_nothing_is_put_what_was_there_is_gone_and_deleting_works() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), key("https://api.example/cars"));
    let trips = key("https://api.example/trips");
    for key in [&cars, &trips] {
        store.put(key, Given::new("old").entry()).await.unwrap();
    }
    server.command(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    server.command(&["CONFIG", "SET", "maxmemory", "1mb"]);

    let put = store.put(&cars, Given::new("new").entry()).await;

    assert!(put.is_err());
    assert_eq!(contents(&store, &cars).await, [""; 0]);
    assert!(store.peers().unwrap().lease(&cars, Some(7)).await.is_err());
    assert_eq!(contents(&store, &trips).await, ["old"]);
    assert_eq!(store.delete(&trips, None).await.unwrap(), 1);
    assert_eq!(store.delete_matching(&Selection::All).await.unwrap(), 0);
}

#[tokio::test]
async fn a_replica_that_only_reads_fails_what_writes() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), key("https://api.example/cars"));
    let entry = Given::new("old").entry();
    store.put(&cars, entry.clone()).await.unwrap();
    // Of nobody: it goes on with what it has.
    server.command(&["REPLICAOF", "127.0.0.1", "1"]);

    assert!(store.put(&cars, entry.clone()).await.is_err());
    assert!(store.update_headers(&cars, entry).await.is_err());
    assert!(store.delete(&cars, None).await.is_err());
    assert!(store.delete_matching(&Selection::All).await.is_err());
    assert!(store.peers().unwrap().lease(&cars, None).await.is_err());
    assert_eq!(contents(&store, &cars).await, ["old"]);
}

#[tokio::test]
async fn a_server_that_is_gone_is_an_error_at_once() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), key("https://api.example/cars"));
    store.put(&cars, Given::new("old").entry()).await.unwrap();
    server.kill();

    for _ in 0..20 {
        let got = timeout(Duration::from_secs(1), store.get(&cars)).await;
        assert!(got.unwrap().is_err());
    }
}

#[tokio::test]
async fn a_server_that_paused_answers_as_before() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (store, cars) = (store(&server), key("https://api.example/cars"));
    store.put(&cars, Given::new("old").entry()).await.unwrap();
    server.pause();
    let got = timeout(Duration::from_millis(50), store.get(&cars)).await;
    assert!(got.is_err());

    server.resume();

    assert_eq!(soon(contents(&store, &cars)).await, ["old"]);
}

#[tokio::test]
async fn what_is_too_long_is_not_kept_nor_what_it_was_to_replace() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let store = builder(&server).max_entry(4096).build().unwrap();
    let cars = key("https://api.example/cars");
    for length in [4096, 100_000] {
        store.put(&cars, Given::new("old").entry()).await.unwrap();
        let long = Given::new(vec![0; length]).entry();

        let refused = store.put(&cars, long).await.unwrap_err();

        let cause = std::error::Error::source(&refused).unwrap().to_string();
        assert_eq!(cause, "an entry is longer than 4096 bytes");
        assert_eq!(contents(&store, &cars).await, [""; 0]);
    }
}

#[tokio::test]
async fn the_oldest_variants_make_room_for_the_latest() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let store = builder(&server).max_entry(4096).build().unwrap();
    let cars = key("https://api.example/cars");
    let languages = ["de", "en", "fr", "it", "nl", "pl"];
    for (seconds, language) in (0..).zip(languages) {
        let content = Bytes::from(language.repeat(1500));
        let given = Given::new(content).language(language).later(seconds);
        store.put(&cars, given.entry()).await.unwrap();
    }

    let kept = contents(&store, &cars).await;

    let kept: Vec<_> = kept.iter().map(|content| &content[..2]).collect();
    assert_eq!(kept, [b"pl", b"nl", b"it", b"fr", b"en"]);
    assert_eq!(store.size().await.unwrap().entries, 5);
}
