//! What was kept is what is found.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use tower_client_auth::{Credential, CredentialKey, Issuer, Persist, Principal};

use crate::common::{HOUR, Kept, credential, key, load, other_credential, text_of, told};

#[tokio::test]
async fn nothing_is_kept_at_first() {
    let kept = Kept::nothing();

    assert!(load(&kept.store).await.is_none());
    assert!(!kept.dir().exists());
    kept.remove(&key()).await.unwrap();
    assert!(load(&kept.store).await.is_none());
}

#[tokio::test]
async fn another_store_of_the_directory_finds_it() {
    let kept = Kept::one().await;

    let loaded = load(&kept.other()).await.unwrap();
    assert_eq!(told(&loaded), told(&credential()));
    assert_eq!(loaded.generation(), 0);

    kept.save(&key(), &other_credential()).await.unwrap();
    let loaded = load(&kept.other()).await.unwrap();
    assert_eq!(told(&loaded), told(&other_credential()));

    kept.remove(&key()).await.unwrap();
    assert!(load(&kept.other()).await.is_none());
}

#[tokio::test]
async fn odd_texts_come_back_as_they_were() {
    let odd = [
        "",
        " ",
        "\0",
        "\"\\\u{8}\u{c}\n\r\t\u{1f}\u{7f}",
        "{\"version\":2}",
        "naïve ☂ 日本語 👩‍👩‍👧 \u{202e}\u{feff}\u{10ffff}",
    ];
    for text in odd {
        let kept = Kept::nothing();
        let issuer = Issuer::new(text.replace('\0', "")).realm(text.replace('\0', ""));
        let key = CredentialKey::new(&issuer, &Principal::new(text));
        let credential = odd.iter().fold(Credential::new(text), |credential, name| {
            credential.with_named(*name, text)
        });

        kept.save(&key, &credential).await.unwrap();

        let loaded = kept.store.load(&key).await.unwrap().unwrap();
        assert_eq!(told(&loaded), told(&credential));
    }
}

#[tokio::test]
async fn a_life_goes_on_and_is_not_longer_than_it_was() {
    let kept = Kept::nothing();
    let credential = Credential::new("s3cret").expires_in(HOUR);
    let (issued, expires) = credential.validity().unwrap();

    kept.save(&key(), &credential).await.unwrap();

    let loaded = load(&kept.store).await.unwrap();
    let (kept_issued, kept_expires) = loaded.validity().unwrap();
    for (time, kept) in [(issued, kept_issued), (expires, kept_expires)] {
        let cut = time.duration_since(kept).unwrap();
        assert!(cut < Duration::from_millis(1), "{cut:?}");
    }
    assert!(loaded.remaining().unwrap() <= HOUR);
}

#[tokio::test]
async fn what_is_too_large_is_not_kept() {
    let kept = Kept::one().await;

    let huge = Credential::new("s3cret".repeat(11_000));
    let error = kept.save(&key(), &huge).await.unwrap_err();

    assert!(text_of(&error).contains("cannot hold a credential of more than 64 KiB"));
    let loaded = load(&kept.store).await.unwrap();
    assert_eq!(told(&loaded), told(&credential()));
}

#[tokio::test]
async fn the_largest_that_is_kept_is_found() {
    let kept = Kept::nothing();
    let without = Credential::new("");
    kept.save(&key(), &without).await.unwrap();
    let room = 64 * 1024 - std::fs::metadata(kept.only("json")).unwrap().len();
    let room = usize::try_from(room).unwrap();

    let too_large = Credential::new("s".repeat(room + 1));
    assert!(kept.save(&key(), &too_large).await.is_err());
    let largest = Credential::new("s".repeat(room));
    kept.save(&key(), &largest).await.unwrap();

    let loaded = load(&kept.store).await.unwrap();
    assert_eq!(told(&loaded), told(&largest));
}

#[tokio::test]
async fn times_that_would_not_be_found_again_are_not_kept() {
    let kept = Kept::one().await;
    let late = SystemTime::UNIX_EPOCH + Duration::from_secs(300_000_000_000);

    let late = Credential::new("an0ther").valid_between(late, late + HOUR);
    let error = kept.save(&key(), &late).await.unwrap_err();

    assert!(text_of(&error).contains("after the year 9999"));
    let loaded = load(&kept.store).await.unwrap();
    assert_eq!(told(&loaded), told(&credential()));
}

#[tokio::test]
async fn times_before_1970_are_kept_as_over() {
    let kept = Kept::nothing();
    let early = SystemTime::UNIX_EPOCH - 2 * HOUR;

    let early = Credential::new("s3cret").valid_between(early, early + HOUR);
    kept.save(&key(), &early).await.unwrap();

    let loaded = load(&kept.store).await.unwrap();
    assert_eq!(loaded.remaining(), Some(Duration::ZERO));
}

proptest! {
    #[test]
    fn whatever_is_kept_is_found(
        id in any::<String>(),
        secret in any::<String>(),
        extras in prop::collection::btree_map(any::<String>(), any::<String>(), 0..5),
        life in prop::option::of((0..4_000_000_000_000_u64, 0..100_000_000_000_u64)),
    ) {
        let mut credential = Credential::new(secret);
        for (name, text) in extras {
            credential = credential.with_named(name, text);
        }
        if let Some((issued, lifetime)) = life {
            let issued = SystemTime::UNIX_EPOCH + Duration::from_millis(issued);
            credential = credential.valid_between(issued, issued + Duration::from_millis(lifetime));
        }
        let key = CredentialKey::new(&Issuer::new("i"), &Principal::new(id));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let loaded = runtime.unwrap().block_on(async {
            let kept = Kept::nothing();
            kept.save(&key, &credential).await.unwrap();
            kept.store.load(&key).await.unwrap().unwrap()
        });

        prop_assert_eq!(told(&loaded), told(&credential));
    }
}
