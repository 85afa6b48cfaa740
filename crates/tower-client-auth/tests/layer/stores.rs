//! A store: what is asked of it when, and what comes of its failures.

use std::time::Duration;

use tower_client_auth::{AuthErrorKind, Credential};
use tower_client_call::{Delivery, DeliveryError};

use crate::script::{
    Api, HOUR, Memory, Op, SECOND, Source, busy, fail, get, over, pass, secret, send, settle,
    storing, succeed,
};

#[tokio::test(start_paused = true)]
async fn what_is_stored_is_used_without_asking_the_source() {
    for kept in [
        Credential::new("kept").expires_in(HOUR),
        Credential::new("kept"),
    ] {
        let (source, api) = (Source::new(), Api::new());
        let memory = Memory::with(kept);
        let client = over(storing(&source, &memory), &api);

        succeed(&client).await;
        succeed(&client).await;

        assert_eq!((source.count(), memory.log()), (0, vec![Op::Load]));
        assert_eq!(api.tokens(), ["kept", "kept"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_fetch_is_made_and_saved_under_the_lock() {
    let (source, memory) = (Source::new(), Memory::default());
    let log = memory.clone();
    source.add(crate::script::made(move |credential| {
        log.note(Op::Fetch);
        credential.expires_in(HOUR)
    }));
    let client = over(storing(&source, &memory), &Api::new());

    succeed(&client).await;
    settle().await;

    let log = [
        Op::Load,
        Op::Lock,
        Op::Load,
        Op::Fetch,
        Op::Save,
        Op::Unlock,
    ];
    assert_eq!(memory.log(), log);
    assert_eq!(memory.kept().as_deref(), Some("token-1"));
}

#[tokio::test(start_paused = true)]
async fn what_is_stored_and_of_no_use_any_more_is_what_the_source_goes_on_from() {
    for rest in [Duration::ZERO, 4 * SECOND] {
        let (source, api) = (Source::new(), Api::new());
        let memory = Memory::with(Credential::new("kept").expires_in(HOUR));
        pass(HOUR - rest).await;

        succeed(&over(storing(&source, &memory), &api)).await;

        let previous = source.asked()[0].previous.clone().unwrap();
        assert_eq!(secret(&previous), "kept");
        assert_eq!(api.tokens(), ["token-1"]);
        assert_eq!(memory.kept().as_deref(), Some("token-1"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_stored_and_ends_soon_serves_while_it_is_renewed() {
    let (source, api) = (Source::new(), Api::new());
    let memory = Memory::with(Credential::new("kept").expires_in(HOUR));
    pass(HOUR - 60 * SECOND).await;
    let client = over(storing(&source, &memory), &api);

    succeed(&client).await;
    succeed(&client).await;
    settle().await;
    succeed(&client).await;

    assert_eq!(api.tokens(), ["kept", "kept", "token-1"]);
    let previous = source.asked()[0].previous.clone().unwrap();
    assert_eq!(secret(&previous), "kept");
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_be_read_fails_the_calls_and_nothing_is_overwritten() {
    let (source, api) = (Source::new(), Api::new());
    let memory = Memory::with(Credential::new("kept").expires_in(HOUR));
    memory.fail(Op::Load, 1);
    let client = over(storing(&source, &memory), &api);

    let error = send(&client, get()).await.unwrap_err();

    assert_eq!(Delivery::of(&*error), Delivery::NotSent);
    assert!(DeliveryError::is_permanent(&*error));
    let texts: Vec<_> = tower_client_call::causes(&*error)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        texts[1..],
        [
            "the stored credential could not be read or kept",
            "the store of credentials cannot be used",
            "the disk is on fire",
        ]
    );
    assert_eq!(fail(&client).await.kind(), AuthErrorKind::Store);
    assert_eq!((source.count(), memory.log()), (0, vec![Op::Load]));
    assert_eq!(memory.kept().as_deref(), Some("kept"));
}

#[tokio::test(start_paused = true)]
async fn one_that_is_repaired_is_used_after_the_back_off() {
    let (source, api) = (Source::new(), Api::new());
    let memory = Memory::with(Credential::new("kept").expires_in(HOUR));
    memory.fail(Op::Load, 1);
    let client = over(storing(&source, &memory), &api);
    fail(&client).await;

    pass(2 * SECOND).await;
    succeed(&client).await;

    assert_eq!((source.count(), api.tokens()), (0, vec!["kept".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_be_locked_fails_the_calls_and_the_source_is_not_asked() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    memory.fail(Op::Lock, 1);
    let client = over(storing(&source, &memory), &api);

    let error = fail(&client).await;

    assert_eq!(error.kind(), AuthErrorKind::Store);
    assert_eq!(source.count(), 0);
    pass(2 * SECOND).await;
    succeed(&client).await;
}

#[tokio::test(start_paused = true)]
async fn one_that_fails_under_the_lock_gives_the_lock_back() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    succeed(&client).await;
    pass(HOUR).await;
    memory.fail(Op::Load, 1);

    let error = fail(&client).await;

    assert_eq!(error.kind(), AuthErrorKind::Store);
    assert_eq!(source.count(), 1);
    pass(2 * SECOND).await;
    succeed(&client).await;
    assert_eq!(source.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn one_that_does_not_answer_is_given_up_like_a_source() {
    for op in [Op::Load, Op::Lock] {
        let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
        memory.hang(op);
        let client = over(storing(&source, &memory), &api);

        let error = fail(&client).await;

        assert_eq!(error.kind(), AuthErrorKind::Timeout);
        let shown = "the store of credentials did not answer within 30 s";
        assert_eq!(error.to_string(), shown);
        assert_eq!((api.elapsed(), source.count()), (30 * SECOND, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_another_process_holds_for_long_fails_the_calls_and_not_that_process() {
    use tower_client_auth::{CredentialKey, Persist, Principal};
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let key = CredentialKey::new(&crate::script::issuer(), &Principal::new(""));
    let lock = memory.lock(&key).await.unwrap();
    let client = over(storing(&source, &memory).fetch_timeout(3 * SECOND), &api);

    let error = fail(&client).await;

    assert_eq!(error.kind(), AuthErrorKind::Timeout);
    assert_eq!(api.elapsed(), 3 * SECOND);
    drop(lock);
    pass(2 * SECOND).await;
    succeed(&client).await;
}

#[tokio::test(start_paused = true)]
async fn a_stored_credential_serves_to_its_end_when_the_source_fails() {
    let (source, api) = (Source::of([busy()]), Api::new());
    let memory = Memory::with(Credential::new("kept").expires_in(HOUR));
    pass(HOUR - 4 * SECOND).await;

    succeed(&over(storing(&source, &memory), &api)).await;

    assert_eq!((source.count(), api.tokens()), (1, vec!["kept".to_owned()]));
}
