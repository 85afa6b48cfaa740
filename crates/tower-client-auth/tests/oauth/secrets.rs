//! Nothing that is shown has a secret.

use tower_client_auth::oauth::{ClientCredentialsGrant, OAuthClient, RefreshTokenGrant};
use tower_client_auth::{AuthLayer, Origins, TokenSource};

use crate::login::{Login, answer, owner};

#[tokio::test]
async fn debug_shows_no_secret() {
    let endpoint = "https://login.example/token?key=s3cret";
    let builder = || {
        OAuthClient::builder(endpoint, "app")
            .parameter("assertion", "s3cret")
            .scope("trips")
    };
    let header = builder().client_secret("s3cret");
    let body = builder().client_secret_in_body("s3cret");
    let mut shown = format!("{header:?} {body:?}");
    for client in [header.build().unwrap(), body.build().unwrap()] {
        let login = Login::of([Ok(answer(200, r#"{"access_token":"s3cret"}"#))]);
        let refresh = RefreshTokenGrant::new(login.clone(), client.clone());
        let refresh = refresh.initial_token(&owner(), "s3cret");
        let own = ClientCredentialsGrant::new(Login::of([]), client.clone());
        let credential = refresh.fetch(&owner(), None).await.unwrap();
        shown += &format!("{client:?} {refresh:?} {own:?} {credential:?}");
        shown += &format!("{:?}", login.headers(0));
        let origins = Origins::new(["https://api.example"]).unwrap();
        shown += &format!("{:?}", AuthLayer::new(refresh, origins));
    }

    assert!(shown.contains("https://login.example/token"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
    // base64 of "app:s3cret".
    assert!(!shown.contains("YXBwOnMzY3JldA"), "{shown}");
}
