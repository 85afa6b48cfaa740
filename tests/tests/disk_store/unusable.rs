//! Folders in which nothing can be written, and such that vanish.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tests::soon;
use tokio::task::yield_now;
use tower_client_cache::{Selection, Store};

use crate::child::run_mounted;
use crate::given::{entry, key, number, store};

#[tokio::test]
async fn where_no_folder_can_be_nothing_is_there_and_nothing_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "no folder").unwrap();
    for path in [file.join("below"), file, "/proc/self/none".into()] {
        let store = store(&path);

        assert_eq!(number(&store, 1).await, None);
        assert!(store.put(&key(1), entry(1, 1)).await.is_err());
        assert!(store.update_headers(&key(1), entry(1, 1)).await.is_ok());
        assert_eq!(store.delete(&key(1), None).await.unwrap(), 0);
        assert_eq!(store.delete_matching(&Selection::All).await.unwrap(), 0);
        assert_eq!(store.size().await.unwrap().entries, 0);
        assert!(store.list(&Selection::All, 9).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn on_a_disk_that_is_read_only_reads_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    store.put(&key(1), entry(1, 1)).await.unwrap();
    let mount = r#"mount --bind "$0" "$0" && mount -o remount,bind,ro "$0""#;

    if !run_mounted(mount, "read-only", dir.path()).await {
        println!("skipped: no file system can be mounted here");
    }
}

pub(crate) async fn child(dir: &Path) {
    let store = store(dir);

    assert_eq!(number(&store, 1).await, Some(1));
    assert!(store.put(&key(1), entry(1, 2)).await.is_err());
    assert!(store.put(&key(2), entry(2, 2)).await.is_err());
    assert!(store.update_headers(&key(2), entry(2, 1)).await.is_ok());
    assert!(store.delete(&key(1), None).await.is_err());
    assert_eq!(number(&store, 1).await, Some(1));
    assert_eq!(store.size().await.unwrap().entries, 1);
}

#[tokio::test]
async fn a_folder_that_is_gone_is_a_miss_and_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let all = dir.path().join("all");
    let store = store(&all);
    for round in 0..10 {
        store.put(&key(1), entry(1, round)).await.unwrap();
        assert_eq!(number(&store, 1).await, Some(round));

        let part = [
            all.clone(),
            all.join("v1"),
            all.join("v1/tmp"),
            all.join("v1/lock"),
        ];
        let part = &part[usize::try_from(round).unwrap() % part.len()];
        if part.is_dir() {
            fs::remove_dir_all(part).unwrap();
        } else {
            fs::remove_file(part).unwrap();
        }

        let is_left = part.ends_with("tmp") || part.ends_with("lock");
        assert_eq!(number(&store, 1).await.is_some(), is_left);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_vanishes_at_any_time_is_no_harm() {
    const ROUNDS: u64 = 40;
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let kept = Arc::new(AtomicU64::new(0));
    let writers = [0, 1, 2, 3].map(|of| {
        let (store, kept) = (store.clone(), Arc::clone(&kept));
        tokio::spawn(async move {
            while kept.load(Relaxed) < ROUNDS * 4 {
                let put = store.put(&key(of), entry(of, 1)).await;
                kept.fetch_add(u64::from(put.is_ok()), Relaxed);
                number(&store, of).await;
                drop(store.delete(&key(of), None).await);
            }
        })
    });

    for round in 0..ROUNDS {
        // Where files appear meanwhile, not all of it goes.
        drop(fs::remove_dir_all(dir.path().join("v1")));
        soon(async {
            while kept.load(Relaxed) < round * 4 {
                yield_now().await;
            }
        })
        .await;
    }

    for writer in writers {
        soon(writer).await.unwrap();
    }
    store.put(&key(1), entry(1, 9)).await.unwrap();
    assert_eq!(number(&store, 1).await, Some(9));
}
