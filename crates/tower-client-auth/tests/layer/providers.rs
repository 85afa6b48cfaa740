//! The handle by which credentials are looked at and changed.

use std::time::Duration;

use tokio::time::timeout;
use tower::Layer;
use tower_client_auth::{AuthErrorKind, Credential, Principal, RefreshToken};

use crate::script::{
    Api, HOUR, Memory, Op, SECOND, Source, auth, busy, client, get, hang, living, over, pass,
    secret, send, storing, succeed, token,
};

#[tokio::test(start_paused = true)]
async fn authenticate_fetches_a_credential_which_the_calls_then_use() {
    let (source, api) = (Source::new(), Api::new());
    let layer = auth(&source).build();
    let provider = layer.provider();
    let owner = provider.default_principal();

    let first = provider.authenticate(&owner).await.unwrap();
    let second = provider.authenticate(&owner).await.unwrap();
    succeed(&layer.layer(api.clone())).await;

    assert_eq!((secret(&first), first.generation()), ("token-1", 1));
    assert_eq!((secret(&second), second.generation()), ("token-1", 1));
    assert!(first.get::<RefreshToken>().is_some());
    assert_eq!(
        (source.count(), api.tokens()),
        (1, vec!["token-1".to_owned()])
    );
}

#[tokio::test(start_paused = true)]
async fn authenticate_shares_the_fetch_that_calls_wait_for() {
    let (source, api) = (Source::of([token().after(SECOND)]), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    let owner = provider.default_principal();

    let (answer, credential) = tokio::join!(send(&client, get()), provider.authenticate(&owner));

    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(secret(&credential.unwrap()), "token-1");
    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn authenticate_does_not_wait_for_a_back_off() {
    let source = Source::of([busy()]);
    let provider = auth(&source).build().provider();
    let owner = provider.default_principal();
    let error = provider.authenticate(&owner).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Unavailable);

    let credential = provider.authenticate(&owner).await.unwrap();

    assert_eq!(secret(&credential), "token-1");
}

#[tokio::test(start_paused = true)]
async fn refresh_replaces_a_credential_that_is_still_good() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    succeed(&client).await;

    let credential = provider
        .refresh(&provider.default_principal())
        .await
        .unwrap();
    succeed(&client).await;

    assert_eq!(
        (secret(&credential), credential.generation()),
        ("token-2", 2)
    );
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
    let previous = source.asked()[1].previous.clone().unwrap();
    assert_eq!(secret(&previous), "token-1");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_leaves_the_credential_in_force() {
    let (source, api) = (Source::of([token(), busy()]), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    let owner = provider.default_principal();
    succeed(&client).await;

    let error = provider.refresh(&owner).await.unwrap_err();
    let again = provider.refresh(&owner).await.unwrap_err();
    succeed(&client).await;

    for error in [error, again] {
        assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    }
    assert_eq!(source.count(), 2);
    assert_eq!(api.tokens(), ["token-1", "token-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_brings_what_has_expired_leaves_the_credential_in_force() {
    let source = Source::of([token(), living(Duration::ZERO)]);
    let api = Api::new();
    let client = client(&source, &api);
    let provider = client.provider();
    succeed(&client).await;

    let refreshed = provider.refresh(&provider.default_principal()).await;
    succeed(&client).await;

    assert_eq!(refreshed.unwrap_err().kind(), AuthErrorKind::Unavailable);
    assert_eq!(api.tokens(), ["token-1", "token-1"]);
}

#[tokio::test(start_paused = true)]
async fn while_a_refresh_runs_calls_go_on_with_the_credential_in_force() {
    let (source, api) = (Source::of([token(), hang()]), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    let owner = provider.default_principal();
    succeed(&client).await;

    assert!(timeout(SECOND, provider.refresh(&owner)).await.is_err());
    succeed(&client).await;

    assert_eq!(api.tokens(), ["token-1", "token-1"]);
}

#[tokio::test(start_paused = true)]
async fn without_a_credential_refresh_fetches_the_first() {
    let source = Source::new();
    let provider = auth(&source).build().provider();

    let credential = provider.refresh(&provider.default_principal()).await;

    assert_eq!(secret(&credential.unwrap()), "token-1");
    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn is_authenticated_knows_what_is_in_force() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    let owner = provider.default_principal();

    let before = provider.is_authenticated(&owner).await.unwrap();
    succeed(&client).await;
    let after = provider.is_authenticated(&owner).await.unwrap();
    let others = provider.is_authenticated(&Principal::new("anna")).await;
    let later = provider.is_authenticated(&owner.at_epoch(1)).await;
    pass(HOUR).await;
    let expired = provider.is_authenticated(&owner).await.unwrap();

    assert_eq!((before, after, expired), (false, true, false));
    assert!(!others.unwrap() && !later.unwrap());
    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn is_authenticated_knows_what_is_stored() {
    let source = Source::new();
    for (kept, known) in [
        (Some(Credential::new("kept").expires_in(HOUR)), true),
        (Some(Credential::new("kept")), true),
        (
            Some(Credential::new("kept").expires_in(Duration::ZERO)),
            false,
        ),
        (None, false),
    ] {
        let memory = kept.map_or_else(Memory::default, Memory::with);
        let provider = storing(&source, &memory).build().provider();
        let owner = provider.default_principal();

        assert_eq!(provider.is_authenticated(&owner).await.unwrap(), known);
        assert_eq!((source.count(), memory.log()), (0, vec![Op::Load]));
    }
}

#[tokio::test(start_paused = true)]
async fn is_authenticated_fails_where_the_store_cannot_be_asked() {
    let (source, memory) = (Source::new(), Memory::default());
    memory.fail(Op::Load, 1);
    let provider = storing(&source, &memory).build().provider();
    let owner = provider.default_principal();

    let error = provider.is_authenticated(&owner).await.unwrap_err();

    assert_eq!(error.kind(), AuthErrorKind::Store);
    assert!(!provider.is_authenticated(&owner).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_refused_credential_is_no_authentication() {
    let source = Source::of([token(), busy()]);
    let (api, memory) = (Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    api.revoke("token-1");

    drop(send(&client, get()).await);

    assert_eq!(memory.kept().as_deref(), Some("token-1"));
    let known = provider
        .is_authenticated(&provider.default_principal())
        .await;
    assert!(!known.unwrap());
}

#[tokio::test(start_paused = true)]
async fn is_authenticated_sees_what_another_process_has_renewed() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    succeed(&client).await;
    pass(HOUR).await;
    memory.put(Credential::new("theirs").expires_in(HOUR));

    let owner = provider.default_principal();
    let known = provider.is_authenticated(&owner).await;

    assert!(known.unwrap());
}

#[tokio::test(start_paused = true)]
async fn settle_waits_for_what_is_under_way_and_for_nothing_else() {
    let source = Source::of([token().after(5 * SECOND)]);
    let (api, memory) = (Api::new(), Memory::default());
    memory.delay(Op::Save, SECOND);
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    let owner = provider.default_principal();
    provider.settle(&owner).await;
    assert_eq!(api.elapsed(), Duration::ZERO);
    assert!(timeout(SECOND, send(&client, get())).await.is_err());

    provider.settle(&Principal::new("anna")).await;
    let others = api.elapsed();
    provider.settle(&owner).await;

    assert_eq!((others, api.elapsed()), (SECOND, 6 * SECOND));
    assert_eq!(memory.kept().as_deref(), Some("token-1"));
    assert_eq!(source.count(), 1);
}
