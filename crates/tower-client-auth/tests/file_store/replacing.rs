//! Savers and loaders at the same time.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::timeout;
use tower_client_auth::{Credential, FileStore, Persist};

use crate::common::{Kept, LONG, key, load, told};

const SAVERS: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn a_load_sees_one_credential_and_the_whole_of_it() {
    let kept = Kept::nothing();
    let ended = Arc::new(AtomicUsize::new(0));
    kept.save(&key(), &whole(0)).await.unwrap();

    let savers = (0..SAVERS).map(|saver| {
        let (dir, ended) = (kept.dir(), Arc::clone(&ended));
        tokio::spawn(async move {
            save_often(saver, dir).await;
            ended.fetch_add(1, Ordering::SeqCst);
            0
        })
    });
    let loaders = (0..3).map(|_| tokio::spawn(load_often(kept.dir(), Arc::clone(&ended))));

    let mut loads = 0;
    for task in savers.chain(loaders).collect::<Vec<_>>() {
        loads += timeout(LONG, task).await.unwrap().unwrap();
    }
    assert!(loads >= 3, "{loads}");
    assert!(kept.all("tmp").is_empty());
}

async fn save_often(saver: usize, dir: PathBuf) {
    let store = FileStore::new(dir);
    for number in 0..40 {
        let _lock = store.lock(&key()).await.unwrap();
        let credential = whole(saver * 1_000 + number * 17);
        store.save(&key(), &credential).await.unwrap();
    }
}

async fn load_often(dir: PathBuf, ended: Arc<AtomicUsize>) -> usize {
    let store = FileStore::new(dir);
    let mut loads = 0;
    loop {
        let over = ended.load(Ordering::SeqCst) == SAVERS;
        let (secret, extras, _) = told(&load(&store).await.unwrap());
        assert_eq!(extras, [("copy".to_owned(), secret)]);
        loads += 1;
        if over {
            return loads;
        }
    }
}

/// A credential of some length, that says twice what it is.
fn whole(number: usize) -> Credential {
    let secret = format!("{number} ").repeat(number + 1);
    let secret = &secret[..secret.len().min(20_000)];
    Credential::new(secret).with_named("copy", secret)
}
