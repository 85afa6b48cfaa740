//! Which token is exchanged, for whom, and by which services.

use std::time::Duration;

use tower::buffer::Buffer;
use tower::limit::ConcurrencyLimit;
use tower_client_auth::oauth::{ClientCredentialsGrant, OAuthErrorKind, RefreshTokenGrant};
use tower_client_auth::{Credential, Principal, RefreshToken, TokenSource};

use crate::login::{Login, answer, oauth, owner, public_client, refresh_token_of, secret_of};

#[tokio::test(start_paused = true)]
async fn each_refresh_goes_on_from_what_the_last_one_brought() {
    let rotated = r#"{"access_token":"1","refresh_token":"first"}"#;
    let kept = r#"{"access_token":"2"}"#;
    let login = Login::of([rotated, kept, kept].map(|body| Ok(answer(200, body))));
    let source = source(&login).initial_token(&owner(), "initial");

    let mut last = None;
    for _ in 0..3 {
        last = Some(source.fetch(&owner(), last.as_ref()).await.unwrap());
    }

    for (number, sent) in ["initial", "first", "first"].iter().enumerate() {
        let expected = format!("refresh_token={sent}&");
        assert!(login.form(number).await.contains(&expected), "{number}");
    }
    assert_eq!(refresh_token_of(&last.unwrap()).as_deref(), Some("first"));
}

#[tokio::test(start_paused = true)]
async fn a_remembered_token_comes_before_the_initial_one() {
    let login = Login::of([Ok(answer(200, r#"{"access_token":"t"}"#))]);
    let source = source(&login).initial_token(&owner(), "initial");
    let previous = Credential::new("old").with(RefreshToken::from("remembered"));

    source.fetch(&owner(), Some(&previous)).await.unwrap();

    let form = login.form(0).await;
    assert!(form.contains("refresh_token=remembered&"), "{form}");
}

#[tokio::test(start_paused = true)]
async fn without_a_refresh_token_nothing_is_sent() {
    let login = Login::of([]);
    let source = source(&login);
    for previous in [None, Some(&Credential::new("old"))] {
        let error = source.fetch(&owner(), previous).await.unwrap_err();

        assert!(error.is_permanent());
        assert_eq!(oauth(&error).kind(), OAuthErrorKind::NotSignedIn);
        assert_eq!(
            oauth(&error).to_string(),
            "there is no refresh token: sign in first"
        );
    }
    assert_eq!(login.asked(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_initial_token_signs_in_nobody_else_and_nobody_after_a_logout() {
    let login = Login::of([]);
    let source = source(&login).initial_token(&owner(), "initial");
    for other in [Principal::new("guest"), owner().at_epoch(1)] {
        let error = source.fetch(&other, None).await.unwrap_err();

        assert_eq!(oauth(&error).kind(), OAuthErrorKind::NotSignedIn);
    }
    assert_eq!(login.asked(), 0);
}

#[tokio::test(start_paused = true)]
async fn client_credentials_ignore_what_was_and_keep_no_refresh_token() {
    let body = r#"{"access_token":"t","expires_in":"60","refresh_token":"r"}"#;
    let login = Login::of([Ok(answer(200, body))]);
    let source = ClientCredentialsGrant::new(login.clone(), public_client());
    let previous = Credential::new("old").with(RefreshToken::from("remembered"));

    let credential = source.fetch(&owner(), Some(&previous)).await.unwrap();

    assert_eq!(secret_of(&credential), "t");
    assert!(credential.remaining() > Some(Duration::from_secs(50)));
    assert_eq!(refresh_token_of(&credential), None);
    let form = login.form(0).await;
    assert_eq!(form, "grant_type=client_credentials&client_id=app");
}

#[tokio::test(start_paused = true)]
async fn services_that_have_to_be_ready_first_are_waited_for() {
    let granted = || Ok(answer(200, r#"{"access_token":"t"}"#));
    let login = Login::of([granted(), granted(), granted(), granted()]);
    let limited = ConcurrencyLimit::new(login.clone(), 1);
    let buffered = Buffer::new(limited.clone(), 1);
    let limited = RefreshTokenGrant::new(limited, public_client()).initial_token(&owner(), "r");
    let buffered = ClientCredentialsGrant::new(buffered, public_client());

    for _ in 0..2 {
        limited.fetch(&owner(), None).await.unwrap();
        buffered.fetch(&owner(), None).await.unwrap();
    }

    assert_eq!(login.asked(), 4);
}

fn source(login: &Login) -> RefreshTokenGrant<Login> {
    RefreshTokenGrant::new(login.clone(), public_client())
}
