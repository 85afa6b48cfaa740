//! Logout: an epoch ends.

use tokio::time::timeout;
use tower_client_auth::{AuthErrorKind, Credential, Principal};
use tower_client_call::{Delivery, DeliveryError};

use crate::script::{
    Api, Memory, Op, SECOND, Source, auth_error, busy, client, get, hang, kind_of, named, of, over,
    pass, secret, send, settle, storing, succeed, token,
};

#[tokio::test(start_paused = true)]
async fn it_bumps_the_epoch_and_the_credential_is_forgotten_here_and_in_the_store() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    succeed(&client).await;

    let owner = provider
        .logout(&provider.default_principal())
        .await
        .unwrap();

    assert_eq!(owner, Principal::new("").at_epoch(1));
    assert_eq!(provider.default_principal(), owner);
    assert!(!provider.is_authenticated(&owner).await.unwrap());
    assert_eq!(memory.kept(), None);
    assert_eq!(memory.log()[5..8], [Op::Lock, Op::Remove, Op::Unlock]);
}

#[tokio::test(start_paused = true)]
async fn calls_of_the_old_epoch_fail_and_those_of_the_new_sign_in_afresh() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let old = Principal::new("anna");
    send(&client, of(&old)).await.unwrap();
    let new = client.provider().logout(&old).await.unwrap();

    let error = send(&client, of(&old)).await.unwrap_err();
    send(&client, of(&new)).await.unwrap();
    let late = send(&client, of(&old)).await;

    assert_eq!(Delivery::of(&*error), Delivery::NotSent);
    assert!(DeliveryError::is_permanent(&*error));
    for answer in [Err(error), late] {
        assert_eq!(kind_of(answer), AuthErrorKind::SignedOut);
    }
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
    assert!(source.asked()[1].previous.is_none());
    assert_eq!(source.asked()[1].principal, new);
}

