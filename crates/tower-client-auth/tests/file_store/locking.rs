//! The lock, among stores that know nothing of each other.

use std::future::poll_fn;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::timeout;
use tower_client_auth::{CredentialKey, FileLock, FileStore, Persist, Principal};

use crate::common::{Kept, LONG, credential, issuer, key};

/// Long enough to look at a lock several times.
const SHORT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn it_keeps_another_store_out_until_it_is_dropped() {
    let kept = Kept::nothing();
    let other = kept.other();

    let lock = kept.store.lock(&key()).await.unwrap();
    assert!(timeout(SHORT, other.lock(&key())).await.is_err());
    drop(lock);

    locked(&other).await;
}

#[tokio::test]
async fn it_keeps_a_clone_out_too() {
    let kept = Kept::nothing();
    let clone = kept.store.clone();

    let _lock = kept.store.lock(&key()).await.unwrap();

    assert!(timeout(SHORT, clone.lock(&key())).await.is_err());
}

#[tokio::test]
async fn it_is_of_one_key_only() {
    let kept = Kept::nothing();
    let tenant = CredentialKey::new(&issuer(), &Principal::new("tenant"));

    let _lock = kept.store.lock(&key()).await.unwrap();

    let tenants = timeout(LONG, kept.other().lock(&tenant)).await;
    tenants.unwrap().unwrap();
}

#[tokio::test]
async fn who_waited_and_left_takes_nothing_along() {
    let kept = Kept::nothing();
    let lock = kept.store.lock(&key()).await.unwrap();

    let waited = timeout(SHORT, kept.other().lock(&key())).await;
    assert!(waited.is_err());
    drop(lock);

    locked(&kept.other()).await;
}

#[tokio::test]
async fn who_leaves_when_it_has_just_come_gives_it_back() {
    let kept = Kept::nothing();
    for _ in 0..100 {
        let other = kept.other();
        let key = key();
        let mut locking = Box::pin(other.lock(&key));
        // Somebody looks at the file from now on.
        let _ = poll_fn(|cx| Poll::Ready(locking.as_mut().poll(cx).is_ready())).await;

        drop(locking);

        locked(&kept.store).await;
    }
}

#[test]
fn who_waits_does_not_hold_up_the_runtimes_end() {
    let kept = Kept::nothing();
    let holder = Builder::new_current_thread().enable_time().build().unwrap();
    let _lock = holder.block_on(kept.store.lock(&key())).unwrap();
    let (ended, end) = mpsc::channel();
    let other = kept.other();

    let ending = std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let waited = runtime.block_on(async { timeout(SHORT, other.lock(&key())).await });
        drop(runtime);
        ended.send(waited.is_err()).unwrap();
    });

    assert!(end.recv_timeout(LONG).unwrap());
    ending.join().unwrap();
}

#[tokio::test]
async fn its_file_stays() {
    let kept = Kept::one().await;
    let lock = kept.only("lock");

    kept.remove(&key()).await.unwrap();

    assert_eq!(kept.only("lock"), lock);
    assert!(kept.all("json").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_want_it_one_has_it() {
    let kept = Kept::nothing();
    let taken = Arc::new(AtomicBool::new(false));
    let all: Vec<_> = (0..8)
        .map(|_| tokio::spawn(take_often(kept.dir(), Arc::clone(&taken))))
        .collect();

    for one in all {
        timeout(LONG, one).await.unwrap().unwrap();
    }
}

/// The layer's answer has a time limit, and whoever waits can leave: the thread that writes goes
/// on, and must not write into what the next one does.
#[test]
fn a_save_for_which_nobody_waits_keeps_the_lock_to_its_end() {
    let kept = Kept::nothing();
    let runtime = Builder::new_current_thread()
        .enable_time()
        .max_blocking_threads(1)
        .build()
        .unwrap();
    let (release, released) = mpsc::channel::<()>();

    let lock = runtime.block_on(kept.store.lock(&key())).unwrap();
    let busy = runtime.spawn_blocking(move || released.recv());
    runtime.block_on(async {
        let (key, credential) = (key(), credential());
        let mut saving = pin!(kept.store.save(&key, &credential));
        assert!(poll_fn(|cx| Poll::Ready(saving.as_mut().poll(cx).is_pending())).await);
    });
    drop(lock);
    let other = std::fs::File::open(kept.only("lock")).unwrap();
    assert!(other.try_lock().is_err(), "the save is still to come");

    release.send(()).unwrap();
    runtime.block_on(busy).unwrap().unwrap();
    drop(runtime);
    assert!(other.try_lock().is_ok());
    assert_eq!(kept.all("json").len(), 1);
}

async fn take_often(dir: PathBuf, taken: Arc<AtomicBool>) {
    let store = FileStore::new(dir);
    for _ in 0..5 {
        let _lock = store.lock(&key()).await.unwrap();
        assert!(!taken.swap(true, Ordering::SeqCst), "two have it");
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        taken.store(false, Ordering::SeqCst);
    }
}

async fn locked(store: &FileStore) -> FileLock {
    timeout(LONG, store.lock(&key())).await.unwrap().unwrap()
}
