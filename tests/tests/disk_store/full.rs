//! A disk on which there is no room.

use std::path::Path;

use tower_client_cache::{DiskStore, Store};

use crate::child::{run_by, run_mounted};
use crate::given::{entry, entry_of, key, number};

/// More than the disk has, and less than the store would hold.
const TOO_LONG: usize = 300 * 1024;

#[tokio::test]
async fn files_that_may_not_grow_are_an_error_and_the_old_entry_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    // 128 blocks of 512 or 1,024 bytes; who writes more is told so, and not ended.
    let limited = r#"trap '' XFSZ; ulimit -f 128; exec "$0" "$@""#;

    let status = run_by(&["sh", "-c", limited], "full", dir.path()).await;

    assert!(status.success());
}

#[tokio::test]
async fn a_disk_that_is_full_is_an_error_and_the_old_entry_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let mount = r#"mount -t tmpfs -o size=256k,mode=700 tmpfs "$0""#;

    if !run_mounted(mount, "full", dir.path()).await {
        println!("skipped: no file system can be mounted here");
    }
}

pub(crate) async fn child(dir: &Path) {
    let store = DiskStore::builder(dir).build().unwrap();
    for of in [1, 2] {
        store.put(&key(of), entry(of, 1)).await.unwrap();
    }

    let too_long = entry_of(2, vec![7; TOO_LONG]);
    store.put(&key(1), too_long).await.unwrap_err();

    assert_eq!(number(&store, 1).await, None);
    assert_eq!(number(&store, 2).await, Some(1));
    assert_eq!(store.size().await.unwrap().entries, 1);
    store.put(&key(1), entry(1, 3)).await.unwrap();
    assert_eq!(number(&store, 1).await, Some(3));
}
