//! Calls and credentials of one epoch among those of another.

use tower::Layer;
use tower_client_auth::{AuthErrorKind, Principal};

use crate::script::{
    Api, HOUR, Memory, Source, client, fail, kind_of, of, over, pass, refusal, send, storing,
};

#[tokio::test(start_paused = true)]
async fn a_newer_epoch_gets_a_credential_of_its_own_and_ends_the_older() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let old = Principal::new("anna");
    let new = old.at_epoch(3);
    send(&client, of(&old)).await.unwrap();

    send(&client, of(&new)).await.unwrap();
    let late = send(&client, of(&old)).await;
    send(&client, of(&new)).await.unwrap();

    assert_eq!(kind_of(late), AuthErrorKind::SignedOut);
    assert_eq!(api.tokens(), ["token-1", "token-2", "token-2"]);
    assert!(source.asked()[1].previous.is_none());
    assert_eq!(source.asked()[1].principal, new);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_begins_in_a_later_epoch_uses_what_that_one_stored() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let anna = Principal::new("anna").at_epoch(3);
    send(&over(storing(&source, &memory), &api), of(&anna))
        .await
        .unwrap();

    let next = storing(&source, &memory).build().layer(api.clone());
    send(&next, of(&anna)).await.unwrap();

    assert_eq!(source.count(), 1);
    assert_eq!(api.tokens(), ["token-1", "token-1"]);
}

#[tokio::test(start_paused = true)]
async fn what_an_older_epoch_stored_is_not_used_by_a_newer() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let old = Principal::new("anna");
    send(&client, of(&old)).await.unwrap();

    send(&client, of(&old.at_epoch(1))).await.unwrap();

    assert_eq!(api.tokens(), ["token-1", "token-2"]);
    assert_eq!(memory.kept_of("anna").as_deref(), Some("token-2"));
    pass(HOUR).await;
    send(&client, of(&old.at_epoch(1))).await.unwrap();
    let previous = source.asked()[2].previous.clone().unwrap();
    assert_eq!(crate::script::secret(&previous), "token-2");
}

#[tokio::test(start_paused = true)]
async fn logout_of_a_newer_epoch_ends_that_one() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let anna = Principal::new("anna");
    send(&client, of(&anna)).await.unwrap();

    let next = client.provider().logout(&anna.at_epoch(5)).await.unwrap();

    assert_eq!(next.epoch(), 6);
    assert_eq!(
        kind_of(send(&client, of(&anna.at_epoch(5))).await),
        AuthErrorKind::SignedOut
    );
}

#[tokio::test(start_paused = true)]
async fn logout_of_an_epoch_that_has_ended_leaves_the_next_alone() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let anna = Principal::new("anna");
    let provider = client.provider();
    let next = provider.logout(&anna).await.unwrap();
    send(&client, of(&next)).await.unwrap();

    // As by a second window.
    let again = provider.logout(&anna).await.unwrap();

    assert_eq!(again, next);
    assert!(provider.is_authenticated(&next).await.unwrap());
    send(&client, of(&next)).await.unwrap();
    assert_eq!(api.tokens(), ["token-1", "token-1"]);
}

#[tokio::test(start_paused = true)]
async fn one_that_has_ended_does_not_end_a_refusal_for_good_of_the_next() {
    let (source, api) = (Source::of([refusal(), refusal()]), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    let old = provider.default_principal();
    let new = provider.logout(&old).await.unwrap();
    provider.authenticate(&new).await.unwrap_err();

    let late = provider.authenticate(&old).await.unwrap_err();

    assert_eq!(late.kind(), AuthErrorKind::SignedOut);
    assert_eq!(fail(&client).await.kind(), AuthErrorKind::Refused);
    assert_eq!(source.count(), 1);
}
