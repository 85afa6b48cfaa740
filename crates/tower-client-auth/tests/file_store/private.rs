//! What is open to others, or is no file at all.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use tower_client_auth::Persist;

use crate::common::{
    Kept, Seen, assert_unusable, credential, issuer, key, load, other_credential, text_of, told,
};

#[tokio::test]
async fn a_file_that_others_may_read_or_write_is_not_used() {
    for mode in [
        0o644, 0o666, 0o640, 0o660, 0o604, 0o602, 0o601, 0o610, 0o677,
    ] {
        let kept = Kept::one().await;
        let path = kept.only("json");
        set_mode(&path, mode);

        let says = format!("is open to others (mode {mode:03o}): `chmod 600` it");
        assert_unusable(&kept, &path, &says).await;
    }
}

#[tokio::test]
async fn a_file_is_used_again_when_its_mode_was_seen_to() {
    let kept = Kept::one().await;
    let path = kept.only("json");
    set_mode(&path, 0o644);
    assert!(kept.store.load(&key()).await.is_err());

    for mode in [0o600, 0o400] {
        set_mode(&path, mode);

        let loaded = load(&kept.store).await.unwrap();
        assert_eq!(told(&loaded), told(&credential()));
    }
}

#[tokio::test]
async fn a_directory_in_its_place_is_no_file() {
    let kept = Kept::one().await;
    let path = kept.only("json");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    fs::write(path.join("s3cret"), "s3cret").unwrap();

    assert_unusable(&kept, &path, "is not a regular file").await;
}

#[tokio::test]
async fn a_fifo_in_its_place_is_not_waited_for() {
    let kept = Kept::one().await;
    let path = kept.only("json");
    fs::remove_file(&path).unwrap();
    make_fifo(&path);

    assert_unusable(&kept, &path, "is not a regular file").await;
}

#[tokio::test]
async fn a_link_in_its_place_is_not_followed() {
    let kept = Kept::one().await;
    let path = kept.only("json");
    let target = kept.root().join("target");
    fs::rename(&path, &target).unwrap();
    symlink(&target, &path).unwrap();
    let before = Seen::at(&target);

    assert_unusable(&kept, &path, "is not a regular file").await;

    assert_eq!(Seen::at(&target), before);
}

#[tokio::test]
async fn a_link_to_nowhere_is_not_nothing() {
    let kept = Kept::one().await;
    let path = kept.only("json");
    fs::remove_file(&path).unwrap();
    symlink(kept.root().join("nowhere"), &path).unwrap();

    assert_unusable(&kept, &path, "is not a regular file").await;

    assert!(!kept.root().join("nowhere").exists());
}

#[tokio::test]
async fn a_directory_that_others_may_write_to_is_not_used() {
    for mode in [0o777, 0o770, 0o722, 0o702, 0o720] {
        let kept = Kept::one().await;
        let path = kept.only("json");
        set_mode(&kept.dir(), mode);

        let before = Seen::at(&path);
        let errors = [
            kept.store.load(&key()).await.unwrap_err(),
            kept.save(&key(), &other_credential()).await.unwrap_err(),
            kept.store.principals(&issuer()).await.unwrap_err(),
        ];
        let says = format!(
            "{} is a directory that others may write to (mode {mode:03o}): `chmod 700` it",
            kept.dir().display()
        );
        for error in errors {
            assert!(text_of(&error).contains(&says), "{}", text_of(&error));
        }
        assert_eq!(Seen::at(&path), before);

        // Who signs out does so wherever.
        kept.remove(&key()).await.unwrap();
        assert!(!path.exists());
        set_mode(&kept.dir(), 0o700);
        assert!(load(&kept.store).await.is_none());
        kept.save(&key(), &credential()).await.unwrap();
    }
}

#[tokio::test]
async fn a_directory_that_others_may_look_into_is_used() {
    let kept = Kept::one().await;
    set_mode(&kept.dir(), 0o755);

    assert!(load(&kept.store).await.is_some());
    kept.save(&key(), &other_credential()).await.unwrap();
    assert_eq!(kept.store.principals(&issuer()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_in_the_locks_place_is_not_opened() {
    for put in [
        |path: &Path| fs::create_dir(path).unwrap(),
        |path: &Path| make_fifo(path),
        |path: &Path| symlink(path.with_extension("elsewhere"), path).unwrap(),
    ] {
        let kept = Kept::one().await;
        let path = kept.only("lock");
        fs::remove_file(&path).unwrap();
        put(&path);

        let error = kept.store.lock(&key()).await.unwrap_err();

        let says = format!("{} is not a lock file: remove it", path.display());
        assert!(text_of(&error).contains(&says), "{}", text_of(&error));
        assert!(kept.all("elsewhere").is_empty());
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// `mkfifo` is part of POSIX.
fn make_fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}
