//! How a credential gets into its file.

use std::fs;

use tower_client_auth::Persist;

use crate::common::{Kept, credential, key, load, other_credential, text_of, told};

#[tokio::test]
async fn what_an_interrupted_save_has_left_is_no_obstacle() {
    let kept = Kept::one().await;
    let left = kept.only("json").with_extension("tmp");
    fs::write(&left, "{\"version\":1,").unwrap();

    let loaded = load(&kept.store).await.unwrap();
    assert_eq!(told(&loaded), told(&credential()));
    kept.save(&key(), &other_credential()).await.unwrap();

    let loaded = load(&kept.store).await.unwrap();
    assert_eq!(told(&loaded), told(&other_credential()));
    assert!(!left.exists());
}

#[tokio::test]
async fn what_an_interrupted_save_has_left_is_forgotten_too() {
    let kept = Kept::one().await;
    let left = kept.only("json").with_extension("tmp");
    fs::write(&left, "{\"version\":1,\"secret\":\"s3cret\"").unwrap();

    kept.remove(&key()).await.unwrap();

    assert!(!left.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_that_lies_where_it_is_written_is_not_followed() {
    let kept = Kept::one().await;
    let victim = kept.root().join("victim");
    fs::write(&victim, "precious").unwrap();
    let left = kept.only("json").with_extension("tmp");
    std::os::unix::fs::symlink(&victim, left).unwrap();

    kept.save(&key(), &other_credential()).await.unwrap();

    assert_eq!(fs::read_to_string(victim).unwrap(), "precious");
    assert!(load(&kept.store).await.is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_is_replaced_and_never_written_into() {
    use std::os::unix::fs::MetadataExt;
    let kept = Kept::one().await;
    let path = kept.only("json");
    let open = fs::File::open(&path).unwrap();
    let before = open.metadata().unwrap();

    kept.save(&key(), &other_credential()).await.unwrap();

    let after = open.metadata().unwrap();
    assert_eq!(
        (after.len(), after.mtime_nsec()),
        (before.len(), before.mtime_nsec())
    );
    assert_ne!(fs::metadata(&path).unwrap().ino(), before.ino());
    assert_eq!(after.nlink(), 0);
}

#[tokio::test]
async fn a_directory_that_cannot_be_created_is_an_error() {
    let kept = Kept::nothing();
    fs::write(kept.root().join("file"), "").unwrap();
    let dir = kept.root().join("file").join("store");
    let store = tower_client_auth::FileStore::new(&dir);

    let errors = [
        store.save(&key(), &credential()).await.unwrap_err(),
        store.lock(&key()).await.unwrap_err(),
    ];

    for error in errors {
        let text = text_of(&error);
        let says = format!("{} cannot be created", dir.display());
        assert!(text.contains(&says), "{text}");
    }
}