#[tokio::test(start_paused = true)]
async fn a_fetch_under_way_is_neither_used_nor_stored() {
    let source = Source::of([token().after(10 * SECOND)]);
    let (api, memory) = (Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    let old = Principal::new("anna");
    let mut waiting = Box::pin(send(&client, of(&old)));
    assert!(timeout(SECOND, &mut waiting).await.is_err());

    let (new, waited) = tokio::join!(provider.logout(&old), waiting);
    pass(20 * SECOND).await;

    assert_eq!(kind_of(waited), AuthErrorKind::SignedOut);
    assert_eq!((memory.kept_of("anna"), memory.count(Op::Save)), (None, 0));
    send(&client, of(&new.unwrap())).await.unwrap();
    assert_eq!(api.tokens(), ["token-2"]);
}

#[tokio::test(start_paused = true)]
async fn who_waits_without_an_epoch_gets_the_next_ones_credential() {
    let source = Source::of([named("old").after(10 * SECOND), named("new")]);
    let api = Api::new();
    let client = client(&source, &api);
    let provider = client.provider();
    let mut waiting = Box::pin(send(&client, get()));
    assert!(timeout(SECOND, &mut waiting).await.is_err());

    provider
        .logout(&provider.default_principal())
        .await
        .unwrap();
    waiting.await.unwrap();

    pass(20 * SECOND).await;
    succeed(&client).await;

    assert_eq!(api.tokens(), ["new", "new"]);
    assert_eq!(source.asked()[1].principal.epoch(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_refused_after_it_is_not_replayed_in_the_new_epoch() {
    let (source, api) = (
        Source::new(),
        Api::of([crate::script::answer(401).after(SECOND)]),
    );
    let client = client(&source, &api);
    let old = Principal::new("anna");
    let mut waiting = Box::pin(send(&client, of(&old)));
    assert!(timeout(SECOND / 2, &mut waiting).await.is_err());

    client.provider().logout(&old).await.unwrap();

    assert_eq!(kind_of(waiting.await), AuthErrorKind::SignedOut);
    assert_eq!((source.count(), api.seen().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_request_of_the_old_epoch_is_not_sent_again_for_the_new() {
    let api = Api::of([crate::script::answer(401).after(5 * SECOND)]);
    let source = Source::new();
    let client = client(&source, &api);
    let provider = client.provider();
    let mut late = Box::pin(send(&client, get()));
    assert!(timeout(SECOND, &mut late).await.is_err());
    let old = provider.default_principal();
    provider.logout(&old).await.unwrap();
    succeed(&client).await;

    // The next may be somebody else.
    assert_eq!(kind_of(late.await), AuthErrorKind::SignedOut);
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
    succeed(&client).await;
    assert_eq!(source.count(), 2, "token-2 was not refused");
}

#[tokio::test(start_paused = true)]
async fn who_hears_late_of_a_failure_does_not_get_the_new_epochs_credential() {
    let source = Source::of([busy().after(2 * SECOND)]);
    let api = Api::new();
    let client = client(&source, &api);
    let provider = client.provider();
    let old = Principal::new("anna");
    let mut waiting = Box::pin(send(&client, of(&old)));
    assert!(timeout(SECOND, &mut waiting).await.is_err());
    pass(2 * SECOND).await;
    let new = provider.logout(&old).await.unwrap();
    provider.authenticate(&new).await.unwrap();

    let answer = waiting.await;

    assert!(answer.is_err());
    assert_eq!(api.seen().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_forget_is_an_error_and_its_credential_is_not_used_again() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    succeed(&client).await;
    memory.fail(Op::Remove, 1);

    let error = provider
        .logout(&provider.default_principal())
        .await
        .unwrap_err();

    assert_eq!(error.kind(), AuthErrorKind::Store);
    assert_eq!(memory.kept().as_deref(), Some("token-1"));
    let owner = provider.default_principal();
    assert_eq!(owner.epoch(), 1);
    assert!(!provider.is_authenticated(&owner).await.unwrap());
    pass(2 * SECOND).await;
    succeed(&client).await;
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
    assert_eq!(memory.kept().as_deref(), Some("token-2"));
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_forgotten_is_not_used_even_when_the_source_fails() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    succeed(&client).await;
    memory.fail(Op::Remove, 1);
    drop(provider.logout(&provider.default_principal()).await);
    source.add(busy());
    pass(2 * SECOND).await;

    let answer = send(&client, get()).await;

    assert_eq!(auth_error(answer).kind(), AuthErrorKind::Unavailable);
    assert!(source.asked()[1].previous.is_none());
}

#[tokio::test(start_paused = true)]
async fn it_is_forgotten_also_when_the_caller_leaves() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    memory.delay(Op::Remove, 5 * SECOND);
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    let old = provider.default_principal();
    succeed(&client).await;

    assert!(timeout(SECOND, provider.logout(&old)).await.is_err());
    pass(5 * SECOND).await;

    assert_eq!(memory.kept(), None);
    assert_eq!(provider.default_principal().epoch(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_was_never_signed_in_may_sign_out() {
    let (source, memory) = (Source::new(), Memory::default());
    let client = over(storing(&source, &memory), &Api::new());
    let anna = Principal::new("anna");

    let new = client.provider().logout(&anna).await.unwrap();
    settle().await;

    assert_eq!(new.epoch(), 1);
    assert_eq!((source.count(), memory.count(Op::Remove)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn who_waits_when_the_principal_signs_out_is_told_at_once() {
    let (source, api) = (Source::of([hang()]), Api::new());
    let client = client(&source, &api);
    let anna = Principal::new("anna");
    let mut waiting = Box::pin(send(&client, of(&anna)));
    assert!(timeout(SECOND, &mut waiting).await.is_err());

    client.provider().logout(&anna).await.unwrap();
    let answer = waiting.await;

    assert_eq!(kind_of(answer), AuthErrorKind::SignedOut);
    assert_eq!(api.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_removed_is_not_adopted_when_nothing_could_be_stored_either() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    succeed(&client).await;
    memory.fail(Op::Remove, 1);
    memory.fail(Op::Save, 3);
    let logout = provider.logout(&provider.default_principal()).await;
    assert!(logout.is_err());
    succeed(&client).await;
    assert_eq!(memory.kept().as_deref(), Some("token-1"));

    let next = provider.refresh(&provider.default_principal()).await;

    assert_eq!(secret(&next.unwrap()), "token-3");
    assert_eq!(memory.kept().as_deref(), Some("token-3"));
}

#[tokio::test(start_paused = true)]
async fn a_logout_whose_turn_comes_after_a_set_removes_nothing() {
    let (source, memory) = (Source::new(), Memory::default());
    let provider = storing(&source, &memory).build().provider();
    let old = provider.default_principal();
    memory.delay(Op::Lock, 5 * SECOND);
    assert!(timeout(SECOND, provider.logout(&old)).await.is_err());
    memory.delay(Op::Lock, SECOND - SECOND);
    let new = provider.default_principal();

    provider
        .set(&new, Credential::new("brought"))
        .await
        .unwrap();
    pass(10 * SECOND).await;

    assert_eq!(memory.kept().as_deref(), Some("brought"));
    assert_eq!((memory.count(Op::Remove), memory.count(Op::Unlock)), (0, 2));
}
