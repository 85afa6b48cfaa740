//! Whose credential is whose.

use std::fs;

use tower_client_auth::{Credential, CredentialKey, FileStore, Issuer, Persist, Principal};

use crate::common::{Kept, text_of, told};

#[tokio::test]
async fn no_two_keys_share_a_credential() {
    let kept = Kept::nothing();
    let keys = [
        ("a", "", "b"),
        ("b", "", "a"),
        ("", "", "ab"),
        ("ab", "", ""),
        ("", "ab", ""),
        ("a", "b", ""),
        ("", "a", "b"),
        ("a", "", "\0b"),
        ("a", "", "b\0"),
        ("", "", "\0a\0b"),
        ("", "", "a\0\0b"),
        ("a/b", "", "../../b"),
        ("https://one.example", "", "owner@example.com"),
        ("https://two.example", "", "owner@example.com"),
        ("https://one.example", "eu", "owner@example.com"),
        ("https://one.example", "EU", "owner@example.com"),
        ("https://one.example", "eu", "Owner@example.com"),
        ("", "", ""),
    ]
    .map(|(issuer, realm, principal)| key(issuer, realm, principal));

    for (index, key) in keys.iter().enumerate() {
        assert!(kept.store.load(key).await.unwrap().is_none(), "{index}");
        let credential = Credential::new(format!("secret {index}"));
        kept.save(key, &credential).await.unwrap();
    }

    assert_eq!(kept.all("json").len(), keys.len());
    for (index, key) in keys.iter().enumerate() {
        let loaded = kept.store.load(key).await.unwrap().unwrap();
        assert_eq!(told(&loaded).0, format!("secret {index}"));
    }
    kept.remove(&keys[0]).await.unwrap();
    assert_eq!(kept.all("json").len(), keys.len() - 1);
}

#[tokio::test]
async fn a_separator_within_an_issuer_is_an_error_in_everything() {
    let kept = Kept::nothing();
    let credential = Credential::new("s3cret");
    kept.save(&key("a", "b", "c"), &credential).await.unwrap();

    for key in [
        key("a\0b", "", "c"),
        key("a", "b\0c", ""),
        key("\0", "", ""),
    ] {
        let errors = [
            kept.store.load(&key).await.err(),
            kept.store.lock(&key).await.err(),
            kept.store.save(&key, &credential).await.err(),
            kept.store.remove(&key).await.err(),
        ];

        for error in errors {
            assert!(text_of(&error.unwrap()).contains("NUL"));
        }
    }
    assert_eq!(kept.all("json").len(), 1);
}

#[tokio::test]
async fn the_epoch_is_not_part_of_the_key() {
    let kept = Kept::one().await;
    let later = Principal::new("owner@example.com").at_epoch(7);

    let later = CredentialKey::new(&crate::common::issuer(), &later);

    assert!(kept.store.load(&later).await.unwrap().is_some());
}

#[tokio::test]
async fn a_file_that_was_renamed_to_anothers_is_not_taken_for_it() {
    let kept = Kept::nothing();
    let [one, two] = ["one", "two"].map(|id| key("i", "", id));
    kept.save(&one, &Credential::new("s3cret")).await.unwrap();
    let first = kept.only("json");
    kept.save(&two, &Credential::new("an0ther")).await.unwrap();
    let all = kept.all("json");
    let second = all.iter().find(|it| **it != first).unwrap();

    fs::copy(&first, second).unwrap();

    let error = kept.store.load(&two).await.unwrap_err();
    assert!(text_of(&error).contains("holds another's credential"));
    assert!(kept.store.load(&one).await.unwrap().is_some());
}

#[test]
fn a_store_shows_no_more_than_its_directory() {
    let shown = format!("{:?}", FileStore::new("kept"));

    assert!(shown.starts_with(r#"FileStore { dir: "kept""#), "{shown}");
}

#[test]
fn outside_of_a_runtime_it_is_an_error() {
    let kept = Kept::nothing();
    let key = key("i", "", "p");

    let mut load = std::pin::pin!(kept.store.load(&key));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());

    match load.as_mut().poll(&mut context) {
        std::task::Poll::Ready(Err(error)) => assert!(text_of(&error).contains("tokio runtime")),
        other => panic!("{other:?}"),
    }
}

fn key(issuer: &str, realm: &str, principal: &str) -> CredentialKey {
    let issuer = Issuer::new(issuer).realm(realm);
    CredentialKey::new(&issuer, &Principal::new(principal))
}
