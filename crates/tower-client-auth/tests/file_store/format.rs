//! The names and the content of files: for ever, because other versions read them.

use std::fs;

use tower_client_auth::Credential;

use crate::common::{Kept, credential, key, load, told};

const NAME: &str = "730896fdb22b4cdd34f7f79c2f9a50741ac8018d60e22af946e5eb9fbdd8b0b7";
const CONTENT: &str = concat!(
    r#"{"version":1,"issuer":"https://login.example","realm":"eu","#,
    r#""principal":"owner@example.com","secret":"s3cret","issued":1700000000123,"#,
    r#""expires":1700003600123,"extras":{"refresh_token":"r3fresh"}}"#,
);

#[tokio::test]
async fn a_credential_is_kept_in_version_1() {
    let kept = Kept::one().await;

    let path = kept.only("json");
    assert_eq!(path, kept.dir().join(NAME).with_extension("json"));
    assert_eq!(fs::read_to_string(&path).unwrap(), CONTENT);
    let lock = kept.only("lock");
    assert_eq!(lock, kept.dir().join(NAME).with_extension("lock"));
}

#[tokio::test]
async fn version_1_is_read_whatever_its_order_and_spaces() {
    let kept = Kept::one().await;
    let text = CONTENT.replace(r#""version":1,"#, "").replace(':', " :\n");
    let text = text.replace(" :\n//", "://");
    let text = text.replace("{\"issuer\"", "{ \"version\": 1, \"issuer\"");
    fs::write(kept.only("json"), text).unwrap();

    let loaded = load(&kept.store).await.unwrap();

    assert_eq!(told(&loaded), told(&credential()));
}

#[tokio::test]
async fn what_does_not_expire_has_no_times() {
    let kept = Kept::nothing();
    kept.save(&key(), &Credential::new("s3cret")).await.unwrap();

    let text = fs::read_to_string(kept.only("json")).unwrap();

    assert!(
        text.ends_with(r#""secret":"s3cret","extras":{}}"#),
        "{text}"
    );
}
