//! Attempts to connect that are refused, and not by the network.

use tests::redis::RedisServer;
use tests::soon;
use tower_client_cache::{RedisStore, Store};

use crate::given::key;

#[tokio::test]
async fn a_password_that_was_refused_is_tried_again() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let user = ["ACL", "SETUSER", "cache", "on", "~*", "&*", "+@all"];
    server.command(&[&user[..], &[">another"]].concat());
    let url = format!("redis://cache:s3cret@127.0.0.1:{}", server.port());
    let store = RedisStore::builder(url).build().unwrap();
    let cars = key("https://api.example/cars");
    for _ in 0..2 {
        soon(store.get(&cars)).await.unwrap_err();
    }

    server.command(&[&user[..], &[">s3cret"]].concat());

    // One call may still be told what came of the last attempt.
    let _refused = soon(store.get(&cars)).await;
    assert!(soon(store.get(&cars)).await.unwrap().is_empty());
}
