//! Several processes that are well.

use std::time::Duration;

use tests::soon;
use tokio::time::sleep;
use tower_client_cache::Store;

use crate::child::Child;
use crate::given::{KEYS, entry, key, number, store};

#[tokio::test]
async fn what_one_process_puts_another_finds_and_forgets() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let child = Child::start("writer", dir.path()).await;

    let of = soon(async {
        loop {
            for key in 0..KEYS {
                if number(&store, key).await.is_some() {
                    return key;
                }
            }
            sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    child.kill().await;

    assert!(number(&store, of).await.is_some() || store.size().await.unwrap().entries > 0);
    store.delete(&key(of), None).await.unwrap();
    assert_eq!(number(&store, of).await, None);
}

#[tokio::test]
async fn a_store_that_comes_later_finds_what_was_there() {
    let dir = tempfile::tempdir().unwrap();
    let before = store(dir.path());
    before.put(&key(1), entry(1, 7)).await.unwrap();
    drop(before);

    let after = store(dir.path());

    assert_eq!(number(&after, 1).await, Some(7));
    assert_eq!(after.size().await.unwrap().entries, 1);
}
