//! A source that refuses for good.

use std::time::Duration;

use tower_client_auth::{AuthErrorKind, Credential};

use crate::script::{
    Api, HOUR, Memory, Op, SECOND, Source, auth, client, fail, get, over, pass, refusal, secret,
    send, settle, storing, succeed, token,
};

#[tokio::test(start_paused = true)]
async fn after_a_refusal_for_good_calls_fail_at_once_and_nobody_is_asked() {
    let (source, api) = (Source::of([refusal()]), Api::new());
    let client = client(&source, &api);

    for _ in 0..100 {
        let before = api.elapsed();
        assert_eq!(fail(&client).await.kind(), AuthErrorKind::Refused);
        assert_eq!(api.elapsed(), before);
        pass(HOUR).await;
    }

    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_for_good_in_the_background_lets_the_old_credential_serve_to_its_end() {
    let (source, api) = (Source::of([token(), refusal()]), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;
    pass(HOUR - 300 * SECOND).await;

    for _ in 0..99 {
        succeed(&client).await;
        settle().await;
        pass(3 * SECOND).await;
    }
    pass(3 * SECOND).await;

    assert_eq!(fail(&client).await.kind(), AuthErrorKind::Refused);
    assert_eq!(source.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn whoever_says_that_the_credentials_changed_ends_a_refusal_for_good() {
    for way in 0..3 {
        let (source, api) = (Source::of([refusal()]), Api::new());
        let client = over(auth(&source), &api);
        let provider = client.provider();
        let owner = provider.default_principal();
        assert_eq!(fail(&client).await.kind(), AuthErrorKind::Refused);

        match way {
            0 => drop(provider.authenticate(&owner).await.unwrap()),
            1 => provider
                .set(&owner, Credential::new("brought"))
                .await
                .unwrap(),
            _ => drop(provider.logout(&owner).await.unwrap()),
        }

        succeed(&client).await;
        let asked = if way == 1 { 1 } else { 2 };
        assert_eq!(source.count(), asked, "{way}");
    }
}

#[tokio::test(start_paused = true)]
async fn refresh_does_not_end_a_refusal_for_good() {
    let (source, api) = (Source::of([refusal()]), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    fail(&client).await;

    let error = provider.refresh(&provider.default_principal()).await;

    assert_eq!(error.unwrap_err().kind(), AuthErrorKind::Refused);
    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_for_good_ends_when_another_has_signed_in() {
    let (source, api) = (Source::of([refusal()]), Api::new());
    let memory = Memory::default();
    let client = over(storing(&source, &memory), &api);
    fail(&client).await;
    pass(60 * SECOND).await;
    // Nothing there yet: looked at once a minute.
    for _ in 0..3 {
        assert_eq!(fail(&client).await.kind(), AuthErrorKind::Refused);
    }
    let looked = memory.count(Op::Load);
    memory.put(Credential::new("theirs").expires_in(HOUR));

    let early = fail(&client).await;
    pass(60 * SECOND).await;
    succeed(&client).await;

    assert_eq!(looked, 3);
    assert_eq!(early.kind(), AuthErrorKind::Refused);
    assert_eq!(
        (source.count(), api.tokens()),
        (1, vec!["theirs".to_owned()])
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_there_when_the_source_refused_is_no_news() {
    let source = Source::of([token(), refusal()]);
    let (api, memory) = (Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    succeed(&client).await;
    api.revoke("token-1");
    drop(send(&client, get()).await);

    for _ in 0..5 {
        pass(60 * SECOND).await;
        assert_eq!(fail(&client).await.kind(), AuthErrorKind::Refused);
        settle().await;
    }

    assert_eq!(source.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_the_source_was_asked_with_in_vain_is_no_news_either() {
    let source = Source::of(std::iter::repeat_with(refusal).take(10));
    let memory = Memory::with(Credential::new("kept").expires_in(Duration::ZERO));
    let client = over(storing(&source, &memory), &Api::new());

    for _ in 0..10 {
        assert_eq!(fail(&client).await.kind(), AuthErrorKind::Refused);
        pass(60 * SECOND).await;
    }

    let previous = source.asked()[0].previous.clone().unwrap();
    assert_eq!((secret(&previous), source.count()), ("kept", 1));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_be_looked_into_does_not_end_it() {
    let (source, memory) = (Source::of([refusal()]), Memory::default());
    let client = over(storing(&source, &memory), &Api::new());
    fail(&client).await;
    memory.fail(Op::Load, 1);
    pass(60 * SECOND).await;

    let looked = fail(&client).await;
    pass(2 * SECOND).await;
    let later = fail(&client).await;

    for error in [looked, later] {
        assert_eq!(error.kind(), AuthErrorKind::Refused);
    }
    assert_eq!((source.count(), memory.count(Op::Load)), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn a_set_that_failed_does_not_end_it() {
    for brought in ["brought", "two\nlines"] {
        let (source, memory) = (Source::of([refusal()]), Memory::default());
        let client = over(storing(&source, &memory), &Api::new());
        let provider = client.provider();
        fail(&client).await;
        memory.fail(Op::Save, 1);

        let set = provider
            .set(&provider.default_principal(), Credential::new(brought))
            .await;
        pass(2 * SECOND).await;

        assert!(set.is_err());
        assert_eq!(fail(&client).await.kind(), AuthErrorKind::Refused);
        assert_eq!(source.count(), 1);
    }
}
