//! One fetch for everybody.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;
use tower::ServiceExt;
use tower_client_auth::{AuthErrorKind, Credential, TokenError, source_fn};

use crate::script::{
    Api, Memory, Op, SECOND, Source, auth, client, fail, get, hang, over, panic, pass, post, send,
    settle, storing, succeed, to, token,
};

#[tokio::test(start_paused = true)]
async fn ten_thousand_waiters_share_one_fetch() {
    let (source, api) = (Source::of([token().after(SECOND)]), Api::new());
    let client = client(&source, &api);
    let mut calls = JoinSet::new();
    for _ in 0..10_000 {
        let client = client.clone();
        calls.spawn(async move { send(&client, get()).await.unwrap().status() });
    }

    let answers = calls.join_all().await;

    assert!(answers.len() == 10_000 && answers.iter().all(|status| *status == 200));
    assert_eq!(source.count(), 1);
    assert!(
        api.seen()
            .iter()
            .all(|seen| seen.token() == Some("token-1"))
    );
    assert_eq!(api.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn all_who_waited_share_one_failure() {
    let (source, api) = (
        Source::of([crate::script::busy().after(SECOND)]),
        Api::new(),
    );
    let client = client(&source, &api);
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        calls.spawn(async move { fail(&client).await.kind() });
    }

    let kinds = calls.join_all().await;

    assert!(kinds.iter().all(|kind| *kind == AuthErrorKind::Unavailable));
    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_everybody_has_left_is_kept_for_the_next_caller() {
    let source = Source::of([token().after(10 * SECOND)]);
    let (api, memory) = (Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let all = async { tokio::join!(send(&client, get()), send(&client, post())) };
    assert!(timeout(SECOND, all).await.is_err());

    pass(10 * SECOND).await;
    succeed(&client).await;

    assert_eq!(memory.kept().as_deref(), Some("token-1"));
    assert_eq!((source.count(), source.left()), (1, 0));
    assert_eq!(api.tokens(), ["token-1"]);
}

#[tokio::test(start_paused = true)]
async fn it_ends_even_when_the_layer_is_gone() {
    let source = Source::of([token().after(10 * SECOND)]);
    let memory = Memory::default();
    let client = over(storing(&source, &memory), &Api::new());
    assert!(timeout(SECOND, send(&client, get())).await.is_err());

    drop(client);
    pass(10 * SECOND).await;

    assert_eq!(memory.kept().as_deref(), Some("token-1"));
}

#[tokio::test(start_paused = true)]
async fn nobody_uses_a_credential_before_it_is_saved() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    memory.delay(Op::Save, 3 * SECOND);
    let client = over(storing(&source, &memory), &api);

    let early = timeout(2 * SECOND, send(&client, get())).await;
    let provider = client.provider();
    let known = provider
        .is_authenticated(&provider.default_principal())
        .await;

    assert!(early.is_err() && !known.unwrap());
    assert_eq!(source.count(), 1);
    succeed(&client).await;
    assert_eq!(api.seen()[0].at, 3 * SECOND);
    assert_eq!(memory.kept().as_deref(), Some("token-1"));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_fails_those_who_wait_and_is_asked_again_later() {
    let (source, api) = (Source::of([panic().after(SECOND)]), Api::new());
    let client = client(&source, &api);

    let (one, other) = tokio::join!(fail(&client), fail(&client));
    let next = fail(&client).await;

    for error in [one, other, next] {
        assert_eq!(error.kind(), AuthErrorKind::Unavailable);
        assert!(!error.is_permanent());
    }
    assert_eq!(source.count(), 1);
    pass(2 * SECOND).await;
    succeed(&client).await;
}

#[tokio::test(start_paused = true)]
async fn a_source_that_hangs_is_given_up_after_30_seconds() {
    let (source, api) = (Source::of([hang()]), Api::new());
    let client = client(&source, &api);

    let error = fail(&client).await;

    assert_eq!(error.kind(), AuthErrorKind::Timeout);
    assert!(!error.is_permanent());
    assert_eq!((api.elapsed(), source.left()), (30 * SECOND, 1));
    pass(2 * SECOND).await;
    succeed(&client).await;
}

#[tokio::test(start_paused = true)]
async fn how_long_a_source_may_take_is_a_setting() {
    let (source, api) = (Source::of([hang()]), Api::new());

    let error = fail(&over(auth(&source).fetch_timeout(2 * SECOND), &api)).await;

    assert_eq!(error.kind(), AuthErrorKind::Timeout);
    assert_eq!(error.to_string(), "no credential was obtained within 2 s");
    assert_eq!(api.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_source_may_sign_in_through_the_same_service_below() {
    let api = Api::new();
    let limited = tower::limit::ConcurrencyLimit::new(api.clone(), 1);
    let below = limited.clone();
    let source = source_fn(move |_, _| {
        let below = below.clone();
        async move {
            let answered = below.oneshot(to("https://login.example/")).await;
            answered.map_err(TokenError::transient)?;
            Ok(Credential::new("token-s").expires_in(20 * SECOND))
        }
    });
    let client = over(auth(&std::sync::Arc::new(source)), &limited);

    // The first, a renewal in the background, and one that is waited for.
    for wait in [Duration::ZERO, 12 * SECOND, 17 * SECOND] {
        pass(wait).await;
        let answered = timeout(20 * SECOND, send(&client, get())).await;
        assert_eq!(answered.expect("a deadlock").unwrap().status(), 200);
        settle().await;
    }

    assert_eq!(
        api.tokens(),
        ["none", "token-s", "token-s", "none", "none", "token-s"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_source_may_sign_in_through_the_same_service_after_a_refusal() {
    let api = Api::of([crate::script::answer(401)]);
    let limited = tower::limit::ConcurrencyLimit::new(api.clone(), 1);
    let below = limited.clone();
    let logins = std::sync::atomic::AtomicU32::new(0);
    let source = source_fn(move |_, _| {
        let below = below.clone();
        let login = logins.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async move {
            if login > 0 {
                let answered = below.oneshot(to("https://login.example/")).await;
                answered.map_err(TokenError::transient)?;
            }
            Ok(Credential::new(format!("token-{login}")))
        }
    });
    let client = over(auth(&std::sync::Arc::new(source)), &limited);

    let answered = timeout(20 * SECOND, send(&client, get())).await;

    assert_eq!(answered.expect("a deadlock").unwrap().status(), 200);
    assert_eq!(api.tokens(), ["token-0", "none", "token-1"]);
}
