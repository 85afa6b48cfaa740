//! Whose credentials are kept.

use std::fs;

use sha2::{Digest, Sha256};
use tower_client_auth::{CredentialKey, Issuer, Principal};

use crate::common::{Kept, credential, issuer, key, text_of};

#[tokio::test]
async fn there_are_none_at_first_and_none_is_created() {
    let kept = Kept::nothing();

    assert!(ids(&kept).await.is_empty());
    assert!(!kept.dir().exists());
}

#[tokio::test]
async fn they_come_in_order_and_are_this_issuers() {
    let kept = Kept::nothing();
    let (other, realm) = (Issuer::new("other").realm("eu"), issuer().realm("us"));
    for (issuer, id) in [
        (&issuer(), "zoe"),
        (&issuer(), "Émile"),
        (&issuer(), "adam"),
        (&issuer(), ""),
        (&other, "adam"),
        (&other, "eve"),
        (&realm, "bob"),
    ] {
        let key = CredentialKey::new(issuer, &Principal::new(id));
        kept.save(&key, &credential()).await.unwrap();
    }

    assert_eq!(ids(&kept).await, ["", "adam", "zoe", "Émile"]);
}

#[tokio::test]
async fn what_cannot_be_loaded_is_nobodys() {
    let kept = Kept::one().await;
    let good = kept.only("json");
    let text = fs::read_to_string(&good).unwrap();
    for (name, text) in [
        ("0".repeat(64), "{".to_owned()),
        (
            "1".repeat(64),
            text.replace("\"version\":1", "\"version\":2"),
        ),
        // Nobody would find it under its name.
        ("2".repeat(64), text.replace("owner", "tenant")),
        ("notes".to_owned(), text.replace("owner", "guest")),
    ] {
        let path = kept.dir().join(name).with_extension("json");
        fs::copy(&good, &path).unwrap();
        fs::write(&path, text).unwrap();
    }
    fs::create_dir(kept.dir().join("3".repeat(64)).with_extension("json")).unwrap();
    fs::copy(&good, good.with_extension("tmp")).unwrap();

    assert_eq!(ids(&kept).await, ["owner@example.com"]);
}

#[tokio::test]
async fn so_many_files_are_looked_at_and_no_more() {
    let kept = Kept::one().await;
    let good = kept.only("json");
    let text = fs::read_to_string(&good).unwrap();
    for number in 0..1_100 {
        let id = format!("{number}@example.com");
        let hash = Sha256::digest(format!("https://login.example\0eu\0{id}"));
        let name: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = kept.dir().join(name).with_extension("json");
        fs::copy(&good, &path).unwrap();
        fs::write(&path, text.replace("owner@example.com", &id)).unwrap();
    }

    assert_eq!(ids(&kept).await.len(), 1_000);
}

#[tokio::test]
async fn a_file_in_the_directorys_place_is_an_error() {
    let kept = Kept::nothing();
    fs::write(kept.dir(), "").unwrap();

    let principals = kept.store.principals(&issuer()).await.unwrap_err();
    let saved = kept.save(&key(), &credential()).await.unwrap_err();

    let says = format!("{} is not a directory", kept.dir().display());
    assert!(text_of(&principals).contains(&says));
    let saved = text_of(&saved);
    assert!(saved.contains(&*kept.dir().to_string_lossy()), "{saved}");
}

async fn ids(kept: &Kept) -> Vec<String> {
    let principals = kept.store.principals(&issuer()).await.unwrap();
    principals.iter().map(|it| it.id().to_owned()).collect()
}
