//! Nobody else reads what is stored, nor learns from names what it is.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use tower_client_cache::Store;

use crate::files::below;
use crate::given::{entry, key, store};

#[tokio::test]
async fn files_and_folders_are_their_owners_alone() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("made/by/the/store");
    let store = store(&dir);
    for of in 0..3 {
        store.put(&key(of), entry(of, 1)).await.unwrap();
    }

    let all = below(parent.path());

    assert!(all.iter().filter(|(_, it)| it.is_file()).count() == 4);
    for (path, metadata) in all {
        let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(metadata.permissions().mode() & 0o777, expected, "{path:?}");
    }
}

#[tokio::test]
async fn names_are_versions_and_hashes() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    store.put(&key(1), entry(1, 1)).await.unwrap();

    for (path, _) in below(dir.path()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_hash = name.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(is_hash || ["v1", "lock", "tmp"].contains(&name), "{name}");
    }
}

#[tokio::test]
async fn what_goes_wrong_tells_nothing_of_what_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "no folder").unwrap();
    let store = store(&file.join("below"));

    let error = store.put(&key(1), entry(1, 1)).await.unwrap_err();

    let told = format!("{error:?} {error} {store:?}");
    for secret in ["anna", "example", "cars", "secret-tag"] {
        assert!(!told.contains(secret), "{told}");
    }
}

#[tokio::test]
async fn a_folder_that_others_made_or_may_change_is_not_used() {
    for mode in [0o777, 0o755, 0o770, 0o701] {
        let dir = tempfile::tempdir().unwrap();
        fs::DirBuilder::new()
            .mode(0o700)
            .create(dir.path().join("v1"))
            .unwrap();
        set_mode(&dir.path().join("v1"), mode);
        let store = store(dir.path());

        assert!(store.put(&key(1), entry(1, 1)).await.is_err(), "{mode:o}");
        assert!(store.get(&key(1)).await.is_err(), "{mode:o}");
        assert!(store.size().await.is_err(), "{mode:o}");

        set_mode(&dir.path().join("v1"), 0o700);
        store.put(&key(1), entry(1, 1)).await.unwrap();
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
