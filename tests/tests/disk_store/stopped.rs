//! A process that is stopped (SIGSTOP) while it holds the lock.

use tests::soon;
use tower_client_cache::Store;

use crate::child::Child;
use crate::given::{entry, key, number, store};

#[tokio::test]
async fn a_lock_that_is_never_let_go_is_an_error_and_reads_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    store.put(&key(1), entry(1, 1)).await.unwrap();
    let child = Child::start("holder", dir.path()).await;
    child.signal("STOP").await;

    let refused = [
        soon(store.put(&key(1), entry(1, 2))).await.is_err(),
        soon(store.put(&key(2), entry(2, 2))).await.is_err(),
        soon(store.delete(&key(1), None)).await.is_err(),
    ];
    let read = number(&store, 1).await;
    child.kill().await;

    assert_eq!((refused, read), ([true; 3], Some(1)));
    store.put(&key(1), entry(1, 3)).await.unwrap();
    assert_eq!(number(&store, 1).await, Some(3));
}

#[tokio::test]
async fn many_who_wait_for_a_lock_are_told_soon() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    store.put(&key(1), entry(1, 1)).await.unwrap();
    let child = Child::start("holder", dir.path()).await;
    child.signal("STOP").await;

    let writers: Vec<_> = (0..64)
        .map(|of| {
            let store = store.clone();
            tokio::spawn(async move { store.put(&key(of), entry(of, 2)).await.is_err() })
        })
        .collect();

    for writer in writers {
        assert!(soon(writer).await.unwrap());
    }
    drop(child);
}
