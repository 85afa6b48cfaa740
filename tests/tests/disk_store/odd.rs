//! Links, folders and sockets where files should be.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tower_client_cache::{DiskStore, Selection, Store};

use crate::files::{below, only_entry};
use crate::given::{entry, key, number, store};

#[tokio::test]
async fn a_link_in_place_of_an_entry_is_not_followed() {
    let (dir, store) = scene().await;
    let path = only_entry(dir.path());
    let outside = dir.path().join("outside");
    fs::rename(&path, &outside).unwrap();
    symlink(&outside, &path).unwrap();
    let before = fs::read(&outside).unwrap();

    assert_eq!(number(&store, 1).await, None);
    assert_eq!(store.size().await.unwrap().entries, 0);
    assert_eq!(store.delete_matching(&Selection::All).await.unwrap(), 0);
    assert!(store.update_headers(&key(1), entry(1, 2)).await.is_ok());
    store.put(&key(1), entry(1, 3)).await.unwrap();

    assert_eq!(number(&store, 1).await, Some(3));
    assert!(fs::read(&outside).unwrap() == before);
}

#[tokio::test]
async fn a_link_in_place_of_a_folder_is_not_followed() {
    for levels in 1..=3 {
        let (dir, store) = scene().await;
        // The key's, the shard's, and the one that all is in.
        let entry_path = only_entry(dir.path());
        let folder = entry_path.ancestors().nth(levels).unwrap();
        let outside = dir.path().join("outside");
        fs::rename(folder, &outside).unwrap();
        symlink(&outside, folder).unwrap();
        let before = snapshot(&outside);

        let found = store.get(&key(1)).await;
        assert!(found.map_or(true, |found| found.is_empty()), "{levels}");
        assert!(store.put(&key(1), entry(1, 2)).await.is_err(), "{levels}");
        drop(store.delete(&key(1), None).await);
        drop(store.delete_matching(&Selection::All).await);

        assert!(snapshot(&outside) == before, "{levels}");
    }
}

#[tokio::test]
async fn a_folder_or_a_socket_in_place_of_an_entry_is_none() {
    for make in [make_folder, make_socket] {
        let (dir, store) = scene().await;
        let path = only_entry(dir.path());
        fs::remove_file(&path).unwrap();
        make(&path);

        assert_eq!(number(&store, 1).await, None);
        drop(store.put(&key(1), entry(1, 2)).await);
        assert!(matches!(number(&store, 1).await, None | Some(2)));
        drop(store.delete(&key(1), None).await);
        assert_eq!(number(&store, 1).await, None);
        store.put(&key(2), entry(2, 1)).await.unwrap();
        assert_eq!(number(&store, 2).await, Some(1));
    }
}

#[tokio::test]
async fn a_file_in_place_of_a_folder_is_an_error_of_what_is_put_there() {
    let (dir, store) = scene().await;
    let path = only_entry(dir.path());
    let folder = path.parent().unwrap();
    fs::remove_dir_all(folder).unwrap();
    fs::write(folder, "no folder").unwrap();

    assert_eq!(number(&store, 1).await, None);
    assert!(store.put(&key(1), entry(1, 2)).await.is_err());
    assert_eq!(store.delete(&key(1), None).await.unwrap(), 0);
}

async fn scene() -> (TempDir, DiskStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    store.put(&key(1), entry(1, 1)).await.unwrap();
    (dir, store)
}

fn make_folder(path: &Path) {
    fs::create_dir(path).unwrap();
    fs::write(path.join("inside"), "").unwrap();
}

fn make_socket(path: &Path) {
    UnixListener::bind(path).unwrap();
}

/// Returns what is below a folder, with what is in the files but the lock.
fn snapshot(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all: Vec<_> = below(folder)
        .into_iter()
        .filter(|(path, it)| it.is_file() && !path.ends_with("lock"))
        .map(|(path, _)| (path.clone(), fs::read(path).unwrap()))
        .collect();
    all.sort();
    all
}
