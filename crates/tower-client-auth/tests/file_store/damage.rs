//! Files whose content cannot be used.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tower_client_auth::Persist;

use crate::common::{Kept, assert_unusable, credential, key, load, text_of, told};

type Object = Map<String, Value>;

#[tokio::test]
async fn a_file_that_ends_too_early_is_damaged_wherever_it_does() {
    let whole = fs::read(Kept::one().await.only("json")).unwrap();
    for end in 0..whole.len() {
        let kept = Kept::one().await;
        let path = kept.only("json");
        fs::write(&path, &whole[..end]).unwrap();

        assert_unusable(&kept, &path, "is damaged: remove it and sign in again").await;
    }
}

#[tokio::test]
async fn what_is_missing_or_of_another_type_is_not_made_up() {
    let whole = object(&Kept::one().await.only("json"));
    for (member, value) in &whole {
        let others = [
            json!(null),
            json!(true),
            json!(1.5),
            json!(-1),
            json!("1"),
            json!([]),
            json!({}),
            json!({"refresh_token": 1}),
        ];
        let same = |other: &Value| match value {
            Value::String(_) => other.is_string(),
            Value::Object(_) => *other == json!({}),
            _ => false,
        };
        let others = others.into_iter().filter(|other| !same(other));
        for other in others.map(Some).chain([None]) {
            let says = match (&**member, &other) {
                ("issued" | "expires", None) => "has times that cannot be",
                _ => "is damaged",
            };
            let changed = |file: &mut Object| match &other {
                None => drop(file.remove(member)),
                Some(other) => drop(file.insert(member.clone(), other.clone())),
            };
            assert_changed_unusable(changed, says).await;
        }
    }
}

#[tokio::test]
async fn a_member_of_another_value_is_no_reason_to_guess() {
    let foreign = "holds another's credential: remove it and sign in again";
    let times = "has times that cannot be: remove it and sign in again";
    for (member, value, says) in [
        ("version", json!(2), "newer version (format 2)"),
        ("version", json!(u64::MAX), "newer version"),
        ("version", json!(0), "is damaged"),
        ("issuer", json!("https://evil.example"), foreign),
        ("realm", json!(""), foreign),
        ("principal", json!("Owner@example.com"), foreign),
        ("expires", json!(0), times),
        ("expires", json!(253_402_300_800_000_u64), times),
        ("expires", json!(u64::MAX), times),
        ("issued", json!(1_800_000_000_000_u64), times),
        // It would never end.
        ("expiry", json!(1), "is damaged"),
    ] {
        let change = |file: &mut Object| drop(file.insert(member.to_owned(), value));
        assert_changed_unusable(change, says).await;
    }
}

#[tokio::test]
async fn a_newer_versions_file_is_known_whatever_else_is_in_it() {
    let kept = Kept::one().await;
    let path = kept.only("json");
    fs::write(&path, r#"{"version": 7, "sealed": ["s3cret"]}"#).unwrap();

    assert_unusable(&kept, &path, "was written by a newer version (format 7)").await;
}

#[tokio::test]
async fn other_texts_are_damage() {
    let whole = fs::read(Kept::one().await.only("json")).unwrap();
    for text in [
        b"s3cret".to_vec(),
        b"\"s3cret\"".to_vec(),
        vec![0; whole.len()],
        vec![b'['; 60_000],
        vec![b' '; 64 * 1024],
        [&whole[..], b"}"].concat(),
        [&whole[..], &whole[..]].concat(),
        [b"\xef\xbb\xbf", &whole[..]].concat(),
        String::from_utf8(whole)
            .unwrap()
            .replacen('{', r#"{"secret":"s3cret","#, 1)
            .into_bytes(),
    ] {
        let kept = Kept::one().await;
        let path = kept.only("json");
        fs::write(&path, text).unwrap();

        assert_unusable(&kept, &path, "is damaged").await;
    }
}

#[tokio::test]
async fn a_file_is_read_to_64_kib_and_not_beyond() {
    let kept = Kept::one().await;
    let path = kept.only("json");
    let mut text = fs::read(&path).unwrap();
    text.resize(64 * 1024, b' ');

    fs::write(&path, &text).unwrap();
    let loaded = load(&kept.store).await.unwrap();
    assert_eq!(told(&loaded), told(&credential()));

    text.push(b' ');
    fs::write(&path, &text).unwrap();
    assert_unusable(&kept, &path, "is larger than 64 KiB").await;
}

proptest! {
    #[test]
    fn random_bytes_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        block_on(async {
            let kept = Kept::one().await;
            fs::write(kept.only("json"), bytes).unwrap();

            let error = kept.store.load(&key()).await.unwrap_err();

            assert!(text_of(&error).contains("is damaged"));
        });
    }

    #[test]
    fn a_byte_that_changed_is_an_error_or_is_read_as_it_is(at in any::<prop::sample::Index>(),
                                                            byte in any::<u8>()) {
        block_on(async {
            let kept = Kept::one().await;
            let path = kept.only("json");
            let mut bytes = fs::read(&path).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            fs::write(&path, &bytes).unwrap();

            match kept.store.load(&key()).await {
                Ok(loaded) => {
                    let secret = told(&loaded.unwrap()).0;
                    let secret = serde_json::to_string(&secret).unwrap();
                    assert!(String::from_utf8(bytes).unwrap().contains(&secret));
                }
                Err(error) => assert!(text_of(&error).contains(&*path.to_string_lossy())),
            }
        });
    }
}

async fn assert_changed_unusable(change: impl FnOnce(&mut Object), says: &str) {
    let kept = Kept::one().await;
    let path = kept.only("json");
    let mut file = object(&path);
    change(&mut file);
    fs::write(&path, serde_json::to_vec(&file).unwrap()).unwrap();

    assert_unusable(&kept, &path, says).await;
}

fn object(path: &Path) -> Object {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(work)
}
