//! Nothing that names anybody is in the names of what is written.

use tests::redis::RedisServer;
use tower_client_cache::{Selection, Store};

use crate::given::{Given, key_of, keys, only_key, store};

#[tokio::test]
async fn no_key_member_or_field_shows_a_uri_a_principal_or_a_tag() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let store = store(&server);
    let key = key_of("anna-principal", "https://api.example/VIN12345");
    let entry = Given::new("content").language("de").tag("tag-of-cars");
    store.put(&key, entry.entry()).await.unwrap();
    store.peers().unwrap().lease(&key, Some(7)).await.unwrap();

    let mut written: Vec<u8> = keys(&server).join("\n").into_bytes();
    for (command, part) in [("ZRANGE", "}:x"), ("HKEYS", "}:e:")] {
        let name = only_key(&server, part);
        let mut words = vec![command, &name];
        if command == "ZRANGE" {
            words.extend(["0", "-1"]);
        }
        let members: Vec<Vec<u8>> = redis::from_redis_value(server.command(&words)).unwrap();
        assert!(!members.is_empty());
        written.extend(members.concat());
    }

    for secret in ["anna", "principal", "api.example", "VIN", "tag-of", "de\0"] {
        assert!(!contains(&written, secret.as_bytes()), "{secret}");
    }
    let shown = format!("{store:?}");
    assert_eq!(
        shown,
        "RedisStore { prefix: \"tower-client-cache\", max_entry: 1048576, lease: 5s }"
    );
    let tag = Selection::Tag("tag-of-cars".into());
    assert_eq!(store.delete_matching(&tag).await.unwrap(), 1);
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
