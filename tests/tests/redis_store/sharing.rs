//! Two stores on one server, as two processes have them.

use std::sync::Arc;

use tests::redis::RedisServer;
use tests::soon;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tower_client_cache::store::Forgotten;
use tower_client_cache::{Glob, RedisStore, Selection, Store};

use crate::given::{Given, builder, contents, key, store};

#[tokio::test]
async fn what_one_puts_the_other_gets_and_what_it_forgets_is_gone() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (one, other) = (store(&server), store(&server));
    let cars = key("https://api.example/cars");

    one.put(&cars, Given::new("cars").entry()).await.unwrap();
    assert_eq!(contents(&other, &cars).await, ["cars"]);

    assert_eq!(other.delete(&cars, None).await.unwrap(), 1);
    assert_eq!(contents(&one, &cars).await, [""; 0]);
}

#[tokio::test]
async fn stores_of_different_prefixes_share_nothing() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (one, other) = (
        store(&server),
        builder(&server).prefix("b").build().unwrap(),
    );
    let cars = key("https://api.example/cars");
    one.put(&cars, Given::new("cars").entry()).await.unwrap();

    assert_eq!(contents(&other, &cars).await, [""; 0]);
    assert_eq!(other.delete_matching(&Selection::All).await.unwrap(), 0);
    assert_eq!(contents(&one, &cars).await, ["cars"]);
}

#[tokio::test]
async fn what_others_forget_is_told_and_ones_own_is_not() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (one, other) = (store(&server), store(&server));
    let (mut hears_one, mut hears_other) = (watch(&one).await, watch(&other).await);
    let cars = key("https://api.example/cars");
    let entry = Given::new("cars").entry();
    one.put(&cars, Arc::clone(&entry)).await.unwrap();

    one.delete(&cars, Some(entry.variant())).await.unwrap();
    one.delete(&cars, None).await.unwrap();
    for selection in selections() {
        one.delete_matching(&selection).await.unwrap();
    }
    other.delete(&cars, None).await.unwrap();

    for _ in 0..2 {
        let Forgotten::Key(told) = next(&mut hears_other).await else {
            panic!("a key");
        };
        assert_eq!(told, cars);
    }
    for selection in selections() {
        let Forgotten::Matching(told) = next(&mut hears_other).await else {
            panic!("a selection");
        };
        assert!(told == selection);
    }
    // Its own were before this one.
    assert!(matches!(next(&mut hears_one).await, Forgotten::Key(told) if told == cars));
}

#[tokio::test]
async fn everything_may_be_forgotten_once_a_lost_connection_is_back() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let store = store(&server);
    let mut hears = watch(&store).await;

    server.command(&["CLIENT", "KILL", "TYPE", "pubsub"]);
    assert!(is_missed(&next(&mut hears).await));

    server.restart();
    assert!(is_missed(&next(&mut hears).await));
}

#[tokio::test]
async fn a_message_that_cannot_be_read_may_be_about_everything() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let store = store(&server);
    let mut hears = watch(&store).await;

    for message in ["", "12345678", "12345678 something else"] {
        server.command(&["PUBLISH", "tower-client-cache:1:f", message]);

        assert!(is_all(&next(&mut hears).await));
    }
}

#[tokio::test]
async fn nothing_listens_for_a_store_that_is_gone() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let store = store(&server);
    let mut hears = watch(&store).await;

    drop(store);

    assert!(soon(hears.recv()).await.is_none());
    soon(async {
        while listeners(&server) > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[test]
fn a_watcher_that_comes_before_a_runtime_listens_once_there_is_one() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let store = store(&server);
    let (sender, mut hears) = unbounded_channel();
    let watcher = move |forgotten| drop(sender.send(forgotten));
    store.peers().unwrap().watch(Arc::new(watcher));
    // And again in the next, after the first is gone.
    for _ in 0..2 {
        let runtime = tokio::runtime::Runtime::new().unwrap();

        runtime.block_on(async {
            // A connection of a runtime that is gone is lost, which one call finds out.
            let _ = store.size().await;
            let _ = store.get(&key("https://api.example/cars")).await;

            assert!(is_missed(&next(&mut hears).await));
        });
    }
}

fn selections() -> [Selection; 4] {
    [
        Selection::All,
        Selection::Principal("anna".into()),
        Selection::Tag("cars".into()),
        Selection::Matching(Glob::new("*/cars")),
    ]
}

/// Listens from now on.
async fn watch(store: &RedisStore) -> UnboundedReceiver<Forgotten> {
    let (sender, mut hears) = unbounded_channel();
    let watcher = move |forgotten| drop(sender.send(forgotten));
    store.peers().unwrap().watch(Arc::new(watcher));
    // What was before it began to listen is not known.
    assert!(is_missed(&next(&mut hears).await));
    hears
}

async fn next(hears: &mut UnboundedReceiver<Forgotten>) -> Forgotten {
    soon(hears.recv()).await.unwrap()
}

fn is_missed(forgotten: &Forgotten) -> bool {
    matches!(forgotten, Forgotten::Missed)
}

fn is_all(forgotten: &Forgotten) -> bool {
    matches!(forgotten, Forgotten::Matching(Selection::All))
}

fn listeners(server: &RedisServer) -> u64 {
    let answer = server.command(&["PUBSUB", "NUMSUB", "tower-client-cache:1:f"]);
    let (_, count): (String, u64) = redis::from_redis_value(answer).unwrap();
    count
}
